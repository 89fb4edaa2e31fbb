"""A home with a journal, the commands that are tried on it, and what must hold afterwards."""

import json
import os
import shutil
import subprocess
import tempfile

UNKNOT = os.environ.get("UNKNOT", "unknot")
JOURNAL = ".local/share/unknot/journal.sqlite"
TIMEOUT = 60


def environment(home):
    return {"HOME": home, "PATH": os.environ["PATH"], "TZ": "UTC", "LANG": "C.UTF-8", "TMPDIR": home + "/tmp"}


def run(home, words, through=(), timeout=TIMEOUT):
    """Runs the program in a home; its status, output and errors."""
    done = subprocess.run(
        [*through, UNKNOT, *words], cwd=home, env=environment(home), capture_output=True, timeout=timeout,
        stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


class Command:
    """One command that writes.

    words: what is run. makes: a file or folder that is there whole afterwards, or not at all. changes: how many
    changes the journal gains; None if the number may vary. prepare: what is run before, undisturbed.
    """

    def __init__(self, name, words, makes=None, whole=None, prepare=()):
        self.name, self.words, self.makes, self.whole, self.prepare = name, words, makes, whole, prepare
        self.before = self.after = self.made = None


def ends_with(text):
    def check(path):
        with open(path, "rb") as file:
            return file.read().rstrip().endswith(text)
    return check


def is_json(path):
    with open(path) as file:
        json.load(file)
    return True


def is_found_whole(path):
    return run(os.path.dirname(path), ["verify", path])[0] == 0


def journal_is_whole(path):
    return run(os.path.dirname(path), ["verify", "--journal", path])[0] == 0


def folder_is_whole(path):
    return sorted(os.listdir(path)) == sorted(folder_is_whole.names)


def folder_serves(path):
    """Another round mends what was disturbed, and a new device with the key gets everything from the folder."""
    home = os.path.dirname(path)
    status, output, errors = run(home, ["sync", "folder"])
    if status not in (0, 5) or "aside" in output:
        raise AssertionError("the next round: %s%s" % (output, errors))
    status, key, _ = run(home, ["sync", "key", "show"])
    new = tempfile.mkdtemp(prefix="torture-new-")
    try:
        os.mkdir(new + "/tmp")
        for words in [["init", "--device", "new"], ["sync", "folder", "set", path]]:
            run(new, words)
        for words, typed in [(["sync", "join"], key.splitlines()[0]), (["sync", "folder"], "")]:
            done = subprocess.run(
                [UNKNOT, *words], cwd=new, env=environment(new), capture_output=True, input=typed.encode(), timeout=TIMEOUT)
            if done.returncode not in (0, 5):
                raise AssertionError("a new device: %s" % done.stderr.decode())
        return run(new, ["sync", "digest"])[1][:64] == run(home, ["sync", "digest"])[1][:64]
    finally:
        shutil.rmtree(new)


SHARED = [["sync", "folder", "set", "shared"]]
COMMANDS = [
    Command("pain", ["pain", "5", "--note", "a note of some length"]),
    Command("log", ["log", "--bout", "ql/left:45s@wall", "--bout", "ql/right:45s@wall", "--before", "6"]),
    Command("edit", ["edit", "@pain", "score=7"]),
    Command("undo", ["undo"]),
    Command("sync-import", ["sync", "import", "other.unknot"]),
    Command("sync-export", ["sync", "export", "--full", "-o", "out.unknot"], "out.unknot", is_found_whole),
    Command("folder-set", SHARED[0]),
    Command("folder", ["sync", "folder"], "shared", folder_serves, SHARED),
    Command("folder-tidy", ["sync", "folder", "tidy"], "shared", folder_serves, [*SHARED, ["sync", "folder"]]),
    Command("invite", ["sync", "invite"], "shared", folder_serves, [*SHARED, ["sync", "folder"]]),
    Command("key-rotate", ["sync", "key", "rotate"], "shared", folder_serves, [*SHARED, ["sync", "folder"]]),
    Command("export-json", ["export", "json", "-o", "out.json"], "out.json", is_json),
    Command("export-csv", ["export", "csv", "-o", "out"], "out", folder_is_whole),
    Command("report", ["report", "clinician", "-o", "out.html"], "out.html", ends_with(b"</html>")),
    Command("backup", ["backup", "copy.sqlite"], "copy.sqlite", is_found_whole),
    Command("compact", ["compact", "--keep", "0d"]),
    Command("restore-backup", ["restore-backup", "old.sqlite"]),
    Command("rescue", ["rescue", JOURNAL, "-o", "new.sqlite"], "new.sqlite", journal_is_whole),
    Command("demo", ["demo", "demo.sqlite", "--days", "20"], "demo.sqlite", journal_is_whole),
    Command("init", ["init", "--device", "other", "--journal", "other.sqlite"], "other.sqlite", journal_is_whole),
]


class Workplace:
    """A folder in which homes are made of one template, and go again."""

    def __init__(self, folder=None):
        self.folder = tempfile.mkdtemp(prefix="torture-", dir=folder)
        self.template = self.folder + "/template"
        self.number = 0
        home = self.template
        os.makedirs(home + "/tmp")
        os.makedirs(home + "/shared")
        other = self.folder + "/other"
        os.makedirs(other + "/tmp")

        def do(home, *words):
            status, output, errors = run(home, words)
            assert status in (0, 5), (words, status, output, errors)
            return output

        do(home, "init", "--device", "phone")
        for score in range(4):
            do(home, "pain", str(score + 2), "--note", "note %d" % score)
        do(home, "log", "--bout", "ql/left:60s@wall", "--before", "5")
        do(home, "sync", "export", "-o", "first.unknot")
        do(home, "backup", "old.sqlite")
        do(other, "init", "--device", "laptop")
        do(other, "sync", "import", home + "/first.unknot")
        for score in range(3):
            do(other, "pain", str(score))
        pain = json.loads(do(other, "list", "pain", "--format", "json"))[-1]["id"]
        do(other, "edit", pain, "score=9")
        do(other, "sync", "export", "-o", home + "/other.unknot")
        do(home, "edit", pain, "score=1")
        do(home, "pain", "3")
        self.pain = pain
        self.other = other
        os.remove(home + "/first.unknot")
        # The journal was noted where it lay. A copy of it is one that was moved, as long as nothing lies there any more.
        self.template = self.folder + "/kept"
        os.rename(home, self.template)

    def home(self, command=None):
        self.number += 1
        path = "%s/%d" % (self.folder, self.number)
        shutil.copytree(self.template, path)
        for words in command.prepare if command else ():
            assert run(path, words)[0] == 0, words
        return path

    def words(self, command):
        return [self.pain if word == "@pain" else word for word in command.words]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def rehearse(self, command):
        """What the command does where nothing goes wrong."""
        home = self.home(command)
        command.before = changes(home)
        status, output, errors = run(home, self.words(command))
        assert status in (0, 5), (command.name, status, output, errors)
        command.after = changes(home)
        if command.makes:
            path = home + "/" + command.makes
            if command.whole is folder_is_whole:
                folder_is_whole.names = os.listdir(path)
            assert command.whole(path), command.name
        shutil.rmtree(home)


def changes(home):
    """How many changes the journal has; None where it says nothing."""
    status, output, _ = run(home, ["sync", "digest", "--format", "json"])
    return sum(entry["seq"] for entry in json.loads(output)["clock"]) if status == 0 else None


def temporaries(home):
    found = []
    for folder, _, names in os.walk(home):
        found += [folder + "/" + name for name in names if name.startswith(".unknot-")]
    return found


def check(home, command, acknowledged, failed):
    """What does not hold after a command was disturbed: words, none where all is well.

    acknowledged: it said that it is done. failed: it said that it is not.
    """
    faults = []
    status, output, errors = run(home, ["verify"])
    if status != 0:
        faults.append("the journal is not whole: " + (errors or output).strip().splitlines()[0])
        return faults
    now = changes(home)
    if now not in (command.before, command.after) and command.name != "restore-backup":
        faults.append("done in part")
    if command.before != command.after:
        if acknowledged and now == command.before:
            faults.append("acknowledged, and lost")
        if failed and now == command.after and now != command.before:
            faults.append("done, and told that it was not")
    if command.makes:
        path = home + "/" + command.makes
        if os.path.lexists(path):
            try:
                if not command.whole(path):
                    faults.append("half a file under its name")
            except Exception as error:
                faults.append("half a file under its name: %s" % error)
        elif acknowledged:
            faults.append("acknowledged, and its file is not there")
    # What comes next goes on, takes what is left away, and calls nobody a stranger.
    status, output, errors = run(home, ["pain", "1"])
    if status != 0:
        faults.append("nothing can be recorded afterwards: " + errors.strip())
    if "this journal" in errors and command.name not in ("restore-backup",):
        faults.append("an untrue warning: " + errors.strip().splitlines()[0])
    if command.makes and not os.path.lexists(home + "/" + command.makes):
        status, output, errors = run(home, command.words)
        if status != 0:
            faults.append("it cannot be repeated: " + errors.strip())
        elif temporaries(home):
            faults.append("a temporary file stays")
    return faults
