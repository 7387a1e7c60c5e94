-- The log: the numbers of the records of each workspace, from 1 without a gap. id is that
-- of an event or a message.
CREATE TABLE log (
  workspace TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  id TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (workspace, sequence)
) WITHOUT ROWID;
-- One row: how far the feed was numbered. It is of this file, as positions of the feed are.
CREATE TABLE log_progress (
  rev INTEGER NOT NULL,
  body BLOB NOT NULL
);
INSERT INTO log_progress (rev, body) VALUES (0, x'0500000000');
CREATE UNIQUE INDEX log_ids ON log (workspace, id);
-- Offers, whatever became of them. lapses_at is set while one is open. member is empty for
-- an offer to all of a team.
CREATE TABLE offers (
  id TEXT PRIMARY KEY NOT NULL,
  workspace TEXT NOT NULL,
  conversation TEXT NOT NULL,
  sender TEXT NOT NULL,
  member TEXT NOT NULL,
  team TEXT NOT NULL,
  status TEXT NOT NULL,
  offered_at INTEGER NOT NULL,
  lapses_at INTEGER,
  body BLOB NOT NULL
);
CREATE INDEX offers_sent ON offers (workspace, sender, offered_at, id);
CREATE INDEX offers_received ON offers (workspace, member, team, offered_at, id);
CREATE INDEX offers_open ON offers (workspace, offered_at, id) WHERE lapses_at IS NOT NULL;
CREATE INDEX offers_lapse ON offers (lapses_at) WHERE lapses_at IS NOT NULL;
CREATE INDEX offers_of_conversation ON offers (conversation);
-- When a message was delivered to its contact, and when the contact read it.
ALTER TABLE messages ADD COLUMN delivered_at INTEGER;
ALTER TABLE messages ADD COLUMN read_at INTEGER;
