-- The journal: one SQLite file per device, a full copy of one person's data. This is its second form; the first one
-- (Schema/first-form) is brought over when it is opened.
--
-- Keys. The changes of one actor form a family: one line of history, or, where a journal was copied and both copies were
-- written to, a tree. A line is a piece of it as it arrived in this file. A change's key is line.number << 40 | depth,
-- where depth counts the family's changes that lead to it, itself included. It is given once and never changed; a
-- record's key is that of the change that created it. What a change is called everywhere (actor and seq) follows from
-- the lines and is stored nowhere. 0 stands for "none".
-- Times are milliseconds since 1970 UTC.

PRAGMA application_id = 1970170740;      -- "unkt"

-- Which journal this is. More than one row once two journals were joined. The lowest number is its own.
CREATE TABLE journal (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16) -- random
) STRICT;

-- Random bytes, renewed by every transaction that changes something and noted outside the database: they tell
-- whether this file is the one that this device last wrote (Sidecar).
CREATE TABLE stamp (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  bytes BLOB NOT NULL CHECK (length(bytes) = 16)
) STRICT;

-- Devices, as people see them: this one has number 1.
CREATE TABLE device (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16), -- random
  name TEXT NOT NULL,
  name_revision INTEGER NOT NULL CHECK (name_revision >= 0), -- counts renames; the highest is the name in force
  epoch INTEGER NOT NULL CHECK (epoch >= 0), -- counts restored backups: what it held earlier, it may have lost
  retired INTEGER NOT NULL CHECK (retired IN (0, 1)), -- 1: nobody waits for it any more
  retired_revision INTEGER NOT NULL CHECK (retired_revision >= 0), -- counts retirements and returns
  last_import INTEGER,                   -- when a file from this device was last imported here
  writer INTEGER REFERENCES line (number), -- this device: the line that it writes on; null: a new one, next time
  said_epoch INTEGER,                    -- the epoch in which it last spoke for itself; null: all of it is hearsay
  -- What it believed this device to hold when it last wrote: the SHA-256 of the hashes of that clock's entries, in the
  -- order of their bytes.
  heard BLOB,
  -- What it was last told that it is known to hold, in the same form: once it has heard of that, it knows that it was
  -- heard, and has nothing more to tell. Files get lost: where it repeats itself it is told once more, 1 after the hash
  -- while that is to come and 2 afterwards.
  told BLOB
) STRICT;

-- Lines, in the order in which they began here. depth and hash say how far each one is held: together, the journal's
-- vector clock.
CREATE TABLE line (
  number INTEGER PRIMARY KEY CHECK (number BETWEEN 1 AND 4194303),
  actor BLOB UNIQUE CHECK (length(actor) = 16), -- where a family begins: its first actor, random
  parent INTEGER,                        -- else: the key of the change that it goes on from, in the middle of its line
  first_hash BLOB CHECK (length(first_hash) = 32), -- of the line's first change
  beside_hash BLOB CHECK (length(beside_hash) = 32), -- of the change that follows parent on its own line
  device INTEGER NOT NULL REFERENCES device (number),
  depth INTEGER NOT NULL CHECK (depth >= 0), -- of the line's last change
  hash BLOB NOT NULL CHECK (length(hash) = 32), -- of that change; where there is none, what the first one will follow
  context BLOB NOT NULL,                 -- what the writer of that change had seen: (line, depth) pairs, as varints
  CHECK ((actor IS NULL) = (parent IS NOT NULL)),
  CHECK ((parent IS NULL) = (first_hash IS NULL)),
  CHECK ((parent IS NULL) = (beside_hash IS NULL))
) STRICT;

-- What each device is known to hold, from the files that came from it or from those who heard of it.
CREATE TABLE acknowledgement (
  device INTEGER NOT NULL REFERENCES device (number),
  line INTEGER NOT NULL REFERENCES line (number),
  depth INTEGER NOT NULL CHECK (depth > 0),
  said INTEGER NOT NULL CHECK (said BETWEEN 0 AND depth), -- as much of it as the device itself said; the rest is
                                         -- hearsay, which goes when the device speaks again
  PRIMARY KEY (device, line)
) STRICT, WITHOUT ROWID;

-- What changes do and to which fields: each combination once. definition has the bytes of Shape.canonicalBytes.
CREATE TABLE shape (
  id INTEGER PRIMARY KEY,
  definition BLOB NOT NULL UNIQUE
) STRICT;

-- Names of registers: a field, or one key of a field that is a map or a set. Number 0 is presence.
CREATE TABLE field (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  key TEXT,                              -- null unless the field is a map or a set
  UNIQUE (name, key)
) STRICT;
INSERT INTO field (id, name) VALUES (0, 'presence');

-- Names of tables, and by which of its fields a table is listed ('' = by when the record was created). When the
-- program learns of a table or lists it by another field, listing is made anew from this.
CREATE TABLE record_table (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  time_field TEXT NOT NULL
) STRICT;

