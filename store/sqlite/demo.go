package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// DemoMade returns the demo workspaces that were made at some time.
func (s *Store) DemoMade(ctx context.Context) ([]workspace.WorkspaceID, error) {
	var doc document.Demo
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		doc, _, err = get[document.Demo](tx, settingDocs, document.DemoID)
		return err
	})
	return doc.Workspaces, fault("read which demo workspaces were made", err)
}

// NoteDemo adds a workspace to them.
func (s *Store) NoteDemo(ctx context.Context, ws workspace.WorkspaceID) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		doc, _, err := get[document.Demo](tx, settingDocs, document.DemoID)
		if err != nil || slices.Contains(doc.Workspaces, ws) {
			return err
		}
		doc.ID, doc.Workspaces = document.DemoID, append(doc.Workspaces, ws)
		return put(tx, settingDocs, stored{ID: document.DemoID, Doc: doc})
	})
	return fault("note that a demo workspace was made", err)
}
