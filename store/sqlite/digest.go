package sqlite

import (
	"database/sql"

	"switchboard/inbox"
	"switchboard/store/document"
)

// addNotification writes n, or joins it to the digest that is there.
func addNotification(tx *sql.Tx, n inbox.Notification) error {
	if !n.IsDigest() {
		return insertNotification(tx, document.OfNotification(n))
	}
	before, there, err := storedNotification(tx, n)
	if err != nil {
		return err
	}
	if there {
		n = before.Joined(n)
	}
	return replaceDigest(tx, n, there)
}

// takeFromDigest counts one conversation less in the digest that announced it, and removes
// the digest with the last one.
func takeFromDigest(tx *sql.Tx, gone inbox.Notification) error {
	if !gone.IsDigest() {
		return nil
	}
	n, there, err := storedNotification(tx, gone)
	if err != nil || !there {
		return err
	}
	if n.Count--; n.Count > 0 {
		d := document.OfNotification(n)
		d.Place = n.Sequence
		return rewriteNotification(tx, d)
	}
	return removeNotification(tx, n)
}

func replaceDigest(tx *sql.Tx, n inbox.Notification, there bool) error {
	if there {
		if err := removeNotification(tx, n); err != nil {
			return err
		}
	}
	return insertNotification(tx, document.OfNotification(n))
}

func rewriteNotification(tx *sql.Tx, d document.Notification) error {
	if err := removeNotification(tx, d.Notification()); err != nil {
		return err
	}
	return insertNotification(tx, d)
}

func removeNotification(tx *sql.Tx, n inbox.Notification) error {
	_, err := tx.Exec("DELETE FROM notifications WHERE id = ? AND workspace = ?", string(n.ID), string(n.Workspace))
	return err
}

func storedNotification(tx *sql.Tx, n inbox.Notification) (found inbox.Notification, there bool, err error) {
	rows, err := tx.Query("SELECT "+notificationColumns+" FROM notifications WHERE id = ? AND workspace = ?",
		string(n.ID), string(n.Workspace))
	docs, err := collect(rows, err, scanNotification)
	if err != nil || len(docs) == 0 {
		return inbox.Notification{}, false, err
	}
	return docs[0].Notification(), true, nil
}
