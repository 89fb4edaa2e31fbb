-- What a device says of itself outranks what others say of it, and what this device holds is news to whoever is not
-- known to have heard of it (merge.md, "Exchange").

-- Of seq, as much as the device itself said; the rest is hearsay, which goes when the device speaks again.
ALTER TABLE acknowledgement ADD COLUMN said INTEGER NOT NULL DEFAULT 0;

-- The epoch in which the device last spoke for itself; null: all that is known of it is hearsay.
ALTER TABLE device ADD COLUMN said_epoch INTEGER;

-- What the device, when it last wrote, believed this one to hold: the SHA-256 of the hashes of that clock's entries, in
-- the order of their bytes. Hashes stay as they are when actors are renamed.
ALTER TABLE device ADD COLUMN heard BLOB;

-- What the device was last told that it is known to hold, in the same form: once it has heard of that, it knows that it
-- was heard, and has nothing more to tell. Files get lost: where it repeats itself it is told once more, 1 after the hash
-- while that is to come and 2 afterwards.
ALTER TABLE device ADD COLUMN told BLOB;

-- 1: it was taken back, and nothing of it was left to take back: there is no change that an undo of it begins with.
ALTER TABLE operation ADD COLUMN spent INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 2;
