#include "CPlatform.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>

#if defined(__linux__)
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

int platform_rename_without_replacing(const char *from, const char *to) {
#if defined(__APPLE__)
  return renamex_np(from, to, RENAME_EXCL);
#elif defined(__linux__) && defined(SYS_renameat2)
  // By its number: not every C library has a function for it. 1 is RENAME_NOREPLACE.
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u);
#else
  (void)from;
  (void)to;
  errno = ENOSYS;
  return -1;
#endif
}

int platform_signal_is_ignored(int number) {
  struct sigaction now;
  // What holds the handler has another name in every C library; `sa_handler` is a macro for it, which Swift does not see.
  return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}
