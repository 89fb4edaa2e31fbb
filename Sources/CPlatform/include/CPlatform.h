// System calls that Swift's C library modules do not show.
#ifndef CPLATFORM_H
#define CPLATFORM_H

/// Gives a file or folder another name, which nothing has: 0, or -1 and `errno`. `EINVAL` or `ENOSYS` where the system or
/// the file system cannot do it.
int platform_rename_without_replacing(const char *from, const char *to);

/// Whether a signal is ignored: 1 or 0. It is asked without a change, so no signal is lost by it.
int platform_signal_is_ignored(int number);

#endif
