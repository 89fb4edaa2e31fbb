-- The journal: one SQLite file per device, a full copy of one person's data.
--
-- Dots. A change is named by (actor, seq). Inside the file that is one integer, actor.id << 40 | seq, called
-- a dot; a record's id is the dot of the change that created it. 0 stands for "none". Actor numbers are
-- local to this file; the 16 bytes in actor.bytes are what the world knows.
-- Times are milliseconds since 1970 UTC.

-- Which journal this is. More than one row once two journals were joined. The lowest number is its own.
CREATE TABLE journal (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE                -- 16 random bytes
) STRICT;

-- Random bytes, renewed by every transaction that changes something and noted outside the database: they tell
-- whether this file is the one that this device last wrote (Sidecar).
CREATE TABLE stamp (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  bytes BLOB NOT NULL                    -- 16 random bytes
) STRICT;

-- Devices, as people see them: this one has number 1.
CREATE TABLE device (
  number INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,               -- 16 random bytes
  name TEXT NOT NULL,
  name_revision INTEGER NOT NULL,        -- counts renames; the highest is the name in force
  epoch INTEGER NOT NULL,                -- counts restored backups: what it held in an earlier epoch, it may have lost
  retired INTEGER NOT NULL,              -- 1: nobody waits for it any more
  retired_revision INTEGER NOT NULL,     -- counts retirements and returns; the highest is in force
  last_import INTEGER,                   -- when a file from this device was last imported here
  writer INTEGER                         -- this device: the actor it writes as; null: a new one with the next write
) STRICT;

-- Writers. seq and hash say how far each one's changes are held here: together, the journal's vector clock.
-- Where two histories were written under one name (a fork), one of them goes on under an actor of its own, which
-- has the first history's actor as its parent and counts from 1 again.
CREATE TABLE actor (
  id INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL UNIQUE,            -- 16 random bytes; of a branch, the first 16 of its first change's hash
  device INTEGER NOT NULL REFERENCES device (number),
  seq INTEGER NOT NULL,                  -- the highest seq held
  hash BLOB NOT NULL,                    -- hash of that change; while seq is 0, what the first one will follow
  context BLOB NOT NULL,                 -- the actor's context at that change: (actor.id, seq) pairs, as varints
  parent INTEGER REFERENCES actor (id),  -- null unless it is a branch
  depth INTEGER NOT NULL                 -- of a branch: how many changes of its family come before it; else 0
) STRICT;

-- What each device is known to hold, from the files that came from it or from those who heard of it.
CREATE TABLE acknowledgement (
  device INTEGER NOT NULL REFERENCES device (number),
  actor INTEGER NOT NULL REFERENCES actor (id),
  seq INTEGER NOT NULL,
  PRIMARY KEY (device, actor)
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
  dot INTEGER PRIMARY KEY,
  shape INTEGER NOT NULL,                -- not a foreign key: it would be looked up for every change
  subject INTEGER NOT NULL,              -- edit, delete: the record; create: its parent, or 0 (found by: entry)
  recorded_at INTEGER NOT NULL,          -- the writer's wall clock
  begins INTEGER NOT NULL,               -- 1 for the first change of an operation
  body BLOB NOT NULL                     -- the values, in the order of the shape's fields (Body)
) STRICT;

-- Contexts, stored once per import and not once per change: from change dot on, its actor's context differs
-- from the one before by these entries, (actor.id, seq) pairs as varints, seq 0 for one that is taken away.
CREATE TABLE context (
  dot INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;

-- The chain hash of every 64th change of an actor, of every change that a context names as its last, and of those
-- that other devices are known to hold last when changes are forgotten; those between are computed from here.
CREATE TABLE checkpoint (
  dot INTEGER PRIMARY KEY,
  hash BLOB NOT NULL                     -- 32 bytes
) STRICT;

-- Changes that were forgotten (compact): of the actor's changes from first to last, no entry is left in any register.
-- Their hashes are kept, by which another history is told from this one; the last one's is a checkpoint, so that the
-- chain goes on after them.
CREATE TABLE forgotten (
  first INTEGER PRIMARY KEY,
  last INTEGER NOT NULL,
  hashes BLOB NOT NULL                   -- 32 bytes each
) STRICT;

-- What was written to a record after it was created: a row for each change, with the registers of which it still is
-- an entry. A field that no row names holds what the creating change says, and presence that change's "true". A
-- change whose last entry is overwritten leaves its row as spent, for the record's history and a parent's children;
-- one that only touched a parent's presence leaves none.
CREATE TABLE entry (
  record INTEGER NOT NULL,
  spent INTEGER NOT NULL,                -- 1: every entry is overwritten; not to be read where a record is written
  dot INTEGER NOT NULL,                  -- the change
  own INTEGER NOT NULL,                  -- 1: the record is the change's subject; 0: a descendant is
  presence INTEGER NOT NULL,             -- its entry of presence: 0 none, 1 true, 2 false
  fields BLOB NOT NULL,                  -- fields (field.id) of which it is an entry, ascending, as varints
  PRIMARY KEY (record, spent, dot)
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
  dot INTEGER NOT NULL UNIQUE,           -- the first change, of an import the first of one actor's
  last INTEGER NOT NULL,                 -- the last change; of an import the same as dot
  label TEXT NOT NULL,                   -- the command
  recorded_at INTEGER NOT NULL,
  kind INTEGER NOT NULL,                 -- 0 done, 1 an undo, 2 a redo, 3 an import
  reverts INTEGER,                       -- number of the operation that an undo or a redo took back
  held_before BLOB,                      -- imports: what was held before and after them, as (actor.id, seq) pairs
  held_after BLOB
) STRICT;

PRAGMA user_version = 1;
