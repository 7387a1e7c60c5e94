package sqlite

import (
	"context"
	"database/sql"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// WorkspaceOfKey returns the workspace of a key, also of a revoked one. NOT_FOUND if
// there is no such key.
func (s *Store) WorkspaceOfKey(ctx context.Context, id workspace.KeyID) (ws workspace.WorkspaceID, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		doc, ok, err := get[document.APIKey](tx, keyDocs, string(id))
		if err == nil && !ok {
			err = inbox.Missing("API key")
		}
		ws = doc.Workspace
		return err
	})
	return ws, fault("read an API key", err)
}

// KeyUsed notes the use of a key. An earlier time changes nothing.
func (s *Store) KeyUsed(ctx context.Context, ws workspace.WorkspaceID, use workspace.KeyUse) error {
	id := string(use.Key)
	err := s.update(ctx, func(tx *sql.Tx) error {
		doc, ok, err := get[document.KeyUse](tx, keyUseDocs, id)
		if err != nil || ok && doc.Workspace != ws {
			return err
		}
		doc.ID, doc.Workspace = use.Key, ws
		return put(tx, keyUseDocs, stored{ID: id, Workspace: string(ws), Doc: doc.With(use)})
	})
	return fault("note the use of an API key", err)
}

// KeyUses returns when each key was last used. Keys that were never used have no
// entry.
func (s *Store) KeyUses(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.KeyID) (map[workspace.KeyID]workspace.KeyUses, error) {
	docs, err := several[document.KeyUse](ctx, s, keyUseDocs, ids)
	out := make(map[workspace.KeyID]workspace.KeyUses, len(docs))
	for _, d := range docs {
		if d.Workspace == ws {
			out[d.ID] = d.Uses()
		}
	}
	return out, fault("read the uses of API keys", err)
}

// several reads the documents with these ids that are there.
func several[D any, ID ~string](ctx context.Context, s *Store, in collection, ids []ID) (out []D, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = s.view(ctx, func(tx *sql.Tx) (err error) {
		out, err = decode[D](tx.Query("SELECT body FROM documents WHERE collection = ? AND id IN (SELECT value FROM json_each(?))", string(in), list(ids)))
		return err
	})
	return out, err
}
