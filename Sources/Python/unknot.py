"""Records on several devices that are mostly offline: the sync engine of Unknot, over its C interface.

    import unknot

    item = unknot.Kind("item", {"name": "text", "done": "flag", "labels": "set"})
    with unknot.Replica("list.sqlite", [item], device="phone") as replica:
        milk = replica.write("add", unknot.create("item", name="milk", labels={"dairy"}))[0]
        for record in replica.records("item"):
            print(record.id, record["name"])
        replica.export(folder="outbox")

Values are Python's own: str, int, bool, datetime.date, datetime.time, an aware datetime.datetime, set, dict, and the id of a
record as a str. The library is looked for in UNKNOT_LIBRARY, beside this file, and where the system looks.

Every method can be called from any thread, and waits until it is done; but a progress function cannot ask the replica that
it reports of.
"""

import atexit
import contextlib
import ctypes
import ctypes.util
import datetime
import json
import os
import pathlib
import queue
import threading
import weakref
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Set, Union

__all__ = [
    "BadRequest", "Busy", "Candidate", "Change", "ChangesMissing", "Conflict", "Damaged", "Error", "FileError", "Interrupted",
    "Kind", "Newer", "NotFound", "OtherJournal", "Record", "Refused", "Reopen", "Replica",
    "create", "edit", "move", "remove", "restore",
]


class Error(Exception):
    """Something was not done, and nothing was changed."""


class BadRequest(Error):
    """What was asked for makes no sense: a kind or a field that is not declared, a value of another type."""


class NotFound(Error):
    """There is no such record, operation, device or file."""


class Refused(Error):
    """The records' rules forbid it, or somebody has decided it already."""


class Busy(Error):
    """Another program kept the file locked for too long: try again."""


class Reopen(Error):
    """Another program has opened the file with kinds that are declared otherwise: close the replica, and open it again."""


class Damaged(Error):
    """The file is damaged, or is something else."""


class Newer(Error):
    """The file is of a newer version than this library reads."""


class OtherJournal(Error):
    """The changeset is of another journal: import it with join=True to unite the two."""


class ChangesMissing(Error):
    """The changeset starts after changes that are not here: import those before, or have everything exported."""


class FileError(Error):
    """A file could not be read or written."""


class Interrupted(Error):
    """The progress function said stop."""


_ERRORS = {
    1: BadRequest, 2: NotFound, 3: Refused, 4: Busy, 5: Damaged, 6: Newer, 7: OtherJournal, 8: ChangesMissing,
    9: FileError, 10: Interrupted, 11: Reopen,
}

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


@dataclass(frozen=True)
class Kind:
    """A kind of record. Names are for ever: another name is another field."""

    name: str
    #: By name: "text", "integer", "flag", "day", "timeOfDay", "time", "reference", "set" or "map".
    fields: Mapping[str, str]
    #: What a record of it belongs to is called.
    parent: Optional[str] = None
    #: The field, a text, that puts the records of one parent in order; written by create and move alone.
    order: Optional[str] = None
    #: The field, a time, by which records are listed; without one, by when they were made.
    time: Optional[str] = None

    def _json(self) -> Dict[str, Any]:
        fields = [{"name": name, "type": kind} for name, kind in self.fields.items()]
        return {"name": self.name, "fields": fields, "parent": self.parent, "order": self.order, "time": self.time}


@dataclass(frozen=True)
class Record:
    """A record as it stood when it was read."""

    id: str
    kind: str
    parent: Optional[str]
    #: It and what it belongs to are there.
    visible: bool
    #: By the clock of the device that made it.
    created_at: datetime.datetime
    values: Mapping[str, Any]

    def __getitem__(self, field: str) -> Any:
        """The visible value of a field that is declared; None where nobody wrote one."""
        return self.values[field]


@dataclass(frozen=True)
class Candidate:
    """One of the values that devices disagree on."""

    id: str
    value: Any
    device: str
    recorded_at: datetime.datetime


@dataclass(frozen=True)
class Conflict:
    """A field that devices wrote different values to without knowing of each other. Let a person decide."""

    record: str
    kind: str
    #: "presence" where one removed the record and another wrote to it: the values are 1 and None.
    field: str
    #: Of a set or a map.
    key: Optional[str]
    #: The one whose value is shown until somebody decides comes first.
    candidates: List[Candidate]
    form: List[str]


