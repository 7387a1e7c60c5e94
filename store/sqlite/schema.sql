-- Small collections: the directory, settings, loads, marks, saved views, sessions.
CREATE TABLE documents (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  workspace TEXT NOT NULL,
  rev INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (collection, id)
) WITHOUT ROWID;
CREATE INDEX documents_by_workspace ON documents (collection, workspace);

-- One row: what the positions of the feed begin with, and a counter of heartbeats.
CREATE TABLE installation (
  id TEXT NOT NULL,
  heartbeats INTEGER NOT NULL
);
INSERT INTO installation (id, heartbeats) VALUES (lower(hex(randomblob(8))), 0);

-- Conversations. activity, created, waiting and awaiting are the sort keys of lists, in
-- milliseconds; last names the last message if its text is too long for a copy in body;
-- idle is the last activity of a chat that is not closed. words are the folded words,
-- each behind a space. What lists ask for stands before body, which may fill pages.
CREATE TABLE conversations (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workspace TEXT NOT NULL,
  external_id TEXT,
  contact TEXT NOT NULL,
  copy INTEGER NOT NULL,
  grabs_until INTEGER,
  idle INTEGER,
  closed_at INTEGER,
  last TEXT,
  activity INTEGER NOT NULL,
  created INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  awaiting INTEGER NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  words TEXT NOT NULL,
  body BLOB NOT NULL
);
CREATE UNIQUE INDEX conversations_external_id ON conversations (workspace, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX conversations_of_contact ON conversations (workspace, contact, copy);
CREATE INDEX conversations_left ON conversations (grabs_until) WHERE grabs_until IS NOT NULL;
CREATE INDEX conversations_closed ON conversations (workspace, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX conversations_idle ON conversations (workspace, idle) WHERE idle IS NOT NULL;

-- What lists walk: for each conversation a row for each facet and order. facet is the
-- hash of workspace, facet and status, at the sort key in milliseconds, and n the number
-- of the conversation.
CREATE TABLE entries (
  facet INTEGER NOT NULL,
  ord INTEGER NOT NULL,
  at INTEGER NOT NULL,
  id TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (facet, ord, at, id)
) WITHOUT ROWID;

-- The words that searches find conversations by, folded. period is the week or so of the
-- last activity, so that the newest of a word are together.
CREATE TABLE words (
  workspace TEXT NOT NULL,
  word TEXT NOT NULL,
  period INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  PRIMARY KEY (workspace, word, period, conversation)
) WITHOUT ROWID;

-- Events in the order of their commits. What is not in the feed only keeps its
-- idempotency key. scope is the hash of the workspace, version is set for changes of
-- ownership, last as in conversations. body holds no text of messages.
CREATE TABLE events (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  scope INTEGER NOT NULL,
  feed INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  version INTEGER,
  key TEXT,
  expires INTEGER,
  last TEXT,
  body BLOB NOT NULL
);
CREATE INDEX events_of_workspace ON events (scope);
CREATE INDEX events_of_conversation ON events (conversation, version);
CREATE UNIQUE INDEX events_key ON events (key) WHERE key IS NOT NULL;
CREATE INDEX events_expiry ON events (expires) WHERE expires IS NOT NULL;

-- Messages, the only place of their text.
CREATE TABLE messages (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  conversation INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  public INTEGER NOT NULL,
  author_kind TEXT NOT NULL,
  author TEXT NOT NULL,
  internal INTEGER NOT NULL,
  external_id TEXT,
  at INTEGER NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX messages_of_conversation ON messages (conversation, sequence);
CREATE UNIQUE INDEX messages_external_id ON messages (conversation, external_id) WHERE external_id IS NOT NULL;
-- Members, teams, AI agents and workspaces whose conversations have to be reassigned.
CREATE TABLE offboardings (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  workspace TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (collection, id)
) WITHOUT ROWID;
CREATE INDEX offboardings_by_age ON offboardings (collection, since, id);

-- The audit log: rows are inserted and never change.
CREATE TABLE audit (
  id TEXT PRIMARY KEY NOT NULL,
  workspace TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  action TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target_id TEXT NOT NULL,
  refused INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX audit_newest ON audit (workspace, at, id);

-- Contacts. listed is 0 for those that were merged or erased.
CREATE TABLE contacts (
  id TEXT PRIMARY KEY NOT NULL,
  workspace TEXT NOT NULL,
  rev INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  listed INTEGER NOT NULL,
  external_id TEXT,
  verified_email TEXT,
  verified_phone TEXT,
  spreading_since INTEGER,
  body BLOB NOT NULL
);
CREATE UNIQUE INDEX contacts_external_id ON contacts (workspace, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX contacts_newest ON contacts (workspace, created_at, id) WHERE listed;
CREATE INDEX contacts_verified_email ON contacts (workspace, verified_email) WHERE verified_email IS NOT NULL;
CREATE INDEX contacts_verified_phone ON contacts (workspace, verified_phone) WHERE verified_phone IS NOT NULL;
CREATE INDEX contacts_spreading ON contacts (spreading_since, id) WHERE spreading_since IS NOT NULL;

-- The folded words that a contact is found by.
CREATE TABLE contact_words (
  contact TEXT NOT NULL,
  word TEXT NOT NULL,
  workspace TEXT NOT NULL,
  PRIMARY KEY (contact, word)
) WITHOUT ROWID;
CREATE INDEX contact_words_by_word ON contact_words (workspace, word, contact);

-- Notifications. place and over change after the body was written; the columns hold.
CREATE TABLE notifications (
  id TEXT PRIMARY KEY NOT NULL,
  workspace TEXT NOT NULL,
  audience TEXT NOT NULL,
  place INTEGER NOT NULL,
  at INTEGER NOT NULL,
  conversation TEXT NOT NULL,
  kind TEXT NOT NULL,
  claimable INTEGER NOT NULL,
  over INTEGER NOT NULL,
  excepted TEXT, -- a JSON array of members; null for nobody
  expires INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX notifications_by_place ON notifications (workspace, audience, place, at, id);
CREATE INDEX notifications_by_conversation ON notifications (conversation, claimable);
CREATE INDEX notifications_expiry ON notifications (expires);

-- Connections of members to servers. lost_at is that of the zero time while connected.
CREATE TABLE presences (
  id TEXT PRIMARY KEY NOT NULL,
  workspace TEXT NOT NULL,
  member TEXT NOT NULL,
  server TEXT NOT NULL,
  lost_at INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX presences_by_member ON presences (workspace, member);
CREATE INDEX presences_by_server ON presences (server);
CREATE INDEX presences_lost ON presences (lost_at, id);

-- Sessions of login links; a link is used as long as its row is there.
CREATE TABLE link_sessions (
  id TEXT PRIMARY KEY NOT NULL,
  workspace TEXT NOT NULL,
  expires INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX link_sessions_expiry ON link_sessions (expires);
