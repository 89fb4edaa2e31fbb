"""The columns of a block of changes (Schema/changeset.md, "Columns" and "Values"), and the shapes that they have."""
import hashlib, re, zlib

from changeset_bytes import MOST_SEQ, PART, Damaged, Reader, called, message, need, sized, text, varint, wrapped, zigzag

NAME = re.compile(r"[a-z0-9_]{1,64}\Z")


class Shape:
    def __init__(self, data):
        part = message(data, "Shape")
        self.action, self.table = {1: "create", 2: "edit", 3: "delete"}.get(part["action"]), part["table"]
        fields = [(field["name"], field["key"]) for field in (message(field, "Field") for field in part["field"])]
        order = [(name.encode(), key is not None, (key or "").encode()) for name, key in fields]
        need(self.action and NAME.match(self.table) and not (self.action == "delete" and fields) and all(
            NAME.match(name) and name != "presence" and len((key or "").encode()) <= 256 for name, key in fields)
            and all(a < b for a, b in zip(order, order[1:])), "the shape of a change is malformed")
        self.fields = [name if key is None else f"{name}/{key}" for name, key in fields]
        names = b"".join(sized(name) + (b"\1" + sized(key) if has_key else b"\0") for name, has_key, key in order)
        self.digest = hashlib.sha256(
            bytes([part["action"]]) + sized(self.table.encode()) + varint(len(fields)) + names).digest()


class Values:
    """One field of one shape."""
    def __init__(self, data, history):
        column = message(data, "ValueColumn")
        self.tags, self.row, self.history, self.used, self.time, self.offset = column.pop("tag"), 0, history, 0, 0, 0
        self.columns = {name: Reader(data) for name, data in column.items()}
        self.list = column["choice"] and [self.columns["content"].raw(n) for n in self.columns["length"].rest()]

    def next(self):
        """The value as JSON has it, and as it is hashed."""
        need(len(self.tags) == 1 or self.row < len(self.tags), "it has fewer values than changes")
        tag = self.tags[0 if len(self.tags) == 1 else self.row]
        self.row += 1
        columns, start = self.columns, bytes([tag])
        if tag == 0:
            return None, start
        if tag == 1:
            number = columns["integer"].signed()
            return {"integer": number}, start + zigzag(number)
        if tag in (2, 5):
            need(self.list or not columns["choice"].end, "a text is chosen that is not there")
            if self.list:
                place = columns["choice"].unsigned()
                need(place <= self.used and place < len(self.list), "a text is chosen that is not there, or too early")
                self.used, data = max(self.used, place + 1), self.list[place]
            else:
                data = columns["content"].raw(columns["length"].unsigned())
            return {"text": text(data)} if tag == 2 else {"bytes": data.hex()}, start + sized(data)
        if tag == 3:
            self.time, moved = wrapped(self.time + columns["time"].signed(), 64), columns["offset"].signed()
            need(-1 << 31 <= moved < 1 << 31, "an offset from UTC is out of range")
            self.offset = wrapped(self.offset + moved, 32)
            return {"time": self.time, "offset": self.offset}, start + zigzag(self.time) + zigzag(self.offset)
        need(tag in (4, 6), "a value is of a type that this format does not know")
        hash = columns["reference_hash"].raw(32) if tag == 6 else b""
        actor, seq = columns["reference_actor"].unsigned(), columns["reference_seq"].unsigned()
        need(actor < len(self.history.actors) and actor not in self.history.branches and 1 <= seq <= MOST_SEQ,
             "a reference is out of range")
        value = {"reference": f"{called(self.history.actors[actor])}-{seq}"} | ({"hash": hash.hex()} if hash else {})
        return value, start + hash + self.history.actors[actor] + varint(seq)

    def is_at_end(self):
        return (len(self.tags) == 1 or self.row == len(self.tags)) and self.used == len(self.list) and all(
            reader.at == reader.end for reader in self.columns.values())


def rows(block, shapes, count, history):
    """The changes in a block's columns: shape, begins, recorded_at, subject, values, and these as bytes."""
    need(block["columns_size"] <= PART, "a block is too large")
    inflater = zlib.decompressobj(-15)
    try:
        data = inflater.decompress(block["columns"], block["columns_size"] + 1)
    except zlib.error:
        raise Damaged("a block is not compressed as it should be") from None
    need(inflater.eof and not inflater.unused_data and len(data) == block["columns_size"], "a block has another size")
    columns = message(data, "Columns")
    numbers = list(Reader(columns["shape"]).rest())
    need(len(numbers) == count and all(number < len(shapes) for number in numbers), "a change has no shape")
    used = [(number, len(shapes[number].fields)) for number in sorted(set(numbers))]
    need(sum(width for _, width in used) == len(columns["values"]), "it has not as many columns as fields")
    values = (Values(column, history) for column in columns["values"])
    fields = {number: [next(values) for _ in range(width)] for number, width in used}
    begins, times, actors, seqs = (
        Reader(columns[name]) for name in ("begins", "recorded_at", "subject_actor", "subject_seq"))
    left, beginning, time, seq = begins.unsigned() if count else 0, False, 0, 0
    for number in numbers:
        if not left:
            left, beginning = begins.unsigned(), not beginning
            need(left, "its columns do not fit each other")
        left -= 1
        time, subject, actor = wrapped(time + times.signed(), 64), None, actors.unsigned()
        if actor:
            seq += seqs.signed()
            need(actor <= len(history.actors) and 1 <= seq <= MOST_SEQ, "a record is out of range")
            subject = (actor - 1, seq)
        need(subject or shapes[number].action == "create", "a change names no record")
        read = [column.next() for column in fields[number]]
        body = b"".join(item[1] for item in read)
        need(len(body) <= 1 << 20, "a change is too large")
        named = dict(zip(shapes[number].fields, (item[0] for item in read)))
        yield shapes[number], beginning, time, subject, named, body
    need(not left and all(reader.at == reader.end for reader in (begins, times, actors, seqs))
         and all(column.is_at_end() for list in fields.values() for column in list), "it has more values than changes")
