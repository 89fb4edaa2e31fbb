-- The tables of all kinds of records and the views for people, as the program makes them: written by it from the
-- declarations in Sources/UnknotKit (RecordType), not by hand. All of them are derived from the log: what anything
-- else writes to them is ignored, and lost when they are rebuilt.
--
-- Tables: id is the key of the change that created the record (line << 40 | depth), parent the key of the record that it
-- belongs to; present is 1 unless it was removed (its parent may be); complete is 1 where the row and `member` say all
-- that its fields hold, 0 where another version of the program wrote more. Times are in milliseconds since 1970 UTC,
-- with their minutes east of UTC beside them; days are counted from 1970-01-01; times of day are minutes after midnight;
-- references are ids; sets and maps are in `member` (migrations/0004_tables.sql).
-- Views: what is visible, with ids, times and days as the program prints them, the name of the device on which the
-- record was made, sets as JSON arrays and maps as JSON objects. Of a field in conflict they show the value that the
-- program shows; the view `conflict` lists which fields those are. `key`, and the other columns that end in it, are
-- ids of the tables: join views by them; they mean something in this journal only.

-- session
--   started_at: a time
--   ended_at: a time
--   status: one of running, done, partial, abandoned
--   source: one of timer, manual, import
--   routine: the routine that it names
--   guide: a short text
--   painful_side: one of left, right, both, midline
--   plan: the plan that it names
--   slot: a short text
--   surface: one of floor, wall, chair
--   ball: the ball that it names
--   episode: the episode that it names
--   adverse: one of bruise, more-pain, nerve-sign, dizzy, other
--   adverse_severity: 0 to 10
--   adverse_resolved_at: a time
--   override_reason: a text
--   note: a text
--   local_day: the day that its time belongs to, as it was when that was written
--   precision: one of exact, approx, day
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_session" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "started_at" INTEGER,
  "started_at_offset" INTEGER,
  "ended_at" INTEGER,
  "ended_at_offset" INTEGER,
  "status" TEXT,
  "source" TEXT,
  "routine" INTEGER,
  "guide" TEXT,
  "painful_side" TEXT,
  "plan" INTEGER,
  "slot" TEXT,
  "surface" TEXT,
  "ball" INTEGER,
  "episode" INTEGER,
  "adverse" TEXT,
  "adverse_severity" INTEGER,
  "adverse_resolved_at" INTEGER,
  "adverse_resolved_at_offset" INTEGER,
  "override_reason" TEXT,
  "note" TEXT,
  "local_day" INTEGER,
  "precision" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_session_listed" ON "record_session" (coalesce("started_at", created_at));
CREATE VIEW "session" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."started_at" + record."started_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."started_at_offset" < 0, '-', '+'), abs(record."started_at_offset") / 60, abs(record."started_at_offset") % 60) AS "started_at",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."ended_at" + record."ended_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."ended_at_offset" < 0, '-', '+'), abs(record."ended_at_offset") / 60, abs(record."ended_at_offset") % 60) AS "ended_at",
  record."status" AS "status",
  record."source" AS "source",
  (SELECT actor || '-' || ((record."routine" & 1099511627775) - before) FROM line_name WHERE first <= record."routine" ORDER BY first DESC LIMIT 1) AS "routine",
  record."guide" AS "guide",
  record."painful_side" AS "painful_side",
  (SELECT actor || '-' || ((record."plan" & 1099511627775) - before) FROM line_name WHERE first <= record."plan" ORDER BY first DESC LIMIT 1) AS "plan",
  record."slot" AS "slot",
  record."surface" AS "surface",
  (SELECT actor || '-' || ((record."ball" & 1099511627775) - before) FROM line_name WHERE first <= record."ball" ORDER BY first DESC LIMIT 1) AS "ball",
  (SELECT actor || '-' || ((record."episode" & 1099511627775) - before) FROM line_name WHERE first <= record."episode" ORDER BY first DESC LIMIT 1) AS "episode",
  record."adverse" AS "adverse",
  record."adverse_severity" AS "adverse_severity",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."adverse_resolved_at" + record."adverse_resolved_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."adverse_resolved_at_offset" < 0, '-', '+'), abs(record."adverse_resolved_at_offset") / 60, abs(record."adverse_resolved_at_offset") % 60) AS "adverse_resolved_at",
  record."override_reason" AS "override_reason",
  record."note" AS "note",
  date(max(-719162, min(2932896, record."local_day")) * 86400, 'unixepoch') AS "local_day",
  record."precision" AS "precision",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key",
  record."routine" AS "routine_key",
  record."plan" AS "plan_key",
  record."ball" AS "ball_key",
  record."episode" AS "episode_key"
