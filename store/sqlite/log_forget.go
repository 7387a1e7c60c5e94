package sqlite

import (
	"database/sql"

	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// logForgetting removes the log of a workspace but for the number of its last entry, which
// the next one continues.
func logForgetting(ws workspace.WorkspaceID) []deletion {
	of := string(ws)
	before := "workspace = ? AND sequence < (SELECT max(sequence) FROM log WHERE workspace = ?)"
	return []deletion{
		{"", rowsOf("log", "workspace, sequence", before, of, of)},
		{"", func(tx *sql.Tx) (int, bool, error) { return 0, false, forgetLast(tx, ws) }},
	}
}

func forgetLast(tx *sql.Tx, ws workspace.WorkspaceID) error {
	last, err := logEntries(tx, "TRUE ORDER BY sequence DESC LIMIT 1", string(ws))
	if err != nil || len(last) == 0 {
		return err
	}
	_, err = tx.Exec("DELETE FROM log WHERE workspace = ? AND sequence = ?", string(ws), int64(last[0].Sequence))
	if err != nil {
		return err
	}
	return insertLogEntry(tx, document.OfLogEntry(last[0].Forgotten()))
}
