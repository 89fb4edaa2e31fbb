"""The C interface and the Python package over it: Scripts/check-python runs these."""

import ctypes
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

import unknot

LIST = unknot.Kind("list", {"name": "text"})
ITEM = unknot.Kind(
    "item",
    {
        "name": "text", "done": "flag", "count": "integer", "due_on": "day", "reminded_at": "timeOfDay", "bought_at": "time",
        "like": "reference", "labels": "set", "amounts": "map",
    },
    parent="list", order="position")


class ReplicaTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def replica(self, name):
        replica = unknot.Replica(self.folder / f"{name}.sqlite", [LIST, ITEM], device=name)
        self.addCleanup(replica.close)
        return replica

    def begun(self):
        phone = self.replica("phone")
        shopping, milk = phone.write("begin", unknot.create("list", name="Saturday"), unknot.create("item", "#0", name="milk"))
        return phone, shopping, milk

    def test_it_is_closed_from_many_threads(self):
        for _ in range(20):
            replica = self.replica("many")
            changes = replica.changes()
            threads = [threading.Thread(target=end) for end in [replica.close, changes.close] * 3]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
                self.assertFalse(thread.is_alive())
            self.assertIsNone(changes.next())
            self.assertIsNone(changes.next(), "it stays closed")
            self.assertEqual(list(changes), [])

    def test_a_progress_function_cannot_ask_its_replica(self):
        phone, _, _ = self.begun()
        with self.assertRaises(unknot.Error):
            phone.export(folder=self.folder, progress=lambda done, total: phone.digest() and False)
        with self.assertRaises(unknot.Error):
            phone.export(folder=self.folder, progress=lambda done, total: phone.close())
        self.assertEqual([name for name in os.listdir(self.folder) if "unknot" in name], [])
        self.assertTrue(phone.digest())

    def test_what_is_left_open_is_closed_at_the_end(self):
        program = (
            "import sys, threading, unknot\n"
            "replica = unknot.Replica(sys.argv[1], [unknot.Kind('a', {'b': 'text'})], device='x')\n"
            "threading.Thread(target=lambda: [None for _ in replica.changes()], daemon=True).start()\n"
            "for number in range(50): replica.write('w', unknot.create('a', b=str(number)))\n")
        done = subprocess.run(
            [sys.executable, "-c", program, str(self.folder / "left.sqlite")], capture_output=True, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_what_is_no_request_is_said_so(self):
        phone, shopping, milk = self.begun()
        nested = json.loads("[" * 100 + "]" * 100)
        for call in (
            lambda: phone._call("state", x=nested), lambda: phone.export(folder=""), lambda: phone.export(file="a\0b"),
            lambda: phone.import_files("a\0b"), lambda: phone.conflicts(limit=0), lambda: phone.conflicts(limit=-5),
            lambda: unknot.Replica("a\0b", [], device="x"), lambda: phone.write("w", {"values": {}}),
            lambda: phone.write("w", unknot.edit("#7", labels={"a"})), lambda: phone.write("w", unknot.edit(milk, name=b"x")),
        ):
            with self.assertRaises(unknot.BadRequest):
                call()
        for kind in (unknot.Kind("sqlite_x", {}), unknot.Kind("a", {"true": "text"}),
                     unknot.Kind("a", {f"f{number}": "time" for number in range(1000)})):
            with self.assertRaises(unknot.Refused):
                unknot.Replica(None, [kind], device="x")

    def test_fields_can_be_called_like_parameters(self):
        fields = {"kind": "text", "place": "text", "values": "text", "record": "text", "labels": "set"}
        replica = unknot.Replica(None, [unknot.Kind("a", fields)], device="x")
        self.addCleanup(replica.close)
        first, second = replica.write(
            "w", unknot.create("a", kind="k", record="r", values={"place": "p", "values": "v"}),
            unknot.edit("#0", labels={"x"}))
        self.assertEqual(first, second)
        record = replica.record(first)
        self.assertEqual([record[name] for name in fields], ["k", "p", "v", "r", {"x"}])

    def test_a_label_that_was_not_seen_stays(self):
        phone, laptop, _, milk = self.pair()
        phone.write("label", unknot.edit(milk, labels={"old"}))
        shown, form = phone.record(milk), phone.form()
        laptop.write("label", unknot.edit(milk, labels={"new"}))
        phone.import_files(laptop.export(folder=self.folder))
        phone.write("label", unknot.edit(shown, labels={"mine"}), as_of=form)
        self.assertEqual(phone.record(milk)["labels"], {"mine", "new"})
        self.assertEqual(phone.conflicts(), [])

    def pair(self):
        phone, shopping, milk = self.begun()
        laptop = self.replica("laptop")
        laptop.import_files(phone.export(folder=self.folder))
        return phone, laptop, shopping, milk

    def test_values_come_back_as_they_were(self):
        phone, shopping, milk = self.begun()
        zone = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))
        values = {
            "name": "é, e\u0301, \U0001f95b and \u202e", "done": True, "count": -(2**63), "due_on": datetime.date(1969, 12, 31),
            "reminded_at": datetime.time(8, 30), "bought_at": datetime.datetime(2026, 5, 14, 18, 0, 0, 1000, zone),
            "like": milk, "labels": {"é", "e\u0301"}, "amounts": {"Ann": 2, "Bo": "half", "e\u0301": 1, "é": 2},
        }
        (bread,) = phone.write("add", unknot.create("item", shopping, "first", **values))
        record = phone.record(bread)
        for name, value in values.items():
            self.assertEqual(record[name], value, name)
        self.assertEqual(record["bought_at"].utcoffset(), zone.utcoffset(None))
        self.assertEqual([item.id for item in phone.children(shopping, "item")], [bread, milk])
        phone.write("less", unknot.edit(bread, labels={"é", "new"}, amounts={"Bo": None}, name=None))
        record = phone.record(bread)
        self.assertEqual((record["labels"], record["amounts"]["Ann"], record["name"]), ({"é", "new"}, 2, None))
        self.assertNotIn("Bo", record["amounts"])
        self.assertEqual(phone.write("same", unknot.edit(bread, done=True)), [None])
        self.assertEqual(phone.write("place", unknot.move(bread, after=milk)), [bread])
        self.assertEqual([item.id for item in phone.children(shopping, "item")], [milk, bread])
        self.assertEqual([change["action"] for change in phone.history(bread)][0], "create")

    def test_pages_are_read_to_the_end(self):
        phone, shopping, _ = self.begun()
        phone.write("many", *[unknot.create("item", shopping, name=str(number)) for number in range(450)])
        records = list(phone.records("item"))
        self.assertEqual(len(records), 451)
        self.assertEqual(len({record.id for record in records}), 451)
        phone.write("gone", unknot.remove(shopping))
        self.assertEqual(list(phone.records("item")), [])
        self.assertEqual(len(list(phone.records("item", removed=True))), 451)
        self.assertEqual(phone.undo(), "gone")
        self.assertEqual(phone.query("SELECT count(*) AS count FROM item"), [{"count": 451}])

    def test_devices_meet_and_a_person_decides(self):
        phone, laptop, shopping, milk = self.pair()
        phone.write("edit", unknot.edit(milk, name="oat milk", labels=("insert", "cold")))
        laptop.write("edit", unknot.edit(milk, name="soy milk", labels=("insert", "dairy")))
        result = phone.import_files(laptop.export(folder=self.folder))
        self.assertEqual((result["conflicts_new"], result["conflicts_waiting"]), (1, 1))
        self.assertEqual(phone.record(milk)["labels"], {"cold", "dairy"})
        (conflict,) = phone.conflicts()
        self.assertEqual({candidate.value for candidate in conflict.candidates}, {"oat milk", "soy milk"})
        soy = next(candidate for candidate in conflict.candidates if candidate.value == "soy milk")
        self.assertEqual((soy.device, conflict.field, conflict.key), ("laptop", "name", None))
        phone.resolve(conflict, soy)
        self.assertEqual((phone.conflicts(), phone.record(milk)["name"]), ([], "soy milk"))
        with self.assertRaises(unknot.Refused):
            phone.resolve(conflict, soy)
        laptop.import_files(phone.export(folder=self.folder))
        self.assertEqual(phone.digest(), laptop.digest())
        self.assertEqual(sorted(phone.devices()), ["laptop", "phone"])

    def test_a_form_leaves_in_conflict_what_was_not_seen(self):
        phone, laptop, shopping, milk = self.pair()
        form = phone.form()
        laptop.write("edit", unknot.edit(milk, name="soy milk"))
        phone.import_files(laptop.export(folder=self.folder))
        phone.write("edit", unknot.edit(milk, name="oat milk"), as_of=form)
        self.assertEqual(len(phone.conflicts()), 1)

    def test_changes_are_told(self):
        phone, laptop, shopping, milk = self.pair()
        with phone.changes() as changes:
            phone.write("edit", unknot.edit(milk, name="oat milk"))
            change = changes.next()
            self.assertEqual((change.origins, change.kinds), ({"this"}, {"list", "item"}))
            self.assertIn(milk, change.records)
            laptop.write("edit", unknot.edit(milk, done=True))
            phone.import_files(laptop.export(folder=self.folder))
            self.assertIn("imported", changes.next().origins)
            # Another process with the same file; whoever is told may ask.
            seen = []
            reader = threading.Thread(target=lambda: seen.append((changes.next(), phone.record(milk)["count"])))
            reader.start()
            script = (
                "import sys, test_unknot, unknot\n"
                "with unknot.Replica(sys.argv[1], [test_unknot.LIST, test_unknot.ITEM], 'phone') as replica:\n"
                "    replica.write('edit', unknot.edit(sys.argv[2], count=7))\n")
            subprocess.run(
                [sys.executable, "-c", script, str(self.folder / "phone.sqlite"), milk], check=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
            reader.join()
            self.assertEqual((seen[0][0].origins, seen[0][1]), ({"other"}, 7))
        self.assertIsNone(changes.next())

    def test_progress_can_say_stop(self):
        phone, laptop, shopping, _ = self.pair()
        phone.write("many", *[unknot.create("item", shopping, name=str(number)) for number in range(9000)])
        told = []
        with self.assertRaises(unknot.Interrupted):
            phone.export(self.folder / "stopped.unknot", progress=lambda done, total: told.append(done) or True)
        self.assertFalse((self.folder / "stopped.unknot").exists())
        file = phone.export(self.folder / "all.unknot", progress=lambda done, total: told.append(done))
        self.assertGreater(len(told), 2)
        before = laptop.digest()
        with self.assertRaises(unknot.Interrupted):
            laptop.import_files(file, progress=lambda done, total: True)
        with self.assertRaises(ZeroDivisionError):
            laptop.import_files(file, progress=lambda done, total: 1 // 0)
        self.assertEqual(laptop.digest(), before)
        self.assertEqual(laptop.import_files(file, dry_run=True)["files"][0]["new"], 9000)
        self.assertEqual(laptop.digest(), before)
        laptop.import_files(file)
        self.assertEqual(laptop.digest(), phone.digest())

    def test_threads_may_share_a_replica(self):
        phone, shopping, _ = self.begun()

        def add(number):
            for count in range(20):
                phone.write("add", unknot.create("item", shopping, name=f"{number}.{count}"))
                list(phone.records("item"))

        threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(phone.children(shopping, "item")), 161)

    def test_what_cannot_be_done_says_why_and_changes_nothing(self):
        phone, shopping, milk = self.begun()
        other = unknot.Replica(None, [LIST, ITEM], device="other")
        self.addCleanup(other.close)
        other.write("begin", unknot.create("list", name="mine"))
        foreign = other.export(self.folder / "foreign.unknot")
        (self.folder / "broken.unknot").write_bytes(b"no changeset")
        (self.folder / "broken.sqlite").write_bytes(b"no database" * 1000)
        before = phone.digest()
        nobody = milk.rsplit("-", 1)[0] + "-99"
        for error, ask in [
            (unknot.NotFound, lambda: phone.record(nobody)),
            (unknot.BadRequest, lambda: phone.record("no id")),
            (unknot.NotFound, lambda: phone.write("x", unknot.create("item", nobody))),
            (unknot.BadRequest, lambda: phone.write("x", unknot.create("nothing"))),
            (unknot.BadRequest, lambda: phone.write("x", unknot.create("item", shopping, nothing=1))),
            (unknot.BadRequest, lambda: phone.write("x", unknot.create("item", shopping, count="many"))),
            (unknot.BadRequest, lambda: phone.write("x", unknot.create("item", shopping, done=1))),
            (unknot.BadRequest, lambda: phone.write("x", unknot.create("item", shopping, bought_at=datetime.datetime.now()))),
            (unknot.BadRequest, lambda: phone.write("x", unknot.edit(milk, name="y"), unknot.create("item", "#9"))),
            (unknot.BadRequest, lambda: phone.write("x", {"nothing": 1})),
            (unknot.Refused, lambda: phone.write("x", unknot.edit(milk, name="y"), unknot.move(milk, after=shopping))),
            (unknot.Refused, lambda: phone.write("x", unknot.edit(milk, labels={"x" * 257}))),
            (unknot.BadRequest, lambda: phone.write("x", unknot.edit(milk, name="y"), as_of=["no form"])),
            (unknot.Refused, lambda: phone.query("DELETE FROM item")),
            (unknot.OtherJournal, lambda: phone.import_files(foreign)),
            (unknot.Damaged, lambda: phone.import_files(self.folder / "broken.unknot")),
            (unknot.NotFound, lambda: phone.import_files(self.folder / "nothing.unknot")),
            (unknot.NotFound, lambda: phone.export(folder=self.folder, to="nobody")),
            (unknot.NotFound, lambda: phone.redo()),
            (unknot.Damaged, lambda: self.replica("broken")),
            (unknot.BadRequest, lambda: unknot.Replica(None, [unknot.Kind("x", {"a b": "text"})], device="x")),
            (unknot.BadRequest, lambda: unknot.Replica(None, [unknot.Kind("x", {"a": "number"})], device="x")),
            (unknot.Refused, lambda: unknot.Replica(None, [unknot.Kind("conflict", {})], device="x")),
            (unknot.Refused, lambda: unknot.Replica(None, [unknot.Kind("x", {"id": "text"})], device="x")),
            (unknot.Refused, lambda: unknot.Replica(None, [unknot.Kind("x", {}, parent="no name")], device="x")),
        ]:
            with self.assertRaises(error) as raised:
                ask()
            self.assertTrue(str(raised.exception))
        self.assertEqual(phone.digest(), before)
        phone.close()
        with self.assertRaises(unknot.Error):
            phone.digest()

    def test_the_c_functions_take_anything(self):
        library = unknot._library()
        handle, text = ctypes.c_void_p(), ctypes.c_void_p()
        requests = [None, b"", b"[]", b"null", b"{}", b'{"do":1}', b'{"do":"x"}', b"{" * 5000, b"\xff\xfe", b'{"do":"list"}']
        for options in requests[:-1]:
            self.assertEqual(library.unknot_open(options, ctypes.byref(handle), None), 1)
            self.assertIsNone(handle.value)
        self.assertEqual(library.unknot_open(b'{"device":"x"}', ctypes.byref(handle), ctypes.byref(text)), 0)
        for request in requests:
            self.assertEqual(library.unknot_call(handle, request, unknot._PROGRESS(), None, ctypes.byref(text)), 1, request)
            self.assertTrue(json.loads(ctypes.string_at(text.value))["message"])
            library.unknot_free(text)
        self.assertEqual(library.unknot_call(None, b'{"do":"state"}', unknot._PROGRESS(), None, None), 1)
        library.unknot_unfollow(handle, 7)
        library.unknot_close(handle)
        library.unknot_close(None)
        library.unknot_free(None)


if __name__ == "__main__":
    unittest.main()