FROM "record_session" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- bout
--   session: the session that it belongs to
--   target: one of erector-mid, ql, glute-max, glute-med, glute-min, tfl
--   side: one of left, right, both, midline
--   surface: one of floor, wall, chair
--   seconds: seconds
--   planned_seconds: seconds
--   reps: 1 to 20
--   technique: one of hold, slow-roll, hold-move
--   spot: the spot that it names
--   ball: the ball that it names
--   outcome: one of done, skipped, stopped
--   skip_reason: a short text
--   stop_sign: one of sharp, electric, shooting, tingling, numbness, discomfort, dizzy, nausea, other
--   discomfort_start: 0 to 10
--   discomfort_peak: 0 to 10
--   discomfort_end: 0 to 10
--   release: one of none, partial, full
--   referred_to: any of low-back, mid-back, upper-back, neck, shoulder, buttock, sacrum, tailbone, hip, groin, thigh, knee, calf, ankle, foot
--   note: a text
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
--   order: puts the records of one parent in order, as bytes
CREATE TABLE "record_bout" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "target" TEXT,
  "side" TEXT,
  "surface" TEXT,
  "seconds" INTEGER,
  "planned_seconds" INTEGER,
  "reps" INTEGER,
  "technique" TEXT,
  "spot" INTEGER,
  "ball" INTEGER,
  "outcome" TEXT,
  "skip_reason" TEXT,
  "stop_sign" TEXT,
  "discomfort_start" INTEGER,
  "discomfort_peak" INTEGER,
  "discomfort_end" INTEGER,
  "release" TEXT,
  "note" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  "order" TEXT,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_bout_listed" ON "record_bout" (created_at);
CREATE INDEX "record_bout_parent" ON "record_bout" (parent) WHERE parent IS NOT NULL;
CREATE VIEW "bout" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT actor || '-' || ((record.parent & 1099511627775) - before) FROM line_name WHERE first <= record.parent ORDER BY first DESC LIMIT 1) AS "session",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  record."target" AS "target",
  record."side" AS "side",
  record."surface" AS "surface",
  record."seconds" AS "seconds",
  record."planned_seconds" AS "planned_seconds",
  record."reps" AS "reps",
  record."technique" AS "technique",
  (SELECT actor || '-' || ((record."spot" & 1099511627775) - before) FROM line_name WHERE first <= record."spot" ORDER BY first DESC LIMIT 1) AS "spot",
  (SELECT actor || '-' || ((record."ball" & 1099511627775) - before) FROM line_name WHERE first <= record."ball" ORDER BY first DESC LIMIT 1) AS "ball",
  record."outcome" AS "outcome",
  record."skip_reason" AS "skip_reason",
  record."stop_sign" AS "stop_sign",
  record."discomfort_start" AS "discomfort_start",
  record."discomfort_peak" AS "discomfort_peak",
  record."discomfort_end" AS "discomfort_end",
  record."release" AS "release",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'referred_to' ORDER BY field.key)) AS "referred_to",
  record."note" AS "note",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record."order" AS "order",
  record.id AS "key",
  record.parent AS "session_key",
  record."spot" AS "spot_key",
  record."ball" AS "ball_key"