@dataclass(frozen=True)
class Change:
    """What is another than before."""

    #: "this", "imported", "other": who made it known here.
    origins: frozenset
    #: The kinds of the records that may look otherwise than before.
    kinds: frozenset
    #: Their ids; None where they are too many: read anew what you show.
    records: Optional[frozenset]
    #: Whether a device became known, or is called otherwise.
    devices: bool


def create(
    kind: str, /, parent: Optional[str] = None, place: str = "last", after: Optional[str] = None,
    values: Optional[Mapping[str, Any]] = None, **more: Any,
):
    """Makes a record. `parent` and `after` are ids, or "#0" for what the first write of the same operation made. Its fields
    are named; those that are called like something else here come in `values`, a dict."""
    return {"create": kind, "parent": parent, "place": place, "after": after, "values": {**(values or {}), **more}}


def edit(record: Union[str, Record], /, values: Optional[Mapping[str, Any]] = None, **more: Any):
    """Writes those fields that differ. Of a set, a set is all of it; ("insert", x) or ("remove", x) is one text of it. Of a
    map, a dict writes its keys alone, None removes one.

    With `as_of`, give the record as it was shown, and not its id: of a set, only what was seen is taken away then."""
    return {"edit": record, "values": {**(values or {}), **more}}


def remove(record: str):
    """Removes a record, and hides what belongs to it."""
    return {"remove": record}


def restore(record: str):
    """Brings a removed record back, with what belongs to it."""
    return {"restore": record}


def move(record: str, place: str = "last", after: Optional[str] = None):
    """Moves a record within the order of its parent's."""
    return {"move": record, "place": place, "after": after}


