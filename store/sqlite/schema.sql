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
