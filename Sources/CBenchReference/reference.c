#include "reference.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// MARK: Workload W

static uint64_t mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

static const char *const kinds[8] = {"swedish_back", "deep_tissue1", "foot_reflex_", "neck_release",
                                     "trigger_pnt_", "sports_legs_", "thai_stretch", "hot_stone_01"};
static const char *const sides[3] = {"left", "right", "both"};
static const char *const words[32] = {
    "tight", "sore",   "relaxed", "stiff", "warm",    "tender", "knot",     "spasm", "mild",  "sharp", "dull",
    "ache",  "after",  "before",  "walk",  "run",     "sleep",  "desk",     "lifting", "better", "worse", "same",
    "pressure", "light", "firm",  "slow",  "fast",    "breath", "stretch",  "heat",  "ice",   "rest"};

void w_record_at(uint32_t index, w_record *record) {
  uint64_t high = mix(2ull * index + 1), low = mix(2ull * index + 2);
  uint64_t c = mix(0xABCDEF00000000ull + index), d = mix(0x12345600000000ull + index);
  record->time = 1700000000000ll + (int64_t)index * 60000 + (int64_t)(c % 60000);
  memcpy(record->id, &high, 8);
  memcpy(record->id + 8, &low, 8);
  for (int byte = 0; byte < 6; byte++) record->id[byte] = (uint8_t)(record->time >> (40 - 8 * byte));
  record->id[6] = 0x70 | (record->id[6] & 15);
  record->id[8] = 0x80 | (record->id[8] & 63);
  record->kind = kinds[c >> 61];
  record->side = sides[(c >> 40) % 3];
  record->minutes = 10 + (int32_t)((c >> 20) % 81);
  record->rating = (int32_t)((c >> 30) % 11);
  char text[64];
  size_t length = 0;
  while (length < 30) {
    const char *word = words[d & 31];
    d >>= 5;
    size_t size = strlen(word);
    memcpy(text + length, word, size);
    length += size;
    text[length++] = ' ';
  }
  memcpy(record->note, text, 30);
  record->note[30] = 0;
}

int w_edit_of_a(uint32_t index) { return index % 5 == 0 ? 1 : 0; }

int w_edit_of_b(uint32_t index) {
  if (index % 20 == 0) return 1;
  return index % 20 == 10 || index % 10 == 1 ? 2 : 0;
}

void w_note_of_b(uint32_t index, char *note) { snprintf(note, 32, "edited on device B rec %06u", index); }

double w_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// MARK: SQLite

static const char *const table =
    "CREATE TABLE IF NOT EXISTS rec (id BLOB PRIMARY KEY NOT NULL, ts INTEGER, kind TEXT, side TEXT,"
    " minutes INTEGER, rating INTEGER, note TEXT) WITHOUT ROWID";

static int failed(sqlite3 *database, const char *what) {
  fprintf(stderr, "error: %s: %s\n", what, database ? sqlite3_errmsg(database) : "no database");
  return 0;
}

static int run(sqlite3 *database, const char *sql) {
  return sqlite3_exec(database, sql, 0, 0, 0) == SQLITE_OK || failed(database, sql);
}

static sqlite3 *opened(const char *path, const char *pragmas) {
  sqlite3 *database = 0;
  if (sqlite3_open(path, &database) != SQLITE_OK || !run(database, pragmas) || !run(database, table)) {
    failed(database, path);
    sqlite3_close(database);
    return 0;
  }
  return database;
}

static sqlite3_stmt *prepared(sqlite3 *database, const char *sql) {
  sqlite3_stmt *statement = 0;
  if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, 0) != SQLITE_OK) {
    failed(database, sql);
  }
  return statement;
}

static int step(sqlite3 *database, sqlite3_stmt *statement) {
  int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  return code == SQLITE_DONE || failed(database, "step");
}

