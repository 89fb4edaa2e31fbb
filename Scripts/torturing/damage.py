"""corrupt and files: pages, sectors and bits of journals, backups and changesets are overwritten."""

import json
import os
import random
import shutil
import sqlite3

from workplace import JOURNAL, Command, run

READ = [["list", "pain", "--format", "json"], ["list", "sessions", "--format", "json"]]


def hits(path, seed):
    """One page, sector, byte or bit of a file is another one: what was done, or None where that changed nothing."""
    chance = random.Random(seed)
    size = os.path.getsize(path)
    how = chance.choice(["page", "zeros", "sector", "bit", "bit", "byte", "cut"])
    with open(path, "r+b") as file:
        if how == "cut":
            length = chance.randrange(size)
            file.truncate(length)
            return "cut to %d" % length
        unit = {"page": 4096, "zeros": 4096, "sector": 512, "bit": 1, "byte": 1}[how]
        place = chance.randrange((size + unit - 1) // unit) * unit
        file.seek(place)
        before = file.read(unit)
        after = bytes(len(before)) if how == "zeros" else (
            bytes([before[0] ^ 1 << chance.randrange(8)]) if how == "bit" else chance.randbytes(len(before)))
        file.seek(place)
        file.write(after)
        return "%s at %d" % (how, place) if after != before else None


def content(path):
    """All that SQLite finds in a file, in words of its own; None where it finds something wrong."""
    database = None
    try:
        database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        database.text_factory = bytes
        if database.execute("PRAGMA integrity_check").fetchall() != [(b"ok",)]:
            return None
        tables = database.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
        rows = [(name, sql) for name, sql in tables]
        for name, sql in tables:
            if sql and sql.startswith(b"CREATE TABLE"):
                rows.append(database.execute('SELECT * FROM "%s"' % name.decode()).fetchall())
        head = [database.execute("PRAGMA " + name).fetchone() for name in ("user_version", "application_id")]
        return repr((rows, head))
    except Exception:
        return None
    finally:
        if database:
            database.close()


def difference(path, other):
    """The first rows that differ, for whoever looks for the reason."""
    rows = []
    for file in (path, other):
        database = sqlite3.connect("file:%s?mode=ro" % file, uri=True)
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%'")]
        try:
            rows.append({name: database.execute('SELECT * FROM "%s"' % name).fetchall() for name in tables})
        except Exception as error:
            return str(error)
    return str([(name, set(rows[0][name]) ^ set(rows[1].get(name, []))) for name in rows[0] if rows[0][name] != rows[1].get(name)])[:300]


def owner(path, place):
    """The table or index whose page is at a place of a file."""
    database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        row = database.execute("SELECT name FROM dbstat WHERE pageno = ?", (place // 4096 + 1,)).fetchone()
        return row[0] if row else None
    finally:
        database.close()


class Base:
    """A journal of some size, its content, and what is shown of it."""

    def __init__(self, workplace):
        home = workplace.home()
        run(home, ["demo", "--days", "60", "base.sqlite"])
        # This machine knows it: it has written to it.
        os.replace(home + "/base.sqlite", home + "/" + JOURNAL)
        run(home, ["pain", "4"])
        self.home = workplace.folder + "/base"
        os.rename(home, self.home)
        self.path = self.home + "/" + JOURNAL
        self.content = content(self.path)
        self.shown = [run(self.home, words)[1] for words in READ]


def journals(workplace, sample, chosen, seed):
    workplace.base = Base(workplace)
    command = Command("journal", [])
    return [(command, "%s-%d" % (seed, number)) for number in range(sample or 1000)]


def attempt_journal(workplace, job):
    base = workplace.base
    workplace.number += 1
    home = "%s/%d" % (workplace.folder, workplace.number)
    shutil.copytree(base.home, home)
    path = home + "/" + JOURNAL
    done = hits(path, job[1])
    faults = []
    if done is None:
        return home, faults, ""
    is_damaged = content(path) != base.content
    damaged = open(path, "rb").read()
    shutil.copyfile(path, home + "/damaged.sqlite")
    status, output, said = run(home, ["verify", "--deep"])
    if is_damaged and status == 0:
        changed = difference(base.path, home + "/damaged.sqlite")
        faults.append("%s: damage is not reported: %s" % (done, changed))
    if not is_damaged and status != 0:
        faults.append("%s: nothing is lost, and it is reported: %s" % (done, (output + said).strip()))
    for words, shown in zip(READ, base.shown):
        read_status, read, _ = run(home, words)
        if read_status == 0 and read != shown:
            # Which records are listed, and which value of a field is in force, has no hash: failures.md, "What is left".
            page = owner(base.path, int(done.split(" at ")[1])) if " at " in done else None
            is_place = page == "entry" or (page or "").endswith("_listed")
            faults.append("%s%s: other values are shown" % ("known: " if is_place else "", done))
    if is_damaged:
        # Found once, it takes no more writes, but for tables that are mended by it.
        write_status, _, written = run(home, ["pain", "3"])
        if write_status == 0 and run(home, ["verify", "--deep"])[0] != 0:
            faults.append("%s: damage took a write" % done)
        with open(path, "wb") as file:
            file.write(damaged)
        rescue_status, _, rescued = run(home, ["rescue", path, "-o", "new.sqlite"])
        if rescue_status not in (0, 7, 10):
            faults.append("%s: rescue: %s" % (done, rescued.strip()))
        if open(path, "rb").read() != damaged:
            faults.append("%s: rescue wrote to it" % done)
        if rescue_status in (0, 10):
            # All that was rescued is of the whole one, and as it was there.
            whole = home + "/whole.sqlite"
            shutil.copyfile(base.path, whole)
            run(home, ["sync", "export", "--full", "-o", "part.unknot", "--journal", "new.sqlite"])
            before = run(home, ["sync", "digest", "--journal", whole])[1]
            # Where the file has lost what it is a journal of, that is said.
            join = [] if "which journal it was" not in rescued else ["--join"]
            if run(home, ["sync", "import", "part.unknot", *join, "--journal", whole])[0] not in (0, 5):
                faults.append("%s: what was rescued is refused" % done)
            if run(home, ["sync", "digest", "--journal", whole])[1] != before:
                faults.append("%s: what was rescued is not what was written" % done)
        if rescue_status in (7, 10):
            faults += past_gaps(home, path, damaged, done)
        said += rescued + written
    return home, faults, said


def past_gaps(home, path, damaged, done):
    """What comes after lost changes is saved as well: a journal that is whole, and has no less."""
    def count(name):
        status, output, _ = run(home, ["sql", "--format", "json", "SELECT count(*) AS n FROM change", "--journal", name])
        return json.loads(output)[0]["n"] if status == 0 else 0

    status, _, said = run(home, ["rescue", path, "-o", "more.sqlite", "--past-gaps"])
    if open(path, "rb").read() != damaged:
        return ["%s: rescue past gaps wrote to it" % done]
    if status == 7:
        return []
    if status not in (0, 10):
        return ["%s: rescue past gaps: %s" % (done, said.strip())]
    if run(home, ["verify", "--deep", "--journal", "more.sqlite"])[0] != 0:
        return ["%s: what was rescued past gaps is not whole" % done]
    before = count("new.sqlite") if os.path.exists(home + "/new.sqlite") else 0
    return ["%s: past gaps there is less" % done] if count("more.sqlite") < before else []


def files(workplace, sample, chosen, seed):
    jobs = []
    for number in range(sample or 200):
        name = ["other.unknot", "old.sqlite"][number % 2]
        jobs.append((Command(name, []), "%s-%d" % (seed, number)))
    return jobs


def attempt_file(workplace, job):
    name = job[0].name
    home = workplace.home()
    path = home + "/" + name
    whole = content(path) if name.endswith(".sqlite") else None
    done = hits(path, job[1])
    faults = []
    if done is None:
        return home, faults, ""
    is_damaged = whole is None or content(path) != whole
    status, output, said = run(home, ["verify", name])
    if is_damaged and status == 0:
        faults.append("%s: damage is not reported" % done)
    before = open(home + "/" + JOURNAL, "rb").read()
    words = ["restore-backup", name] if name.endswith(".sqlite") else ["sync", "import", name]
    status, output, errors = run(home, words)
    if is_damaged and status in (0, 5):
        faults.append("%s: it was taken" % done)
    if status not in (0, 5) and open(home + "/" + JOURNAL, "rb").read() != before:
        faults.append("%s: a refused file has changed the journal" % done)
    return home, faults, said + errors
