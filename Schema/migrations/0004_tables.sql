-- Tables that say what the log means. All of them are derived: they are kept in the transaction in which the log grows,
-- and can be made anew from it at any time. The tables of the declared kinds of record, one each, are made by the program
-- from its declarations; Schema/records.sql shows them, and the views for people.

DROP TABLE listing;
DROP TABLE conflict;
DROP TABLE record_table;

-- Kinds of records. declaration: the SHA-256 of the SQL by which the program that wrote here last made the kind's table
-- and view, null for a kind that it does not declare.
CREATE TABLE record_kind (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  declaration BLOB CHECK (length(declaration) = 32)
) STRICT;

-- The kind of the records that a shape's changes write to: record_kind.id.
ALTER TABLE shape ADD COLUMN kind INTEGER;

-- The SHA-256 of all declarations by which the tables are now kept: a program with others first rebuilds the tables,
-- and one that has the journal open meanwhile notices by this.
CREATE TABLE declaration (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Records of kinds that the program does not declare. Their fields are in the log alone.
CREATE TABLE record_undeclared (
  id INTEGER PRIMARY KEY,                -- the change that created it
  kind INTEGER NOT NULL,                 -- record_kind.id
  parent INTEGER,                        -- the record that it belongs to
  present INTEGER NOT NULL,              -- 1 unless it was removed; its parent may be
  created_at INTEGER NOT NULL            -- when it was recorded
) STRICT;
CREATE INDEX record_undeclared_listed ON record_undeclared (kind, created_at);

-- What sets and maps of declared kinds hold.
CREATE TABLE member (
  record INTEGER NOT NULL,
  field INTEGER NOT NULL,                -- field.id: the name and the key
  value ANY,                             -- of a set 1; null where it is of a type that no column has
  PRIMARY KEY (record, field)
) STRICT, WITHOUT ROWID;

-- Registers whose entries hold two or more different values, until a person decides.
CREATE TABLE register_conflict (
  record INTEGER NOT NULL,
  field INTEGER NOT NULL,                -- field.id; 0: presence
  shown INTEGER NOT NULL,                -- the change whose value is shown until then
  PRIMARY KEY (record, field)
) STRICT, WITHOUT ROWID;

-- Names of changes from key `first` up to the next row's: actor, and the key's depth less `before`. Rebuilt when a
-- line begins; nothing refers to it.
CREATE TABLE line_name (
  first INTEGER PRIMARY KEY,
  actor TEXT NOT NULL,
  before INTEGER NOT NULL
) STRICT;

PRAGMA user_version = 4;