class Changes:
    """The changes of a replica, from the moment on at which this was asked for. Iterate over it, in a thread of your own or
    with `next(timeout)`; close it, or use it in a `with`."""

    def __init__(self, replica: "Replica"):
        self._replica = replica
        self._queue: "queue.SimpleQueue[Optional[Change]]" = queue.SimpleQueue()
        # Kept as long as it is called.
        self._callback = _CHANGED(self._take)
        with replica._using() as handle:
            self._number = replica._library.unknot_follow(handle, self._callback, None)
            with replica._state:
                replica._followers.add(self)

    def _take(self, _context: Any, text: bytes) -> None:
        change = json.loads(text)
        records = change["records"]
        self._queue.put(
            Change(
                frozenset(change["origins"]), frozenset(change["kinds"]),
                None if records is None else frozenset(records), change["devices"]))

    def next(self, timeout: Optional[float] = None) -> Optional[Change]:
        """The next change; None once it is closed, or after so many seconds without one."""
        try:
            change = self._queue.get(timeout=timeout)
        except queue.Empty:
            return None
        if change is None:
            # For whoever else waits, and for the next time.
            self._queue.put(None)
        return change

    def __iter__(self) -> Iterator[Change]:
        while (change := self.next()) is not None:
            yield change

    def close(self) -> None:
        """Ends it, once or again. Not from within a call of it."""
        try:
            with self._replica._using() as handle:
                self._end(handle)
        except Error:  # The replica is closed, and with it this.
            pass

    def _end(self, handle: ctypes.c_void_p) -> None:
        with self._replica._state:
            number, self._number = self._number, 0
            self._replica._followers.discard(self)
        if number:
            self._replica._library.unknot_unfollow(handle, number)
            self._queue.put(None)

    def __enter__(self) -> "Changes":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class Replica:
    """One device's copy of an app's records. Close it, or use it in a `with`."""

    def __init__(
        self, path: Union[str, os.PathLike, None], kinds: Iterable[Kind], device: str,
        note_folder: Union[str, os.PathLike, None] = None, replacing: bool = False,
    ):
        """
        path: the SQLite file, made with the first write; None keeps everything in memory.
        device: what this device is called in a file that is made now.
        note_folder: where this machine notes what it last wrote, so that copied and restored files are told from the one
            that it was; no backup may take it along.
        replacing: begins a new file also where this machine wrote one that is not there any more.
        """
        self._library = _library()
        self._kinds = {kind.name: kind for kind in kinds}
        self._followers: Set[Changes] = set()
        self._handle: Optional[ctypes.c_void_p] = None
        #: Guards the handle, the followers, and how many calls use the handle just now.
        self._state = threading.Condition()
        self._calls = 0
        #: Of each thread: whether it is within a progress function.
        self._progressing = threading.local()
        options = {
            "path": _path(path), "device": device, "replacing": replacing, "note_folder": _path(note_folder),
            "kinds": [kind._json() for kind in self._kinds.values()],
        }
        handle, error = ctypes.c_void_p(), ctypes.c_void_p()
        status = self._library.unknot_open(_bytes(options), ctypes.byref(handle), ctypes.byref(error))
        self._check(status, self._take(error))
        self._handle = handle
        _replicas.add(self)

    def close(self) -> None:
        """Waits for the calls of other threads, ends every following, and closes the file."""
        self._check_progress()
        with self._state:
            handle, self._handle = self._handle, None
            self._state.wait_for(lambda: self._calls == 0)
            followers = list(self._followers)
        if handle:
            for follower in followers:
                follower._end(handle)
            self._library.unknot_close(handle)

    def __enter__(self) -> "Replica":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    # Reads

    def record(self, id: str) -> Record:
        """A record, also one that was removed."""
        return self._record(self._call("record", id=id)["record"])

    def records(
        self, kind: str, since: Optional[datetime.datetime] = None, until: Optional[datetime.datetime] = None,
        removed: bool = False,
    ) -> Iterator[Record]:
        """Those of a kind, the newest first, read page by page. `since` is included, `until` is not."""
        after = None
        while True:
            page = self._call(
                "list", kind=kind, after=after, limit=200, removed=removed,
                since=None if since is None else _milliseconds(since),
                until=None if until is None else _milliseconds(until))
            for record in page["records"]:
                yield self._record(record)
            after = page["next"]
            if after is None:
                return

    def children(self, parent: str, kind: str) -> List[Record]:
        """Those of a kind that belong to a record, in their order."""
        return [self._record(record) for record in self._call("children", parent=parent, kind=kind)["records"]]

    def form(self) -> List[str]:
        """Where the replica stands: read it with what a person is going to change, and write with it."""
        return self._call("state")["form"]

    def digest(self) -> str:
        """Equal on two devices that hold the same."""
        return self._call("state")["digest"]

    def devices(self) -> List[str]:
        """The names of all devices that are known."""
        return [device["name"] for device in self._call("state")["devices"]]

    def history(self, id: str) -> List[Dict[str, Any]]:
        """The changes of a record, as the C interface gives them."""
        return self._call("history", id=id)["changes"]

    def query(self, sql: str) -> List[Dict[str, Any]]:
        """The rows that one SELECT over the kinds' views gives."""
        answer = self._call("query", sql=sql)
        return [dict(zip(answer["columns"], row)) for row in answer["rows"]]

    # Writes

    def write(self, label: str, *writes: Mapping[str, Any], as_of: Optional[List[str]] = None) -> List[Optional[str]]:
        """Does all of `writes` as one operation, or nothing. Gives the id of each record; None where nothing differed."""
        return self._call(
            "write", label=label, as_of=as_of, writes=[self._write(write, writes) for write in writes])["ids"]

    def undo(self, operation: Optional[str] = None) -> str:
        """Takes back an operation of this device, or the newest; gives what it was called."""
        return self._call("undo", operation=operation)["label"]

    def redo(self) -> str:
        """Takes back the newest undo."""
        return self._call("redo")["label"]

    def conflicts(self, limit: int = 100) -> List[Conflict]:
        """What waits for a person's decision."""
        answer = self._call("conflicts", limit=limit)
        return [
            Conflict(
                conflict["record"], conflict["kind"], conflict["field"], conflict["key"],
                [
                    Candidate(
                        candidate["id"], self._value(conflict["kind"], conflict["field"], candidate["value"]),
                        candidate["device"], _instant(candidate["recorded_at"]))
                    for candidate in conflict["candidates"]
                ], answer["form"])
            for conflict in answer["conflicts"]
        ]

    def resolve(self, conflict: Conflict, candidate: Candidate) -> None:
        """Decides for one of the values, as of what was shown: what came since stays in conflict."""
        self._call(
            "resolve", record=conflict.record, field=conflict.field, key=conflict.key, candidate=candidate.id,
            form=conflict.form)

    def changes(self) -> Changes:
        """Tells of every change from now on: own writes, imports, other programs with the same file. Ask for this first,
        then read what you show, then follow."""
        return Changes(self)

    # Files

    def export(
        self, file: Union[str, os.PathLike, None] = None, folder: Union[str, os.PathLike, None] = None,
        to: Optional[str] = None, full: bool = False, progress: Optional[Callable[[int, int], bool]] = None,
    ) -> Optional[str]:
        """Writes what others lack into a file that is not there yet, or into a new file of a folder; gives its path, or None
        where there was nothing to send. `progress` may say True to stop."""
        return self._call(
            "export", progress, file=_path(file), folder=_path(folder), full=full, **{"for": to})["file"]

    def import_files(
        self, *paths: Union[str, os.PathLike], join: bool = False, dry_run: bool = False, large: bool = False,
        progress: Optional[Callable[[int, int], bool]] = None,
    ) -> Dict[str, Any]:
        """Merges files, or what fits of folders: all of them or nothing. Says how many changes were new, and how many
        conflicts wait. `progress` may say True to stop."""
        return self._call(
            "import", progress, files=[_path(path) for path in paths], join=join, dry_run=dry_run, large=large)

    # What goes over the border

    @contextlib.contextmanager
    def _using(self) -> Iterator[ctypes.c_void_p]:
        """The handle, which is not closed meanwhile."""
        self._check_progress()
        with self._state:
            if not self._handle:
                raise Error("the replica is closed")
            handle = self._handle
            self._calls += 1
        try:
            yield handle
        finally:
            with self._state:
                self._calls -= 1
                self._state.notify_all()

    def _check_progress(self) -> None:
        if getattr(self._progressing, "now", False):
            raise Error("a progress function cannot ask the replica that it reports of")

    def _call(self, do: str, progress: Optional[Callable[[int, int], bool]] = None, **members: Any) -> Any:
        raised: List[BaseException] = []

        def report(_context: Any, done: int, total: int) -> int:
            self._progressing.now = True
            try:
                return 1 if progress(done, total) else 0
            except BaseException as error:  # Not through C: raised again below.
                raised.append(error)
                return 1
            finally:
                self._progressing.now = False

        callback = _PROGRESS(report) if progress else _PROGRESS()
        result = ctypes.c_void_p()
        request = _bytes({"do": do, **members})
        with self._using() as handle:
            status = self._library.unknot_call(handle, request, callback, None, ctypes.byref(result))
        answer = self._take(result)
        if raised:
            raise raised[0]
        self._check(status, answer)
        return answer

    def _take(self, text: ctypes.c_void_p) -> Any:
        if not text.value:
            return None
        try:
            return json.loads(ctypes.string_at(text.value))
        finally:
            self._library.unknot_free(text)

    @staticmethod
    def _check(status: int, answer: Any) -> None:
        if status:
            raise _ERRORS.get(status, Error)((answer or {}).get("message", f"status {status}"))

    def _write(self, write: Mapping[str, Any], all_writes: Sequence[Mapping[str, Any]]) -> Dict[str, Any]:
        values, edited = write.get("values"), write.get("edit")
        if isinstance(edited, Record):
            write = {**write, "edit": edited.id}
        if values is None:
            return dict(write)
        kind, present = write.get("create"), {}
        if kind is None and isinstance(edited, str) and edited.startswith("#"):
            # Made by the same operation.
            number = int(edited[1:]) if edited[1:].isdecimal() else len(all_writes)
            kind = all_writes[number].get("create") if number < len(all_writes) else None
        elif kind is None and edited is not None and values:
            record = edited if isinstance(edited, Record) else self.record(edited)
            kind, present = record.kind, record.values
        fields = self._kinds[kind].fields if kind in self._kinds else {}
        given = {
            name: _given(fields.get(name), value, present.get(name) or set()) for name, value in values.items()
        }
        return {**write, "values": given}

    def _value(self, kind: str, field: str, value: Any) -> Any:
        declared = self._kinds.get(kind)
        return _read(declared.fields.get(field) if declared else None, value)

    def _record(self, record: Mapping[str, Any]) -> Record:
        values = {name: self._value(record["kind"], name, value) for name, value in record["values"].items()}
        return Record(
            record["id"], record["kind"], record["parent"], record["visible"], _instant(record["created_at"]), values)