static void bind(sqlite3_stmt *statement, const w_record *record) {
  sqlite3_bind_blob(statement, 1, record->id, 16, SQLITE_STATIC);
  sqlite3_bind_int64(statement, 2, record->time);
  sqlite3_bind_text(statement, 3, record->kind, -1, SQLITE_STATIC);
  sqlite3_bind_text(statement, 4, record->side, -1, SQLITE_STATIC);
  sqlite3_bind_int(statement, 5, record->minutes);
  sqlite3_bind_int(statement, 6, record->rating);
  sqlite3_bind_text(statement, 7, record->note, -1, SQLITE_STATIC);
}

// The whole record as bytes, for the log.
static int packed(const w_record *record, uint8_t *bytes) {
  uint8_t *end = bytes;
  memcpy(end, record->id, 16);
  memcpy(end + 16, &record->time, 8);
  end += 24;
  *end++ = (uint8_t)record->minutes;
  *end++ = (uint8_t)record->rating;
  const char *texts[3] = {record->kind, record->side, record->note};
  for (int index = 0; index < 3; index++) {
    size_t size = strlen(texts[index]);
    *end++ = (uint8_t)size;
    memcpy(end, texts[index], size);
    end += size;
  }
  return (int)(end - bytes);
}

static const char *const insert =
    "INSERT INTO rec (id, ts, kind, side, minutes, rating, note) VALUES (?, ?, ?, ?, ?, ?, ?)";

static int write_records(sqlite3 *database, uint32_t count, int with_log) {
  sqlite3_stmt *record_row = prepared(database, insert), *log_row = 0;
  if (with_log) log_row = prepared(database, "INSERT INTO log (id, op, payload, vc) VALUES (?, 1, ?, ?)");
  int good = record_row && (!with_log || log_row) && run(database, "BEGIN");
  for (uint32_t index = 0; good && index < count; index++) {
    w_record record;
    w_record_at(index, &record);
    bind(record_row, &record);
    good = step(database, record_row);
    if (good && with_log) {
      uint8_t bytes[256];
      uint64_t clock[3] = {1, index, 0};
      sqlite3_bind_blob(log_row, 1, record.id, 16, SQLITE_STATIC);
      sqlite3_bind_blob(log_row, 2, bytes, packed(&record, bytes), SQLITE_STATIC);
      sqlite3_bind_blob(log_row, 3, clock, 24, SQLITE_STATIC);
      good = step(database, log_row);
    }
    if (good && (index + 1) % 1000 == 0 && index + 1 < count) {
      good = run(database, "COMMIT") && run(database, "BEGIN");
    }
  }
  good = good && run(database, "COMMIT");
  sqlite3_finalize(record_row);
  sqlite3_finalize(log_row);
  return good;
}

double reference_write(const char *path, const char *pragmas, uint32_t count, int with_log) {
  sqlite3 *database = opened(path, pragmas);
  if (!database) return -1;
  int good = !with_log
      || run(database, "CREATE TABLE log (seq INTEGER PRIMARY KEY, id BLOB, op INTEGER, payload BLOB, vc BLOB)");
  double start = w_seconds();
  good = good && write_records(database, count, with_log);
  double seconds = w_seconds() - start;
  sqlite3_close(database);
  return good ? seconds : -1;
}

static int edit_records(sqlite3 *database, uint32_t count, int device) {
  sqlite3_stmt *rating = prepared(database, "UPDATE rec SET rating = (rating + ?2) % 11 WHERE id = ?1");
  sqlite3_stmt *note = prepared(database, "UPDATE rec SET note = ?2 WHERE id = ?1");
  int good = rating && note && run(database, "BEGIN");
  uint32_t edits = 0;
  for (uint32_t index = 0; good && index < count; index++) {
    int edit = device == 1 ? w_edit_of_a(index) : w_edit_of_b(index);
    if (!edit) continue;
    w_record record;
    char text[32];
    w_record_at(index, &record);
    sqlite3_stmt *statement = edit == 1 ? rating : note;
    sqlite3_bind_blob(statement, 1, record.id, 16, SQLITE_STATIC);
    if (edit == 1) {
      sqlite3_bind_int(statement, 2, device == 1 ? 3 : 5);
    } else {
      w_note_of_b(index, text);
      sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
    }
    good = step(database, statement);
    if (good && ++edits % 1000 == 0) good = run(database, "COMMIT") && run(database, "BEGIN");
  }
  good = good && run(database, "COMMIT");
  sqlite3_finalize(rating);
  sqlite3_finalize(note);
  return good;
}

