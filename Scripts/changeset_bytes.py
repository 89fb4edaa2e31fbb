"""The bytes of changeset files: numbers, and messages of changeset.proto in the one form in which they are written."""
import os, re

ROWS, PART, MOST_SEQ = 4096, 16 << 20, (1 << 40) - 1
LIMITS = {("Header", "journal"): 64, ("Header", "device"): 10_000, ("Block", "shape"): ROWS, ("Block", "run"): ROWS,
          ("Shape", "field"): 256}
BITS = {"uint32": 32, "uint64": 64, "bool": 1}
PROTO = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "Schema", "changeset.proto")
with open(PROTO, encoding="utf-8") as proto:
    # By message and number: repeated, optional or nothing; type; name.
    SCHEMA = {kind: {int(number): (label.strip(), type, name) for label, type, name, number in re.findall(
        r"(repeated |optional |)(\w+) (\w+) = (\d+);", body)}
        for kind, body in re.findall(r"message (\w+) \{(.*?)\n\}", re.sub("//.*", "", proto.read()), re.S)}


class Damaged(Exception): pass


def need(condition, reason):
    if not condition:
        raise Damaged(reason)


class Reader:
    """Numbers and bytes, one after the other."""
    def __init__(self, data):
        self.data, self.at, self.end = data, 0, len(data)

    def unsigned(self, bits=64):
        number = shift = 0
        while True:
            need(self.at < self.end and shift < 70, "a number is cut off or too large")
            byte = self.data[self.at]
            self.at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                need((byte or not shift) and not number >> bits, "a number is not in its shortest form, or too large")
                return number
            shift += 7

    def signed(self):
        number = self.unsigned()
        return number >> 1 ^ -(number & 1)

    def raw(self, count):
        need(count <= self.end - self.at, "it ends too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def rest(self, bits=64):
        while self.at < self.end:
            yield self.unsigned(bits)


def text(data):
    try:
        string = data.decode()
    except UnicodeDecodeError:
        raise Damaged("a text is not UTF-8") from None
    need("\0" not in string, "a text has a NUL")
    return string


def message(data, kind):
    """A message, in the one form in which a writer writes it. Messages in it are left as bytes."""
    fields, reader, last = SCHEMA[kind], Reader(data), 0
    result = {name: [] if label == "repeated" else None if label == "optional" else 0 if type in BITS
              else "" if type == "string" else b"" for label, type, name in fields.values()}
    while reader.at < reader.end:
        key = reader.unsigned(32)
        need(key >> 3 in fields, "a message has a field that this format does not know")
        label, type, name = fields[key >> 3]
        many, packed = label == "repeated" and type not in BITS, label == "repeated" and type in BITS
        need(key >> 3 > last or key >> 3 == last and many, "the fields of a message are not in order")
        need(key & 7 == (0 if type in BITS and not packed else 2), "a field is of another type")
        last = key >> 3
        value = reader.raw(reader.unsigned()) if key & 7 else reader.unsigned(BITS[type])
        value = list(Reader(value).rest(BITS[type])) if packed else text(value) if type == "string" else value
        need(value or many or label == "optional", "a default value is written out")
        if many:
            result[name].append(value)
            need(len(result[name]) <= LIMITS.get((kind, name), PART), "a message has too many entries")
        else:
            result[name] = value
    return result


def varint(number):
    data = bytearray()
    while number >= 0x80:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(data) + bytes([number])


def zigzag(number):
    return varint(number * 2 if number >= 0 else -number * 2 - 1)


def sized(data):
    return varint(len(data)) + data


def wrapped(number, bits):
    return (number + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)


def called(actor):
    """26 characters of Crockford's base 32, as the program calls actors."""
    number = int.from_bytes(actor, "big") << 2
    return "".join("0123456789abcdefghjkmnpqrstvwxyz"[number >> shift & 31] for shift in range(125, -1, -5))