FROM "record_bout" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- pain
--   session: the session that it belongs to
--   at: a time
--   score: 0 to 10; 0 to 100 where the record says that it is on that scale
--   scale: one of nrs11, vas100
--   site: one of low-back, mid-back, upper-back, neck, shoulder, buttock, sacrum, tailbone, hip, groin, thigh, knee, calf, ankle, foot
--   side: one of left, right, both, midline
--   aspect: one of now, average24, worst24, least24
--   context: one of before, after, scheduled, spontaneous, next-morning, past-week
--   quality: any of ache, stiff, sharp, burning, shooting, throbbing, tingling
--   aggravated_by: any of sitting, standing, lying, bending, lifting, other
--   episode: the episode that it names
--   note: a text
--   local_day: the day that its time belongs to, as it was when that was written
--   precision: one of exact, approx, day
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_pain" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "at" INTEGER,
  "at_offset" INTEGER,
  "score" INTEGER,
  "scale" TEXT,
  "site" TEXT,
  "side" TEXT,
  "aspect" TEXT,
  "context" TEXT,
  "episode" INTEGER,
  "note" TEXT,
  "local_day" INTEGER,
  "precision" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_pain_listed" ON "record_pain" (coalesce("at", created_at));
CREATE INDEX "record_pain_parent" ON "record_pain" (parent) WHERE parent IS NOT NULL;
CREATE VIEW "pain" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT actor || '-' || ((record.parent & 1099511627775) - before) FROM line_name WHERE first <= record.parent ORDER BY first DESC LIMIT 1) AS "session",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."at" + record."at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."at_offset" < 0, '-', '+'), abs(record."at_offset") / 60, abs(record."at_offset") % 60) AS "at",
  record."score" AS "score",
  record."scale" AS "scale",
  record."site" AS "site",
  record."side" AS "side",
  record."aspect" AS "aspect",
  record."context" AS "context",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'quality' ORDER BY field.key)) AS "quality",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'aggravated_by' ORDER BY field.key)) AS "aggravated_by",
  (SELECT actor || '-' || ((record."episode" & 1099511627775) - before) FROM line_name WHERE first <= record."episode" ORDER BY first DESC LIMIT 1) AS "episode",
  record."note" AS "note",
  date(max(-719162, min(2932896, record."local_day")) * 86400, 'unixepoch') AS "local_day",
  record."precision" AS "precision",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key",
  record.parent AS "session_key",
  record."episode" AS "episode_key"
FROM "record_pain" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- routine
--   name: a short text
--   note: a text
--   archived: 1 or 0
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_routine" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "name" TEXT,
  "note" TEXT,
  "archived" INTEGER,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_routine_listed" ON "record_routine" (created_at);
CREATE VIEW "routine" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  record."name" AS "name",
  record."note" AS "note",
  record."archived" <> 0 AS "archived",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key"
FROM "record_routine" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- step
--   routine: the routine that it belongs to
--   target: one of erector-mid, ql, glute-max, glute-med, glute-min, tfl
--   side: one of left, right, both, midline, painful
--   surface: one of floor, wall, chair
--   seconds: seconds
--   reps: 1 to 20
--   rest_seconds: 0 to 600
--   technique: one of hold, slow-roll, hold-move
--   spot: the spot that it names
--   ball: the ball that it names
--   discomfort_cap: 0 to 10
--   optional: 1 or 0
--   note: a text
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
--   order: puts the records of one parent in order, as bytes
CREATE TABLE "record_step" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "target" TEXT,
  "side" TEXT,
  "surface" TEXT,
  "seconds" INTEGER,
  "reps" INTEGER,
  "rest_seconds" INTEGER,
  "technique" TEXT,
  "spot" INTEGER,
  "ball" INTEGER,
  "discomfort_cap" INTEGER,
  "optional" INTEGER,
  "note" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  "order" TEXT,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_step_listed" ON "record_step" (created_at);
