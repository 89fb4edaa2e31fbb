"""concurrent: eight processes at once on one journal."""

import json
import os
import subprocess

from workplace import UNKNOT, Command, environment, run

PROCESSES = 8


def rounds(workplace, sample, chosen, seed):
    command = Command("pain", [])
    return [(command, number) for number in range(sample or 20)]


def attempt(workplace, job):
    home = workplace.home()
    before = len(json.loads(run(home, ["list", "pain", "--format", "json"])[1]))
    writes = [["pain", str(number % 10)] for number in range(PROCESSES)]
    reads = [["list", "pain"], ["sync", "export", "--full", "-o", "at-once.unknot"], ["verify"], ["backup", "at-once.sqlite"]]
    running = [
        subprocess.Popen([UNKNOT, *words], cwd=home, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for words in writes + reads]
    faults, said, refused = [], "", 0
    for process, words in zip(running, writes + reads):
        _, errors = process.communicate(timeout=120)
        # Where the machine is busy, one may have waited for too long: it says so, and has done nothing.
        if process.returncode == 7 and "in use by another program" in errors.decode():
            refused += words in writes
        elif process.returncode not in (0, 5):
            faults.append("%s: %s" % (words, errors.decode().strip()))
        said += errors.decode()
    after = len(json.loads(run(home, ["list", "pain", "--format", "json"])[1]))
    if after != before + PROCESSES - refused:
        faults.append("%d of %d are there" % (after - before, PROCESSES - refused))
    made = [name for name in ("at-once.unknot", "at-once.sqlite") if os.path.exists(home + "/" + name)]
    for words in (["verify", "--deep"], ["verify", *made]):
        if run(home, words)[0] != 0:
            faults.append("not whole: %s" % words)
    return home, faults, said
