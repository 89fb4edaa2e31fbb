-- What identifies devices if files are sealed: their public keys, and a certificate of those by the root key of a key
-- epoch. Secrets are never in here.
ALTER TABLE device ADD COLUMN signer BLOB CHECK (length(signer) = 32);         -- Ed25519
ALTER TABLE device ADD COLUMN recipient BLOB CHECK (length(recipient) = 32);   -- X25519
ALTER TABLE device ADD COLUMN key_epoch INTEGER CHECK (key_epoch >= 1);        -- of the certificate
ALTER TABLE device ADD COLUMN certificate BLOB CHECK (length(certificate) = 64);
-- It was declared lost, and this key epoch was begun without it; 0: it was not.
ALTER TABLE device ADD COLUMN lost_epoch INTEGER NOT NULL DEFAULT 0 CHECK (lost_epoch >= 0);

-- Whether this journal's files are sealed, and with which key epoch's secret at least: a copy of the journal without
-- keys writes no unsealed file. No row: not sealed.
CREATE TABLE sealing (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  epoch INTEGER NOT NULL CHECK (epoch >= 1)
) STRICT;

-- Rows that no hash chain proves have a checksum of their own: those that only this file knows. It reveals a row that
-- anything but this program altered. row_checksum is the program's own: the first 8 bytes of the SHA-256 of its
-- arguments, each as a byte for its type (0 null, 1 integer, 2 real, 3 text, 4 blob) and its bytes: numbers 8, the
-- highest first; text and blobs after their length, which is such a number.

ALTER TABLE journal ADD COLUMN checksum INTEGER;
ALTER TABLE device ADD COLUMN checksum INTEGER;
ALTER TABLE acknowledgement ADD COLUMN checksum INTEGER;
ALTER TABLE operation ADD COLUMN checksum INTEGER;

CREATE TRIGGER journal_inserted AFTER INSERT ON journal BEGIN
  UPDATE journal SET checksum = row_checksum(number, id) WHERE number = new.number;
END;

CREATE TRIGGER device_inserted AFTER INSERT ON device BEGIN
  UPDATE device SET checksum = row_checksum(number, id, name, name_revision, epoch, retired, retired_revision,
    last_import, writer, said_epoch, heard, told, signer, recipient, key_epoch, certificate, lost_epoch)
  WHERE number = new.number;
END;
CREATE TRIGGER device_updated AFTER UPDATE OF number, id, name, name_revision, epoch, retired, retired_revision,
  last_import, writer, said_epoch, heard, told, signer, recipient, key_epoch, certificate, lost_epoch
ON device
BEGIN
  UPDATE device SET checksum = row_checksum(number, id, name, name_revision, epoch, retired, retired_revision,
    last_import, writer, said_epoch, heard, told, signer, recipient, key_epoch, certificate, lost_epoch)
  WHERE number = new.number;
END;

CREATE TRIGGER acknowledgement_inserted AFTER INSERT ON acknowledgement BEGIN
  UPDATE acknowledgement SET checksum = row_checksum(device, line, depth, said)
  WHERE device = new.device AND line = new.line;
END;
CREATE TRIGGER acknowledgement_updated AFTER UPDATE OF device, line, depth, said ON acknowledgement BEGIN
  UPDATE acknowledgement SET checksum = row_checksum(device, line, depth, said)
  WHERE device = new.device AND line = new.line;
END;

CREATE TRIGGER operation_inserted AFTER INSERT ON operation BEGIN
  UPDATE operation SET checksum = row_checksum(number, first, last, label, recorded_at, kind, reverts, held_before,
    held_after, spent) WHERE number = new.number;
END;
CREATE TRIGGER operation_updated AFTER UPDATE OF number, first, last, label, recorded_at, kind, reverts, held_before,
  held_after, spent ON operation
BEGIN
  UPDATE operation SET checksum = row_checksum(number, first, last, label, recorded_at, kind, reverts, held_before,
    held_after, spent) WHERE number = new.number;
END;

-- The rows that are there already.
UPDATE journal SET checksum = row_checksum(number, id);
UPDATE device SET number = number;
UPDATE acknowledgement SET device = device;
UPDATE operation SET number = number;

PRAGMA user_version = 5;
