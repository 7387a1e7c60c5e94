package sqlite

import (
	"database/sql"

	"switchboard/inbox"
	notification "switchboard/inbox/notify"
	"switchboard/store/document"
)

// sequenceCounter counts the places that a workspace's notifications got.
type sequenceCounter struct {
	ID     string `bson:"_id"`
	Places int    `bson:"places"`
}

// sequenceNotifications assigns the next place to all notifications without one in the
// audiences of q. A member's read mark stands at a place that a list showed, so that
// whatever was committed behind that list is unread, whatever its clock said.
func sequenceNotifications(tx *sql.Tx, q notification.NotificationQuery) error {
	id := document.SequenceCounterID(q.Workspace)
	counter, _, err := get[sequenceCounter](tx, counterDocs, id)
	if err != nil {
		return err
	}
	counter = sequenceCounter{ID: id, Places: counter.Places + 1}
	if err := put(tx, counterDocs, stored{ID: id, Workspace: string(q.Workspace), Doc: counter}); err != nil {
		return err
	}
	text, args := conjunction([]clause{
		{"workspace = ?", []any{string(q.Workspace)}}, among("audience", q.Audiences), {"place = ?", []any{inbox.Unsequenced}},
	})
	_, err = tx.Exec("UPDATE notifications SET place = ?"+text, append([]any{counter.Places}, args...)...)
	return err
}
