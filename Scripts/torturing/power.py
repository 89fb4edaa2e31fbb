"""power: what a disk may have after a power cut, worked out from the system calls of a run.

Every prefix of what was done is a moment at which the power may fail. Of data not yet synced by fsync, a disk may
have kept nothing, all, or any part, down to single sectors; of names made, changed or removed without an fsync of
their folder, it may have kept any first few, in order.
"""

import copy
import os
import random
import re
import shutil
import threading

from workplace import JOURNAL, check, run

SECTOR = 512
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
FD = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})*)>")


def text(escaped):
    return bytes.fromhex(escaped.replace("\\x", ""))


class Step:
    """One thing that was done to a file or a folder."""

    def __init__(self, kind, path, *more):
        self.kind, self.path, self.more = kind, path, more


def steps(log, home):
    """What a run did below its home, in its order; and the place from which on it has said that it is done."""
    done, said, offsets = [], None, {}
    inside = (home + "/").encode()
    with open(log, errors="replace") as lines:
        for line in lines:
            match = re.match(r"\d+\s+(\w+)\((.*)\)\s+= (-?\d+)(.*)$", line)
            if not match or int(match.group(3)) < 0:
                continue
            name, words, result = match.group(1), match.group(2), int(match.group(3))
            strings = [text(found) for found in STRING.findall(words)]
            descriptor = FD.match(words)
            path = text(descriptor.group(2)) if descriptor else None
            number = int(descriptor.group(1)) if descriptor else None

            def full(part):
                return os.path.normpath(part if part.startswith(b"/") else home.encode() + b"/" + part)

            if name == "write" and number == 1 and said is None:
                said = len(done)
            if name in ("openat", "open") and strings:
                opened = full(strings[-1])
                offsets[result] = 0
                if opened.startswith(inside):
                    if "O_CREAT" in words:
                        done.append(Step("create", opened))
                    if "O_TRUNC" in words:
                        done.append(Step("truncate", opened, 0))
            elif name == "mkdir":
                if full(strings[0]).startswith(inside):
                    done.append(Step("mkdir", full(strings[0])))
            elif name in ("unlink", "unlinkat"):
                if full(strings[-1]).startswith(inside):
                    done.append(Step("unlink", full(strings[-1])))
            elif name in ("rename", "renameat", "renameat2"):
                if full(strings[-1]).startswith(inside):
                    done.append(Step("rename", full(strings[0]), full(strings[1])))
            elif path is None or not (path + b"/").startswith(inside):
                continue
            elif name == "pwrite64":
                done.append(Step("write", path, int(words.rsplit(",", 1)[1]), strings[-1][:result]))
            elif name == "write":
                offset = offsets.get(number, 0)
                done.append(Step("write", path, offset, strings[-1][:result]))
                offsets[number] = offset + result
            elif name == "lseek":
                offsets[number] = result
            elif name == "ftruncate":
                done.append(Step("truncate", path, int(words.rsplit(",", 1)[1])))
            elif name in ("fsync", "fdatasync"):
                done.append(Step("sync", path))
    return done, said if said is not None else len(done)


class Disk:
    """Files by what they are and by what they are called, as a disk keeps the two apart."""

    def __init__(self, home):
        self.home = home.encode()
        self.names, self.files, self.folders = {}, [], set()
        for folder, _, names in os.walk(home):
            self.folders.add(folder.encode())
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    self.names[path.encode()] = len(self.files)
                    self.files.append(bytearray(file.read()))

    def write(self, number, offset, data):
        file = self.files[number]
        if len(file) < offset:
            file.extend(bytes(offset - len(file)))
        file[offset:offset + len(data)] = data

    def materialize(self, target, home):
        def moved(path):
            return target + path.decode()[len(home):]
        for folder in sorted(self.folders):
            os.makedirs(moved(folder), exist_ok=True)
        for path, number in self.names.items():
            os.makedirs(os.path.dirname(moved(path)), exist_ok=True)
            with open(moved(path), "wb") as file:
                file.write(self.files[number])
            os.chmod(moved(path), 0o600)


def below(path, old, new):
    return new + path[len(old):] if path == old or path.startswith(old + b"/") else path


def move(names, old, new):
    for path in [path for path in names if below(path, old, new) != path]:
        names[below(path, old, new)] = names.pop(path)


