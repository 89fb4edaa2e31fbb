"""Prints what was tried and what failed, as a table. See Scripts/torture."""

import argparse
import collections
import concurrent.futures
import os
import re
import shutil
import sys

import concurrency
import damage
import inject
import power
import space
from workplace import COMMANDS, Workplace

MODES = {
    "kill": (inject.kill, inject.attempt),
    "errors": (inject.errors, inject.attempt),
    "power": (power.states, power.attempt),
    "corrupt": (damage.journals, damage.attempt_journal),
    "files": (damage.files, damage.attempt_file),
    "full": (space.sizes, space.attempt),
    "concurrent": (concurrency.rounds, concurrency.attempt),
}


def message(text, home):
    """An error without what differs from run to run."""
    text = text.replace(home, "HOME")
    text = re.sub(r"[0-9a-z]{26}-\d+", "ID", text)
    text = re.sub(r"[0-9a-f]{16,}", "HEX", text)
    return re.sub(r"\d+", "N", text).strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--command", action="append", default=[])
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--messages")
    parser.add_argument("--keep", action="store_true", help="leave the homes in which something did not hold")
    options = parser.parse_args()
    chosen = [command for command in COMMANDS if not options.command or command.name in options.command]
    if not chosen:
        parser.error("no such command")
    plan, attempt = MODES[options.mode]
    workplace = Workplace()
    counts, faults, messages, examples = collections.Counter(), [], collections.Counter(), {}
    try:
        for command in chosen:
            workplace.rehearse(command)
        jobs = plan(workplace, options.sample, chosen, options.seed)
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            for job, (home, found, said) in zip(jobs, pool.map(lambda job: tried(attempt, workplace, job), jobs)):
                name = job[0].name
                counts[name] += 1
                text = message(said, home or "-")
                messages[text] += 1
                examples.setdefault(text, (name, job[1:]))
                for fault in found:
                    faults.append((name, job[1:], fault))
                if home and not (found and options.keep):
                    shutil.rmtree(home, ignore_errors=True)
    finally:
        if not options.keep:
            workplace.remove()
    known = [fault for fault in faults if fault[2].startswith("known: ")]
    faults = [fault for fault in faults if not fault[2].startswith("known: ")]
    print("%-16s %8s %8s" % (options.mode, "tried", "faults"))
    for name in counts:
        print("%-16s %8d %8d" % (name, counts[name], len({fault[1] for fault in faults if fault[0] == name})))
    print("%-16s %8d %8d" % ("all", sum(counts.values()), len({fault[:2] for fault in faults})))
    if known:
        print("%-16s %8d" % ("known gaps", len({fault[:2] for fault in known})))
    for name, job, fault in (faults + known)[:40]:
        print("%s %s: %s" % (name, " ".join(str(part) for part in job), fault))
    if options.messages:
        with open(options.messages, "w") as file:
            for text, count in messages.most_common():
                file.write("--- %d, as of %s\n%s\n" % (count, examples[text], text))
    sys.exit(1 if faults else 0)


def tried(attempt, workplace, job):
    try:
        return attempt(workplace, job)
    except Exception as error:  # A program that hangs is a fault as well.
        return None, ["%s: %s" % (type(error).__name__, error)], ""


main()
