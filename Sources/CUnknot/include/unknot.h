/* The sync engine for programs in other languages: libunknot. JSON in and out, in UTF-8. Schema/c-interface.md says what
   can be asked, with an example of each.

   Threads: every function can be called from any thread. What is asked of one replica is done one after the other, on the
   thread that asks, which waits until it is done. */
#ifndef UNKNOT_H
#define UNKNOT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a call went. Whatever it is, unless UNKNOT_OK, nothing was changed. */
enum {
  UNKNOT_OK = 0,
  /* The request is not one: no JSON, or not what Schema/c-interface.md says. */
  UNKNOT_BAD_REQUEST = 1,
  /* There is no such record, operation, device or file; nor the replica's own, though this machine has written it. */
  UNKNOT_NOT_FOUND = 2,
  /* The records' rules forbid it, or somebody has decided it already. */
  UNKNOT_REFUSED = 3,
  /* Another program kept the replica's file locked for too long: try again. */
  UNKNOT_BUSY = 4,
  /* The replica's file or a changeset is damaged, or is something else. */
  UNKNOT_DAMAGED = 5,
  /* The replica's file or a changeset is of a newer version than this library reads. */
  UNKNOT_NEWER = 6,
  /* A changeset is of another journal: import it with "join" to unite the two. */
  UNKNOT_OTHER_JOURNAL = 7,
  /* A changeset starts after changes that are not here. */
  UNKNOT_CHANGES_MISSING = 8,
  /* A file could not be read or written. */
  UNKNOT_IO = 9,
  /* The caller's progress function said stop. */
  UNKNOT_INTERRUPTED = 10,
  /* Another program has opened the file with kinds that are declared otherwise: close the replica, and open it again. */
  UNKNOT_REOPEN = 11
};

/* One device's copy of an app's records. */
typedef struct unknot_replica unknot_replica;

/* Told now and then by a call that takes long, on the thread that called. Another value than 0 stops it: then nothing was
   changed. It must not call anything here. */
typedef int32_t (*unknot_progress)(void *context, uint64_t done, uint64_t total);

/* Told that the replica is another than before, with a JSON object that is gone when the function returns. It is called
   on a thread of the library's own, one call at a time. It may call everything but unknot_unfollow and unknot_close, and what takes
   long in it keeps nobody waiting but itself. */
typedef void (*unknot_changed)(void *context, const char *change);

/* Opens a replica, or makes one with its first write.

   options: a JSON object.
   replica: set where the call went well. To be closed.
   error:   set to a JSON object with "message" where it did not; may be NULL. To be freed. */
int32_t unknot_open(const char *options, unknot_replica **replica, char **error);

/* Ends every following of it and closes the file. The replica is not to be used any more. NULL does nothing. */
void unknot_close(unknot_replica *replica);

/* Does one thing.

   request:  a JSON object that says in "do" what.
   progress: may be NULL.
   result:   set to what it gave, or, where it went wrong, to an object with "message". To be freed. */
int32_t unknot_call(
    unknot_replica *replica, const char *request, unknot_progress progress, void *context, char **result);

/* Tells of every change from now on: own writes, imports, and what other programs write into the same file. Returns what
   unknot_unfollow takes. */
uint64_t unknot_follow(unknot_replica *replica, unknot_changed changed, void *context);

/* Once it has returned, `changed` is not called any more. */
void unknot_unfollow(unknot_replica *replica, uint64_t following);

/* Frees a text that a function gave. NULL does nothing. */
void unknot_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