CREATE INDEX "record_step_parent" ON "record_step" (parent) WHERE parent IS NOT NULL;
CREATE VIEW "step" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT actor || '-' || ((record.parent & 1099511627775) - before) FROM line_name WHERE first <= record.parent ORDER BY first DESC LIMIT 1) AS "routine",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  record."target" AS "target",
  record."side" AS "side",
  record."surface" AS "surface",
  record."seconds" AS "seconds",
  record."reps" AS "reps",
  record."rest_seconds" AS "rest_seconds",
  record."technique" AS "technique",
  (SELECT actor || '-' || ((record."spot" & 1099511627775) - before) FROM line_name WHERE first <= record."spot" ORDER BY first DESC LIMIT 1) AS "spot",
  (SELECT actor || '-' || ((record."ball" & 1099511627775) - before) FROM line_name WHERE first <= record."ball" ORDER BY first DESC LIMIT 1) AS "ball",
  record."discomfort_cap" AS "discomfort_cap",
  record."optional" <> 0 AS "optional",
  record."note" AS "note",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record."order" AS "order",
  record.id AS "key",
  record.parent AS "routine_key",
  record."spot" AS "spot_key",
  record."ball" AS "ball_key"
FROM "record_step" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- spot
--   target: one of erector-mid, ql, glute-max, glute-med, glute-min, tfl
--   side: one of left, right, both, midline
--   sub_zone: one of upper-outer, lower-outer, upper-inner, lower-inner
--   label: a short text
--   landmark: a text
--   map_x: 0 to 1000
--   map_y: 0 to 1000
--   felt_in: any of low-back, mid-back, upper-back, neck, shoulder, buttock, sacrum, tailbone, hip, groin, thigh, knee, calf, ankle, foot
--   found_on: a day
--   state: one of active, quiet, retired
--   note: a text
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_spot" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "target" TEXT,
  "side" TEXT,
  "sub_zone" TEXT,
  "label" TEXT,
  "landmark" TEXT,
  "map_x" INTEGER,
  "map_y" INTEGER,
  "found_on" INTEGER,
  "state" TEXT,
  "note" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_spot_listed" ON "record_spot" (created_at);
CREATE VIEW "spot" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  record."target" AS "target",
  record."side" AS "side",
  record."sub_zone" AS "sub_zone",
  record."label" AS "label",
  record."landmark" AS "landmark",
  record."map_x" AS "map_x",
  record."map_y" AS "map_y",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'felt_in' ORDER BY field.key)) AS "felt_in",
  date(max(-719162, min(2932896, record."found_on")) * 86400, 'unixepoch') AS "found_on",
  record."state" AS "state",
  record."note" AS "note",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key"
FROM "record_spot" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- ball
--   name: a short text
--   kind: one of lacrosse, tennis, rubber, peanut, spiky, other
--   firmness: 1 to 5
--   diameter_mm: 20 to 200
--   material: a short text
--   on_rope: 1 or 0
--   homemade: 1 or 0
--   marks_wall: 1 or 0
--   set_size: 1 to 100
--   acquired: a day
--   retired: a day
--   note: a text
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_ball" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "name" TEXT,
  "kind" TEXT,
  "firmness" INTEGER,
  "diameter_mm" INTEGER,
  "material" TEXT,
  "on_rope" INTEGER,
  "homemade" INTEGER,
  "marks_wall" INTEGER,
  "set_size" INTEGER,
  "acquired" INTEGER,
  "retired" INTEGER,
  "note" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_ball_listed" ON "record_ball" (created_at);
CREATE VIEW "ball" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  record."name" AS "name",
  record."kind" AS "kind",
  record."firmness" AS "firmness",
  record."diameter_mm" AS "diameter_mm",
  record."material" AS "material",
  record."on_rope" <> 0 AS "on_rope",
  record."homemade" <> 0 AS "homemade",
  record."marks_wall" <> 0 AS "marks_wall",
  record."set_size" AS "set_size",
  date(max(-719162, min(2932896, record."acquired")) * 86400, 'unixepoch') AS "acquired",
  date(max(-719162, min(2932896, record."retired")) * 86400, 'unixepoch') AS "retired",
  record."note" AS "note",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key"
