"""kill and errors: SIGKILL at each system call, and each error at each call that can fail, by strace."""

import collections
import random
import re
import shutil

from workplace import COMMANDS, Workplace, check, run

# What the kernel may say of these, on a disk that fails, is full or is pulled out.
ERRORS = {
    "openat": ["EIO", "ENOSPC", "EACCES", "EMFILE", "EROFS"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO", "EINTR"],
    "write": ["EIO", "ENOSPC", "EDQUOT", "EINTR"],
    "pwrite64": ["EIO", "ENOSPC", "EDQUOT", "EINTR"],
    "fsync": ["EIO", "ENOSPC", "EDQUOT"],
    "fdatasync": ["EIO", "ENOSPC", "EDQUOT"],
    "ftruncate": ["EIO", "ENOSPC"],
    "fallocate": ["EIO", "ENOSPC"],
    "unlink": ["EIO", "EROFS"],
    "unlinkat": ["EIO", "EROFS"],
    "rename": ["EIO", "ENOSPC"],
    "renameat2": ["EIO", "ENOSPC", "EINVAL"],
    "mkdir": ["EIO", "ENOSPC", "EROFS"],
    "fstat": ["EIO"],
    "newfstatat": ["EIO"],
    "fcntl": ["ENOLCK"],
    "flock": ["ENOLCK", "EINTR"],
    "fchmod": ["EIO"],
    "getdents64": ["EIO"],
    "copy_file_range": ["EIO", "ENOSPC"],
}


def calls(workplace, command):
    """The system calls of a run, from the first that touches its home on: (name, which one of that name)."""
    home = workplace.home(command)
    log = home + ".trace"
    run(home, workplace.words(command), ["strace", "-f", "-o", log])
    counts, found, begun = collections.Counter(), [], False
    with open(log, errors="replace") as lines:
        for line in lines:
            match = re.match(r"\d+\s+(\w+)\(", line)
            if not match:
                continue
            name = match.group(1)
            counts[name] += 1
            # The loader and the start of the runtime come before it.
            begun = begun or (home in line and not name.startswith("exec"))
            if begun and name not in ("exit", "exit_group", "execve", "rt_sigreturn"):
                found.append((name, counts[name]))
    shutil.rmtree(home)
    return found


def kill(workplace, sample, chosen, seed):
    jobs = []
    for command in chosen:
        points = calls(workplace, command)
        jobs += [(command, name, which, None) for name, which in pick(points, sample, seed, command)]
    return jobs


def errors(workplace, sample, chosen, seed):
    jobs = []
    for command in chosen:
        points = [
            (name, which, error) for name, which in calls(workplace, command) for error in ERRORS.get(name, [])]
        jobs += [(command, name, which, error) for name, which, error in pick(points, sample, seed, command)]
    return jobs


def pick(points, sample, seed, command):
    if not sample or len(points) <= sample:
        return points
    return random.Random("%s %s" % (seed, command.name)).sample(points, sample)


def attempt(workplace, job):
    command, name, which, error = job
    home = workplace.home(command)
    how = "signal=KILL" if error is None else "error=" + error
    status, output, said = run(
        home, workplace.words(command),
        ["strace", "-f", "-qqq", "-o", "/dev/null", "--seccomp-bpf", "-e", "trace=" + name, "-e",
         "inject=%s:%s:when=%d" % (name, how, which)])
    if error is None:
        acknowledged, failed = bool(output), False
    else:
        acknowledged = status in (0, 5)
        # It may be that only the output was lost.
        failed = not acknowledged and "carried out" not in said
        if failed and "error:" not in said and "may not survive" not in said:
            return home, ["it failed with status %d without a word" % status], said
    return home, check(home, command, acknowledged, failed), said
