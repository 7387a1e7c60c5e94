package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

var _ eventlog.Store = (*Store)(nil)

// LogProgress returns how far the feed was numbered.
func (s *Store) LogProgress(ctx context.Context) (p eventlog.Progress, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		docs, err := decode[document.LogProgress](tx.Query("SELECT body FROM log_progress"))
		if err == nil && len(docs) > 0 {
			p = docs[0].Progress()
		}
		return err
	})
	return p, fault("read the progress of the log", err)
}

// AppendLog writes entries and the progress in one transaction.
func (s *Store) AppendLog(ctx context.Context, next eventlog.Progress, entries []eventlog.Entry) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		if err := moveLog(tx, next); err != nil {
			return err
		}
		return insertLog(tx, entries)
	})
	return fault("write the log", err)
}

// ExtendLog writes entries and no progress.
func (s *Store) ExtendLog(ctx context.Context, entries []eventlog.Entry) error {
	return fault("write the log", s.update(ctx, func(tx *sql.Tx) error { return insertLog(tx, entries) }))
}

func insertLog(tx *sql.Tx, entries []eventlog.Entry) error {
	for _, n := range entries {
		if err := insertLogEntry(tx, document.OfLogEntry(n)); err != nil {
			return err
		}
	}
	return nil
}

// moveLog replaces the progress of the revision before next.
func moveLog(tx *sql.Tx, next eventlog.Progress) error {
	body, err := bson.Marshal(document.OfLogProgress(next))
	if err != nil {
		return err
	}
	done, err := tx.Exec("UPDATE log_progress SET rev = ?, body = ? WHERE rev = ?", next.Rev, body, next.Rev-1)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); n == 0 || err != nil {
		return errors.Join(err, commit.ErrStale)
	}
	return nil
}

func insertLogEntry(tx *sql.Tx, d document.LogEntry) error {
	body, err := bson.Marshal(d)
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO log (workspace, sequence, id, body) VALUES (?, ?, ?, ?)",
		string(d.Workspace), d.Sequence, d.ID, body)
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	return err
}

// LogEntries returns entries of a workspace in their order, behind or before a sequence.
func (s *Store) LogEntries(
	ctx context.Context, ws workspace.WorkspaceID, from eventlog.Sequence, backward bool, limit int,
) (out []eventlog.Entry, err error) {
	where := "sequence > ? ORDER BY sequence LIMIT ?"
	if backward {
		where = "sequence < ? ORDER BY sequence DESC LIMIT ?"
	}
	err = s.view(ctx, func(tx *sql.Tx) (err error) {
		out, err = logEntries(tx, where, string(ws), int64(from), max(limit, 0))
		return err
	})
	if backward {
		slices.Reverse(out)
	}
	return out, fault("read the log", err)
}

func logEntries(tx *sql.Tx, where string, args ...any) ([]eventlog.Entry, error) {
	rows, err := tx.Query("SELECT body FROM log WHERE workspace = ? AND "+where, args...)
	docs, err := decode[document.LogEntry](rows, err)
	out := make([]eventlog.Entry, 0, len(docs))
	for _, d := range docs {
		out = append(out, d.Entry())
	}
	return out, err
}

// LogEnds returns the first and the last entry of a workspace; none for an empty log.
func (s *Store) LogEnds(ctx context.Context, ws workspace.WorkspaceID) (out []eventlog.Entry, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		for _, order := range []string{"", " DESC"} {
			found, err := logEntries(tx, "TRUE ORDER BY sequence"+order+" LIMIT 1", string(ws))
			if err != nil {
				return err
			}
			out = append(out, found...)
		}
		return nil
	})
	return out, fault("read the ends of the log", err)
}

// LogSequences returns the sequences of entries by their ids.
func (s *Store) LogSequences(
	ctx context.Context, ws workspace.WorkspaceID, ids []string,
) (map[string]eventlog.Sequence, error) {
	out := make(map[string]eventlog.Sequence, len(ids))
	err := s.view(ctx, func(tx *sql.Tx) error {
		found, err := logEntries(tx, "id IN (SELECT value FROM json_each(?))", string(ws), list(ids))
		for _, n := range found {
			out[n.ID] = n.Sequence
		}
		return err
	})
	return out, fault("read sequences", err)
}

// TrimLog removes the entries before a sequence.
func (s *Store) TrimLog(ctx context.Context, ws workspace.WorkspaceID, before eventlog.Sequence) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM log WHERE workspace = ? AND sequence < ?", string(ws), int64(before))
		return err
	})
	return fault("remove the beginning of the log", err)
}

// StoredEvents returns the next events in the order of their commits.
func (s *Store) StoredEvents(
	ctx context.Context, behind string, limit int,
) (out []inbox.Event, next string, err error) {
	n, _ := strconv.ParseInt(behind, 10, 64) // 0 for the first
	err = s.view(ctx, func(tx *sql.Tx) error {
		found, err := eventsOf(tx, "WHERE e.n > ? AND e.feed ORDER BY e.n LIMIT ?", n, limit)
		for _, e := range found {
			out = append(out, e.doc.Event())
			n = e.n
		}
		return err
	})
	if len(out) < limit {
		return out, "", fault("read what is stored", err)
	}
	return out, strconv.FormatInt(n, 10), fault("read what is stored", err)
}