// MARK: Session extension

static int write_file(const char *path, const void *bytes, size_t size) {
  int descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);
  size_t done = 0;
  while (descriptor >= 0 && done < size) {
    ssize_t count = write(descriptor, (const char *)bytes + done, size - done);
    if (count < 0) break;
    done += (size_t)count;
  }
  int good = descriptor >= 0 && done == size && fsync(descriptor) == 0;
  if (descriptor >= 0) close(descriptor);
  if (!good) perror(path);
  return good;
}

int session_write(
    const char *path, const char *pragmas, uint32_t count, int device, const char *file, double seconds[2]) {
  sqlite3 *database = opened(path, pragmas);
  if (!database) return 0;
  sqlite3_session *session = 0;
  int good = sqlite3session_create(database, "main", &session) == SQLITE_OK
      && sqlite3session_attach(session, "rec") == SQLITE_OK;
  double start = w_seconds();
  good = good && (device == 0 ? write_records(database, count, 0) : edit_records(database, count, device));
  seconds[0] = w_seconds() - start;
  start = w_seconds();
  int size = 0;
  void *bytes = 0;
  good = good && sqlite3session_changeset(session, &size, &bytes) == SQLITE_OK
      && write_file(file, bytes, (size_t)size);
  seconds[1] = w_seconds() - start;
  sqlite3_free(bytes);
  if (session) sqlite3session_delete(session);
  sqlite3_close(database);
  return good;
}

// The larger value wins: a changeset says nothing of when or after what a value was written.
static int decide(void *context, int kind, sqlite3_changeset_iter *change) {
  ++*(int64_t *)context;
  const char *name;
  int columns, operation, indirect;
  sqlite3changeset_op(change, &name, &columns, &operation, &indirect);
  if (kind != SQLITE_CHANGESET_DATA || operation != SQLITE_UPDATE) return SQLITE_CHANGESET_OMIT;
  for (int column = 1; column < columns; column++) {
    sqlite3_value *theirs = 0, *ours = 0;
    sqlite3changeset_new(change, column, &theirs);
    if (!theirs) continue;
    sqlite3changeset_conflict(change, column, &ours);
    int larger = sqlite3_value_type(theirs) == SQLITE_INTEGER
        ? sqlite3_value_int64(theirs) > sqlite3_value_int64(ours)
        : strcmp((const char *)sqlite3_value_text(theirs), (const char *)sqlite3_value_text(ours)) > 0;
    if (larger) return SQLITE_CHANGESET_REPLACE;
  }
  return SQLITE_CHANGESET_OMIT;
}

double session_apply(const char *path, const char *pragmas, const char *file, int64_t *conflicts) {
  sqlite3 *database = opened(path, pragmas);
  if (!database) return -1;
  *conflicts = 0;
  double start = w_seconds();
  int descriptor = open(file, O_RDONLY);
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    perror(file);
    sqlite3_close(database);
    return -1;
  }
  char *bytes = malloc((size_t)status.st_size + 1);
  size_t size = 0;
  ssize_t count;
  while (bytes && (count = read(descriptor, bytes + size, (size_t)status.st_size - size)) > 0) {
    size += (size_t)count;
  }
  close(descriptor);
  int good = bytes && size == (size_t)status.st_size && run(database, "BEGIN IMMEDIATE")
      && (sqlite3changeset_apply(database, (int)size, bytes, 0, decide, conflicts) == SQLITE_OK
          || failed(database, "apply"))
      && run(database, "COMMIT");
  sqlite3_close(database);
  double seconds = w_seconds() - start;
  free(bytes);
  return good ? seconds : -1;
}