FROM "record_ball" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- episode
--   onset: a time
--   ended_at: a time
--   site: one of low-back, mid-back, upper-back, neck, shoulder, buttock, sacrum, tailbone, hip, groin, thigh, knee, calf, ankle, foot
--   side: one of left, right, both, midline
--   trigger: a text
--   first_ever: 1 or 0
--   note: a text
--   local_day: the day that its time belongs to, as it was when that was written
--   precision: one of exact, approx, day
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_episode" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "onset" INTEGER,
  "onset_offset" INTEGER,
  "ended_at" INTEGER,
  "ended_at_offset" INTEGER,
  "site" TEXT,
  "side" TEXT,
  "trigger" TEXT,
  "first_ever" INTEGER,
  "note" TEXT,
  "local_day" INTEGER,
  "precision" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_episode_listed" ON "record_episode" (coalesce("onset", created_at));
CREATE VIEW "episode" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."onset" + record."onset_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."onset_offset" < 0, '-', '+'), abs(record."onset_offset") / 60, abs(record."onset_offset") % 60) AS "onset",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."ended_at" + record."ended_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."ended_at_offset" < 0, '-', '+'), abs(record."ended_at_offset") / 60, abs(record."ended_at_offset") % 60) AS "ended_at",
  record."site" AS "site",
  record."side" AS "side",
  record."trigger" AS "trigger",
  record."first_ever" <> 0 AS "first_ever",
  record."note" AS "note",
  date(max(-719162, min(2932896, record."local_day")) * 86400, 'unixepoch') AS "local_day",
  record."precision" AS "precision",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key"
FROM "record_episode" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- plan
--   kind: one of course, maintenance, trial
--   routine: the routine that it names
--   from_day: a day
--   until_day: a day
--   review_day: a day
--   check_in: one of daily, weekly
--   slots: values under keys
--   exceptions: values under keys
--   pauses: values under keys
--   arm_a: a short text
--   arm_b: a short text
--   seed: 0 to 4294967295
--   blocks: values under keys
--   outcome: one of change, next-day
--   note: a text
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_plan" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "kind" TEXT,
  "routine" INTEGER,
  "from_day" INTEGER,
  "until_day" INTEGER,
  "review_day" INTEGER,
  "check_in" TEXT,
  "arm_a" TEXT,
  "arm_b" TEXT,
  "seed" INTEGER,
  "outcome" TEXT,
  "note" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_plan_listed" ON "record_plan" (created_at);
CREATE VIEW "plan" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  record."kind" AS "kind",
  (SELECT actor || '-' || ((record."routine" & 1099511627775) - before) FROM line_name WHERE first <= record."routine" ORDER BY first DESC LIMIT 1) AS "routine",
  date(max(-719162, min(2932896, record."from_day")) * 86400, 'unixepoch') AS "from_day",
  date(max(-719162, min(2932896, record."until_day")) * 86400, 'unixepoch') AS "until_day",
  date(max(-719162, min(2932896, record."review_day")) * 86400, 'unixepoch') AS "review_day",
  record."check_in" AS "check_in",
  (SELECT json_group_object(key, iif(typeof(value) = 'blob', lower(hex(value)), value)) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'slots' ORDER BY field.key)) AS "slots",
  (SELECT json_group_object(key, iif(typeof(value) = 'blob', lower(hex(value)), value)) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'exceptions' ORDER BY field.key)) AS "exceptions",
  (SELECT json_group_object(key, iif(typeof(value) = 'blob', lower(hex(value)), value)) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'pauses' ORDER BY field.key)) AS "pauses",
  record."arm_a" AS "arm_a",
  record."arm_b" AS "arm_b",
  record."seed" AS "seed",
  (SELECT json_group_object(key, iif(typeof(value) = 'blob', lower(hex(value)), value)) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'blocks' ORDER BY field.key)) AS "blocks",
  record."outcome" AS "outcome",
  record."note" AS "note",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key",
  record."routine" AS "routine_key"
FROM "record_plan" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- factor
--   at: a time
--   kind: one of strength, core, mobility, walk, posture-break, heat, cold, foam-roll, medication, therapist, rest, other
--   amount: a number with decimals, as its text
--   unit: a short text
--   label: a short text
--   note: a text
--   local_day: the day that its time belongs to, as it was when that was written
--   precision: one of exact, approx, day
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_factor" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "at" INTEGER,
  "at_offset" INTEGER,
  "kind" TEXT,
  "amount" TEXT,
  "unit" TEXT,
  "label" TEXT,
  "note" TEXT,
  "local_day" INTEGER,
  "precision" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_factor_listed" ON "record_factor" (coalesce("at", created_at));
