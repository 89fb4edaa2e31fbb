"""full: a file system that has so much room and no more."""

import os
import random
import shutil
import subprocess

from workplace import check, run


def sizes(workplace, sample, chosen, seed):
    jobs = []
    for command in chosen:
        steps = [(command, 4 * step) for step in range(160)]
        jobs += random.Random("%s %s" % (seed, command.name)).sample(steps, sample or 64)
    return jobs


def used(folder):
    return int(subprocess.run(["du", "-sk", folder], capture_output=True, check=True).stdout.split()[0])


def attempt(workplace, job):
    """So many KiB are left beside what lies there."""
    command, left = job
    workplace.number += 1
    home = "%s/%d" % (workplace.folder, workplace.number)
    os.mkdir(home)
    size = used(workplace.template) + left
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dk" % size, "tmpfs", home], check=True)
    try:
        try:
            shutil.copytree(workplace.template, home, dirs_exist_ok=True)
        except OSError:
            return None, [], ""
        status, _, said = run(home, workplace.words(command))
        # Then there is room again.
        subprocess.run(["mount", "-o", "remount,size=%dk" % (size + 65536), home], check=True)
        faults = check(home, command, status in (0, 5), status not in (0, 5))
        if status not in (0, 5) and "error:" not in said:
            faults.append("it failed with status %d without a word" % status)
        if status not in (0, 5) and "full" not in said and "space" not in said:
            faults.append("it does not say that the disk is full: " + said.strip())
        return None, faults, said.replace(home, "HOME")
    finally:
        subprocess.run(["umount", "-l", home], check=True)
