"""Workload W on two CRDT libraries, in memory: the other columns of Schema/benchmarks.md.

usage: bench-peers.py WORKLOAD REPETITIONS   (WORKLOAD: what `UnknotBench records N` prints)
Prints rows of a Markdown table, medians of the repetitions. Times are of one process each way, with no disk work
but the one file written and synced. They flatter the libraries: nothing of theirs is durable.
"""

import json
import os
import statistics
import sys
import tempfile
import time
import zlib

import loro
import pycrdt

FIELDS = ("ts", "kind", "side", "minutes", "rating", "note")


class Loro:
    name = f"loro {getattr(loro, '__version__', '')}".strip()

    def __init__(self, number):
        self.document = loro.LoroDoc()
        self.document.peer_id = number

    def create(self, records):
        root = self.document.get_map("rec")
        for count, record in enumerate(records, 1):
            child = root.insert_container(record[0], loro.LoroMap())
            for field, value in zip(FIELDS, record[1:]):
                child.insert(field, value)
            if count % 1000 == 0:
                self.document.commit()
        self.document.commit()

    def edit(self, edits):
        root = self.document.get_map("rec")
        for count, (key, field, value) in enumerate(edits, 1):
            root.get(key).container.insert(field, value)
            if count % 1000 == 0:
                self.document.commit()
        self.document.commit()

    def state(self):
        return self.document.oplog_vv

    def export(self, since=None):
        return self.document.export(loro.ExportMode.Updates(since or loro.VersionVector()))

    def take(self, data):
        self.document.import_(data)

    def value(self):
        return self.document.get_deep_value()["rec"]


class Pycrdt:
    name = "pycrdt"

    def __init__(self, number):
        self.document = pycrdt.Doc(client_id=number)
        self.root = self.document.get("rec", type=pycrdt.Map)

    def create(self, records):
        for first in range(0, len(records), 1000):
            with self.document.transaction():
                for record in records[first : first + 1000]:
                    self.root[record[0]] = pycrdt.Map(dict(zip(FIELDS, record[1:])))

    def edit(self, edits):
        for first in range(0, len(edits), 1000):
            with self.document.transaction():
                for key, field, value in edits[first : first + 1000]:
                    self.root[key][field] = value

    def state(self):
        return self.document.get_state()

    def export(self, since=None):
        return self.document.get_update(since) if since else self.document.get_update()

    def take(self, data):
        self.document.apply_update(data)

    def value(self):
        return self.root.to_py()


def timed(body):
    start = time.perf_counter()
    result = body()
    return time.perf_counter() - start, result


def written(folder, data):
    path = os.path.join(folder, "file")
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def once(library, records):
    result = {}
    edits_a = [(r[0], "rating", (r[5] + 3) % 11) for r in records if r[7]]
    edits_b = [
        (r[0], "rating", (r[5] + 5) % 11) if r[8] == 1 else (r[0], "note", f"edited on device B rec {index:06}")
        for index, r in enumerate(records)
        if r[8]
    ]
    rows = [r[:7] for r in records]
    with tempfile.TemporaryDirectory() as folder:
        a, b = library(1), library(2)
        result["write"], _ = timed(lambda: a.create(rows))
        seconds, full = timed(a.export)
        result["export"] = seconds + timed(lambda: written(folder, full))[0]
        result["full"] = len(full) / len(records)
        result["import"], _ = timed(lambda: b.take(full))
        result["again"], _ = timed(lambda: b.take(full))
        state_a, state_b = a.state(), b.state()
        a.edit(edits_a)
        b.edit(edits_b)

        def exchange():
            delta_a, delta_b = a.export(state_a), b.export(state_b)
            written(folder, delta_a)
            written(folder, delta_b)
            a.take(delta_b)
            b.take(delta_a)
            return delta_a

        result["exchange"], delta = timed(exchange)
        result["delta"] = len(delta) / len(edits_a)
        result["deflated"] = len(zlib.compress(full, 6)) / len(records)
        assert a.value() == b.value(), "they differ after the exchange"
    return result


def main():
    records = [json.loads(line) for line in open(sys.argv[1])]
    print("| library | write | full export | import | exchange | imported again | bytes a record, deflated | bytes an edit |")
    print("|---|---|---|---|---|---|---|---|")
    for library in (Loro, Pycrdt):
        samples = [once(library, records) for _ in range(int(sys.argv[2]))]
        median = {key: statistics.median(sample[key] for sample in samples) for key in samples[0]}
        print(
            f"| {library.name} | {median['write']:.2f} s | {median['export']:.3f} s | {median['import']:.3f} s "
            f"| {median['exchange']:.3f} s | {median['again']:.3f} s | {median['full']:.1f}, {median['deflated']:.1f} "
            f"| {median['delta']:.1f} |"
        )


main()
