"""concurrent: eight processes at once on one journal."""

import json
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
    faults, said = [], ""
    for process, words in zip(running, writes + reads):
        _, errors = process.communicate(timeout=120)
        if process.returncode not in (0, 5):
            faults.append("%s: %s" % (words, errors.decode().strip()))
        said += errors.decode()
    after = len(json.loads(run(home, ["list", "pain", "--format", "json"])[1]))
    if after != before + PROCESSES:
        faults.append("%d of %d are there" % (after - before, PROCESSES))
    for words in (["verify", "--deep"], ["verify", "at-once.unknot", "at-once.sqlite"]):
        if run(home, words)[0] != 0:
            faults.append("not whole: %s" % words)
    return home, faults, said