#: What is left open is closed before Python goes away, which the library would call into otherwise.
_replicas: "weakref.WeakSet[Replica]" = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for replica in list(_replicas):
        replica.close()


def _path(path: Union[str, bytes, os.PathLike, None]) -> Optional[str]:
    return None if path is None else os.fsdecode(path)


def _bytes(members: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(members, ensure_ascii=False).encode("utf-8")
    except (TypeError, UnicodeEncodeError) as error:
        raise BadRequest(f"not a value that can be written: {error}") from None


def _milliseconds(time: datetime.datetime) -> int:
    if time.tzinfo is None:
        raise BadRequest("a time has a time zone")
    return (time - _EPOCH) // datetime.timedelta(milliseconds=1)


def _instant(milliseconds: int, offset: int = 0) -> Optional[datetime.datetime]:
    """None outside of the years 1 to 9999: a file can bring any."""
    try:
        zone = datetime.timezone(datetime.timedelta(minutes=offset))
        return (_EPOCH + datetime.timedelta(milliseconds=milliseconds)).astimezone(zone)
    except (OverflowError, ValueError):
        return None


def _given(kind: Optional[str], value: Any, present: Any) -> Any:
    """A value as the C interface takes it."""
    if kind == "set":
        if isinstance(value, tuple):
            act, member = value
            return {act: [member]}
        wanted = set(value or ())
        return {"insert": sorted(wanted), "remove": sorted(set(present) - wanted)}
    if kind == "map":
        return [[key, content] for key, content in (value or {}).items()]
    if isinstance(value, datetime.datetime):
        offset = value.utcoffset() or datetime.timedelta()
        return [_milliseconds(value), offset // datetime.timedelta(minutes=1)]
    if isinstance(value, datetime.date):
        return (value - _EPOCH.date()).days
    if isinstance(value, datetime.time):
        return value.hour * 60 + value.minute
    return value


def _read(kind: Optional[str], value: Any) -> Any:
    """A value as Python has it; as it came where a file brought one of another type."""
    try:
        if kind == "set":
            return set(value)
        if kind == "map":
            return dict(value)
        if value is None:
            return None
        if kind == "time":
            return _instant(*value)
        if kind == "day":
            return _EPOCH.date() + datetime.timedelta(days=value)
        if kind == "timeOfDay":
            return datetime.time(value // 60, value % 60)
    except (OverflowError, TypeError, ValueError):
        pass
    return value


_PROGRESS = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64)
_CHANGED = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)


def _library() -> ctypes.CDLL:
    beside = pathlib.Path(__file__).with_name("libunknot.so")
    path = os.environ.get("UNKNOT_LIBRARY") or (str(beside) if beside.exists() else ctypes.util.find_library("unknot"))
    if not path:
        raise FileError("there is no libunknot: set UNKNOT_LIBRARY to its path")
    library = ctypes.CDLL(path)
    text, place = ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)
    library.unknot_open.argtypes = [text, place, place]
    library.unknot_open.restype = ctypes.c_int32
    library.unknot_close.argtypes = [ctypes.c_void_p]
    library.unknot_close.restype = None
    library.unknot_call.argtypes = [ctypes.c_void_p, text, _PROGRESS, ctypes.c_void_p, place]
    library.unknot_call.restype = ctypes.c_int32
    library.unknot_follow.argtypes = [ctypes.c_void_p, _CHANGED, ctypes.c_void_p]
    library.unknot_follow.restype = ctypes.c_uint64
    library.unknot_unfollow.argtypes = [ctypes.c_void_p, ctypes.c_uint64]
    library.unknot_unfollow.restype = None
    library.unknot_free.argtypes = [ctypes.c_void_p]
    library.unknot_free.restype = None
    return library