CREATE VIEW "factor" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."at" + record."at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."at_offset" < 0, '-', '+'), abs(record."at_offset") / 60, abs(record."at_offset") % 60) AS "at",
  record."kind" AS "kind",
  record."amount" AS "amount",
  record."unit" AS "unit",
  record."label" AS "label",
  record."note" AS "note",
  date(max(-719162, min(2932896, record."local_day")) * 86400, 'unixepoch') AS "local_day",
  record."precision" AS "precision",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key"
FROM "record_factor" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- assessment
--   at: a time
--   kind: one of peg, pgic, activity
--   period_end: a day
--   pain: 0 to 10
--   enjoyment: 0 to 10
--   activity: 0 to 10
--   change: 1 to 7
--   note: a text
--   local_day: the day that its time belongs to, as it was when that was written
--   precision: one of exact, approx, day
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_assessment" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "at" INTEGER,
  "at_offset" INTEGER,
  "kind" TEXT,
  "period_end" INTEGER,
  "pain" INTEGER,
  "enjoyment" INTEGER,
  "activity" INTEGER,
  "change" INTEGER,
  "note" TEXT,
  "local_day" INTEGER,
  "precision" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_assessment_listed" ON "record_assessment" (coalesce("at", created_at));
CREATE VIEW "assessment" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."at" + record."at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."at_offset" < 0, '-', '+'), abs(record."at_offset") / 60, abs(record."at_offset") % 60) AS "at",
  record."kind" AS "kind",
  date(max(-719162, min(2932896, record."period_end")) * 86400, 'unixepoch') AS "period_end",
  record."pain" AS "pain",
  record."enjoyment" AS "enjoyment",
  record."activity" AS "activity",
  record."change" AS "change",
  record."note" AS "note",
  date(max(-719162, min(2932896, record."local_day")) * 86400, 'unixepoch') AS "local_day",
  record."precision" AS "precision",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key"
FROM "record_assessment" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- check
--   at: a time
--   checklist_version: 1 to 1000000
--   outcome: one of clear, routine, urgent, emergency
--   acknowledged: 1 or 0
--   examined: 1 or 0
--   items: any words
--   note: a text
--   local_day: the day that its time belongs to, as it was when that was written
--   precision: one of exact, approx, day
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
--   merged: any words
CREATE TABLE "record_check" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "at" INTEGER,
  "at_offset" INTEGER,
  "checklist_version" INTEGER,
  "outcome" TEXT,
  "acknowledged" INTEGER,
  "examined" INTEGER,
  "note" TEXT,
  "local_day" INTEGER,
  "precision" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_check_listed" ON "record_check" (coalesce("at", created_at));
CREATE VIEW "check" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."at" + record."at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."at_offset" < 0, '-', '+'), abs(record."at_offset") / 60, abs(record."at_offset") % 60) AS "at",
  record."checklist_version" AS "checklist_version",
  record."outcome" AS "outcome",
  record."acknowledged" <> 0 AS "acknowledged",
  record."examined" <> 0 AS "examined",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'items' ORDER BY field.key)) AS "items",
  record."note" AS "note",
  date(max(-719162, min(2932896, record."local_day")) * 86400, 'unixepoch') AS "local_day",
  record."precision" AS "precision",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'merged' ORDER BY field.key)) AS "merged",
  record.id AS "key"
FROM "record_check" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- profile
--   floor_ok: 1 or 0
--   prefer_surface: one of floor, wall, chair
--   site: one of low-back, mid-back, upper-back, neck, shoulder, buttock, sacrum, tailbone, hip, groin, thigh, knee, calf, ankle, foot
--   side: one of left, right, both, midline
--   day_start: a time of day
--   zone: a short text
--   locale: a short text
--   contraindications: values under keys
--   store_safety_answers: 1 or 0
--   made_up: 1 or 0
--   note: a text
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
CREATE TABLE "record_profile" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "floor_ok" INTEGER,
  "prefer_surface" TEXT,
  "site" TEXT,
  "side" TEXT,
  "day_start" INTEGER,
  "zone" TEXT,
  "locale" TEXT,
  "store_safety_answers" INTEGER,
  "made_up" INTEGER,
  "note" TEXT,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_profile_listed" ON "record_profile" (created_at);
