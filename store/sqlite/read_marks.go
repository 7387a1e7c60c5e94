package sqlite

import (
	"context"
	"database/sql"

	notification "switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// ReadMarks reads a member's marks; Rev is 0 when there are none.
func (s *Store) ReadMarks(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) (marks notification.ReadMarks, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		doc, ok, err := get[document.ReadMarks](tx, readMarkDocs, document.LoadID(ws, m))
		if marks = doc.Marks(); !ok {
			marks = notification.ReadMarks{Workspace: ws, Member: m}
		}
		return err
	})
	return marks, fault("read the read marks", err)
}

// SaveReadMarks replaces the marks, whose Rev must be one more than the stored one.
// ErrStale otherwise.
func (s *Store) SaveReadMarks(ctx context.Context, marks notification.ReadMarks) error {
	d := document.OfReadMarks(marks)
	err := s.update(ctx, func(tx *sql.Tx) error {
		return replace(tx, readMarkDocs, stored{d.ID, string(d.Workspace), d.Rev, d})
	})
	return fault("save the read marks", err)
}