def crash(base, done, prefix, how, chance):
    """The disk after the power failed behind `prefix` steps."""
    disk = copy.deepcopy(base)
    # How things are called while the program runs: the names that the disk has may lag behind.
    live = dict(disk.names)
    waiting, naming = {}, []  # data by file, and operations on names, that no sync has reached

    def settle(number):
        for offset, data in waiting.pop(number, []):
            if data is None:
                del disk.files[number][offset:]
                disk.files[number].extend(bytes(offset - len(disk.files[number])))
            else:
                disk.write(number, offset, data)

    def apply(operation):
        kind, path, more = operation
        if kind == "mkdir":
            disk.folders.add(path)
        elif kind == "link":
            disk.names[path] = more
        elif kind == "unlink":
            disk.names.pop(path, None)
        elif kind == "rename":
            move(disk.names, path, more)
            disk.folders = {below(folder, path, more) for folder in disk.folders}

    for step in done[:prefix]:
        if step.kind == "create":
            if step.path not in live:
                live[step.path] = len(disk.files)
                disk.files.append(bytearray())
                naming.append(("link", step.path, live[step.path]))
        elif step.kind == "mkdir":
            naming.append(("mkdir", step.path, None))
        elif step.kind == "unlink":
            live.pop(step.path, None)
            naming.append(("unlink", step.path, None))
        elif step.kind == "rename":
            move(live, step.path, step.more[0])
            naming.append(("rename", step.path, step.more[0]))
        elif step.kind == "write" and step.path in live:
            waiting.setdefault(live[step.path], []).append(step.more)
        elif step.kind == "truncate" and step.path in live:
            waiting.setdefault(live[step.path], []).append((step.more[0], None))
        elif step.kind == "sync":
            if step.path in live:
                settle(live[step.path])
                # A file that was synced can be found, as journalling file systems have it: with what came before its name.
                last = max((i for i, op in enumerate(naming) if op[2] == live[step.path]), default=-1)
                for operation in naming[:last + 1]:
                    apply(operation)
                del naming[:last + 1]
            else:
                inside = [i for i, op in enumerate(naming) if os.path.dirname(op[1]) == step.path]
                for operation in naming[:max(inside, default=-1) + 1]:
                    apply(operation)
                del naming[:max(inside, default=-1) + 1]
    if how == "keep":
        for number in list(waiting):
            settle(number)
        for operation in naming:
            apply(operation)
    elif how == "some":
        for operation in naming[:chance.randrange(len(naming) + 1)]:
            apply(operation)
        for number, writes in waiting.items():
            for offset, data in writes:
                if data is None:
                    if chance.random() < 0.5:
                        del disk.files[number][offset:]
                    continue
                # Any of its sectors, in any order.
                for start in range(0, len(data), SECTOR):
                    if chance.random() < 0.5:
                        disk.write(number, offset + start, data[start:start + SECTOR])
    return disk


def states(workplace, sample, chosen, seed):
    jobs = []
    for command in chosen:
        home = workplace.home(command)
        base = Disk(home)
        log = home + ".trace"
        run(home, workplace.words(command), [
            "strace", "-f", "-y", "-xx", "-s", "100000000", "-o", log, "-e",
            "trace=openat,open,write,pwrite64,lseek,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,mkdir"])
        done, said = steps(log, home)
        os.remove(log)
        shutil.rmtree(home)
        chance = random.Random("%s %s" % (seed, command.name))
        points = [(prefix, how, 0) for prefix in range(len(done) + 1) for how in ("drop", "keep")]
        points += [(prefix, "some", number) for prefix in range(len(done) + 1) for number in range(4)]
        if sample and len(points) > sample:
            points = chance.sample(points, sample)
        command.power = (base, done, said, home)
        command.lock = threading.Lock()
        jobs += [(command, *point) for point in points]
    # One after the other in one place, as what is noted of a journal is where it lies: of several commands at once.
    random.Random(seed).shuffle(jobs)
    return jobs


def attempt(workplace, job):
    command, prefix, how, number = job
    base, done, said, home = command.power
    disk = crash(base, done, prefix, how, random.Random("%s %d %d" % (command.name, prefix, number)))
    with command.lock:
        disk.materialize(home, home)
        os.makedirs(home + "/tmp", exist_ok=True)
        try:
            faults = check(home, command, prefix >= said, False)
            # What is noted beside the journal may lag behind it: then that is what is said, and it is true.
            return None, [
                fault for fault in faults
                if not (fault.startswith("an untrue warning: ") and "or the power failed" in fault)], ""
        finally:
            shutil.rmtree(home)
