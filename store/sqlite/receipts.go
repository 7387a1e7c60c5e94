package sqlite

import (
	"database/sql"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// writeReceipt writes the times of a receipt into the messages that it is the first to say
// something of.
func writeReceipt(tx *sql.Tx, in row, e inbox.Event) error {
	if e.Receipt == nil {
		return nil
	}
	behind, to := e.Receipt.Delivers()
	if err := receive(tx, in, e, "delivered_at", behind, to); err != nil {
		return err
	}
	behind, to = e.Receipt.Reads()
	return receive(tx, in, e, "read_at", behind, to)
}

func receive(tx *sql.Tx, in row, e inbox.Event, column string, behind, to int) error {
	if behind == to {
		return nil
	}
	_, err := tx.Exec("UPDATE messages SET "+column+" = ? WHERE conversation = ? AND sequence > ? AND sequence <= ? AND NOT internal AND author_kind <> ?",
		e.At.UnixMilli(), in.n, behind, to, string(workspace.ActorContact))
	return err
}