-- The change log: every write ever made by anyone, stored once and never altered. Values are kept here alone;
-- records and registers below only point to them.
CREATE TABLE change (
  key INTEGER PRIMARY KEY,
  shape INTEGER NOT NULL,                -- not a foreign key: it would be looked up for every change
  subject INTEGER NOT NULL,              -- edit, delete: the record; create: its parent, or 0 (found by: entry)
  recorded_at INTEGER NOT NULL,          -- the writer's wall clock
  begins INTEGER NOT NULL CHECK (begins IN (0, 1)), -- 1 for the first change of an operation
  body BLOB NOT NULL,                    -- the values, in the order of the shape's fields (Body)
  line INTEGER AS (key >> 40) VIRTUAL,
  depth INTEGER AS (key & 1099511627775) VIRTUAL
) STRICT;

-- Contexts, stored once per import and not once per change: from change key on, what its line's writers had seen differs
-- from before in these families. For each, all last changes are given, none of which leads to another; the line's
-- number and 0 if it has none any more. What leads to the change itself is left out. A line that goes on from another
-- begins with its whole context.
CREATE TABLE context (
  key INTEGER PRIMARY KEY,
  heads BLOB NOT NULL                    -- (line, depth) pairs as varints
) STRICT;

-- The chain hash of every 64th change of a family, of every change that a context names as its last, of those beside
-- which a line begins, of those before forgotten ones, and of those that other devices are known to hold last when
-- changes are forgotten; those between are computed from here.
CREATE TABLE checkpoint (
  key INTEGER PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Changes that were forgotten (compact): from first to last, no entry is left in any register. Their hashes are kept,
-- to tell another history from this one; the last one's is a checkpoint, so that the chain goes on after them.
CREATE TABLE forgotten (
  first INTEGER PRIMARY KEY,
  last INTEGER NOT NULL,
  hashes BLOB NOT NULL,                  -- 32 bytes each
  CHECK (length(hashes) = (last - first + 1) * 32)
) STRICT;

-- What was written to a record after it was created: a row for each change, with the registers of which it still is
-- an entry. A field that no row names holds what the creating change says; presence then is that change's "true". A
-- change whose last entry is overwritten keeps its row, spent, for the record's history and a parent's children; one
-- that only touched a parent's presence leaves none.
CREATE TABLE entry (
  record INTEGER NOT NULL,
  spent INTEGER NOT NULL CHECK (spent IN (0, 1)), -- 1: every entry is overwritten; not to be read where it is written to
  key INTEGER NOT NULL,                  -- the change
  own INTEGER NOT NULL CHECK (own IN (0, 1)), -- 1: the record is the change's subject; 0: a descendant is
  presence INTEGER NOT NULL CHECK (presence BETWEEN 0 AND 2), -- its entry of presence: 0 none, 1 true, 2 false
  fields BLOB NOT NULL,                  -- fields (field.id) of which it is an entry, ascending, as varints
  PRIMARY KEY (record, spent, key)
) STRICT, WITHOUT ROWID;

-- Registers whose entries hold two or more different values, until a person decides.
CREATE TABLE conflict (
  record INTEGER NOT NULL,
  field INTEGER NOT NULL,
  PRIMARY KEY (record, field)
) STRICT, WITHOUT ROWID;

-- Records in the order in which they are listed: by table and time.
CREATE TABLE listing (
  record_table INTEGER NOT NULL,
  time INTEGER NOT NULL,                 -- the table's time field, else when the record was created
  record INTEGER NOT NULL,
  present INTEGER NOT NULL,              -- 1 unless the record itself was removed; its parent may be
  PRIMARY KEY (record_table, time, record)
) STRICT, WITHOUT ROWID;

-- What was done on this device: its operations, and its imports. Undo and redo go by it.
CREATE TABLE operation (
  number INTEGER PRIMARY KEY,            -- in the order in which they were done here
  first INTEGER NOT NULL UNIQUE,         -- the first change, of an import the first of one line's
  last INTEGER NOT NULL,                 -- the last change; of an import the same as the first
  label TEXT NOT NULL,                   -- the command
  recorded_at INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3), -- 0 done, 1 an undo, 2 a redo, 3 an import
  reverts INTEGER,                       -- number of the operation that an undo or a redo took back
  held_before BLOB,                      -- imports: what was held before and after them, as (line, depth) pairs
  held_after BLOB,
  spent INTEGER NOT NULL DEFAULT 0 CHECK (spent IN (0, 1)), -- 1: it was taken back, and nothing was left to take back:
                                         -- there is no change that an undo of it begins with
  CHECK (first <= last),
  CHECK ((kind = 3) = (held_before IS NOT NULL AND held_after IS NOT NULL))
) STRICT;

PRAGMA user_version = 3;