CREATE VIEW "profile" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  record."floor_ok" <> 0 AS "floor_ok",
  record."prefer_surface" AS "prefer_surface",
  record."site" AS "site",
  record."side" AS "side",
  printf('%02d:%02d', max(0, min(1439, record."day_start")) / 60, max(0, min(1439, record."day_start")) % 60) AS "day_start",
  record."zone" AS "zone",
  record."locale" AS "locale",
  (SELECT json_group_object(key, iif(typeof(value) = 'blob', lower(hex(value)), value)) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'contraindications' ORDER BY field.key)) AS "contraindications",
  record."store_safety_answers" <> 0 AS "store_safety_answers",
  record."made_up" <> 0 AS "made_up",
  record."note" AS "note",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  record.id AS "key"
FROM "record_profile" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

-- distinct
--   first: the record that it names
--   second: the record that it names
--   tags: any words
--   origin: a text
--   first_recorded_at: a time
CREATE TABLE "record_distinct" (
  id INTEGER PRIMARY KEY,
  parent INTEGER,
  present INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  "first" INTEGER,
  "second" INTEGER,
  "origin" TEXT,
  "first_recorded_at" INTEGER,
  "first_recorded_at_offset" INTEGER,
  complete INTEGER NOT NULL
) STRICT;
CREATE INDEX "record_distinct_listed" ON "record_distinct" (created_at);
CREATE VIEW "distinct" AS SELECT
  (SELECT actor || '-' || ((record.id & 1099511627775) - before) FROM line_name WHERE first <= record.id ORDER BY first DESC LIMIT 1) AS "id",
  (SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = record.id >> 40) AS "device",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record.created_at)) / 1000.0, 'unixepoch'), '.000', '') || '+00:00' AS "created_at",
  (SELECT actor || '-' || ((record."first" & 1099511627775) - before) FROM line_name WHERE first <= record."first" ORDER BY first DESC LIMIT 1) AS "first",
  (SELECT actor || '-' || ((record."second" & 1099511627775) - before) FROM line_name WHERE first <= record."second" ORDER BY first DESC LIMIT 1) AS "second",
  (SELECT json_group_array(key) FROM (
    SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
    WHERE member.record = record.id AND field.name = 'tags' ORDER BY field.key)) AS "tags",
  record."origin" AS "origin",
  replace(strftime('%Y-%m-%dT%H:%M:%f', max(-62135596800000, min(253402300799999, record."first_recorded_at" + record."first_recorded_at_offset" * 60000)) / 1000.0, 'unixepoch'), '.000', '') || printf('%s%02d:%02d', iif(record."first_recorded_at_offset" < 0, '-', '+'), abs(record."first_recorded_at_offset") / 60, abs(record."first_recorded_at_offset") % 60) AS "first_recorded_at",
  record.id AS "key",
  record."first" AS "first_key",
  record."second" AS "second_key"
FROM "record_distinct" AS record
WHERE record.present = 1 AND NOT EXISTS (
  WITH RECURSIVE above (record) AS (
    SELECT record.parent WHERE record.parent IS NOT NULL
    UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
  )
  SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
  GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
);

CREATE VIEW conflict AS SELECT
  (SELECT actor || '-' || ((register.record & 1099511627775) - before) FROM line_name WHERE first <= register.record ORDER BY first DESC LIMIT 1) AS record,
  (SELECT record_kind.name FROM change JOIN shape ON shape.id = change.shape
    JOIN record_kind ON record_kind.id = shape.kind WHERE change.key = register.record) AS kind,
  field.name AS field,
  field.key AS key,
  (SELECT actor || '-' || ((register.shown & 1099511627775) - before) FROM line_name WHERE first <= register.shown ORDER BY first DESC LIMIT 1) AS shown
FROM register_conflict AS register JOIN field ON field.id = register.field;
