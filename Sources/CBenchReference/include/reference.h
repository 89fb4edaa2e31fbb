// What the engine is measured against, in C, without anything in between: bare SQLite, and SQLite's session extension.
#ifndef UNKNOT_BENCH_REFERENCE_H
#define UNKNOT_BENCH_REFERENCE_H

#include <stdint.h>

// One record of workload W.
typedef struct {
  uint8_t id[16];      // time-ordered
  int64_t time;        // ms since 1970 UTC
  const char *kind;    // 12 characters
  const char *side;
  int32_t minutes;
  int32_t rating;      // 0-10
  char note[32];       // 30 characters
} w_record;

void w_record_at(uint32_t index, w_record *record);

// Which records the two devices edit without having seen each other: 0 no edit, 1 the rating, 2 the note.
int w_edit_of_a(uint32_t index);
int w_edit_of_b(uint32_t index);
// 32 bytes or more.
void w_note_of_b(uint32_t index, char *note);

double w_seconds(void);

// Each of these gives the seconds that it took, or -1 with its reason on stderr. `pragmas` is run on opening.

// The records in a table, 1,000 to a transaction; with_log: and a log row each, with the whole record as bytes.
double reference_write(const char *database, const char *pragmas, uint32_t count, int with_log);

// The session extension: the same table, written while a session listens; then its changeset to a file.
// seconds[0] writing, seconds[1] the changeset, written and synced. device: 0 writes the records, 1 and 2 edit them.
int session_write(
    const char *database, const char *pragmas, uint32_t count, int device, const char *file, double seconds[2]);
// Applies a changeset. conflicts: how often its conflict handler was asked.
double session_apply(const char *database, const char *pragmas, const char *file, int64_t *conflicts);

#endif
