package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

const (
	// deleteRows and deleteConversations bound what one transaction removes.
	deleteRows          = 5000
	deleteConversations = 100
)

// deletion removes up to a batch of rows of a workspace in one transaction. It returns
// how many documents of its collection went, and whether there may be more.
type deletion struct {
	collection string // empty for what is kept beside documents
	step       func(tx *sql.Tx) (n int, more bool, err error)
}

// DeleteWorkspace removes everything of a workspace in small transactions, and the
// workspace itself last. Once all is gone the file is written anew, so that no free page
// of it still has what was removed.
func (s *Store) DeleteWorkspace(ctx context.Context, ws workspace.WorkspaceID, progress func(removed int)) (map[string]int, error) {
	removed, err := removeAll(ctx, s, deletions(ws), progress)
	if err != nil || len(removed) == 0 {
		return removed, err
	}
	return removed, fault("write the file anew", vacuum(ctx, s))
}

// EmptyWorkspace removes the content of a workspace in small transactions.
func (s *Store) EmptyWorkspace(ctx context.Context, ws workspace.WorkspaceID) (total int, err error) {
	content := slices.DeleteFunc(deletions(ws), func(d deletion) bool { return d.collection != "" && !document.IsContent(d.collection) })
	removed, err := removeAll(ctx, s, append(content, logForgetting(ws)...), nil)
	for _, n := range removed {
		total += n
	}
	return total, err
}

func removeAll(ctx context.Context, s *Store, all []deletion, progress func(removed int)) (map[string]int, error) {
	removed, total := map[string]int{}, 0
	for _, d := range all {
		for more := true; more; {
			if err := ctx.Err(); err != nil {
				return removed, err
			}
			var n int
			err := s.update(ctx, func(tx *sql.Tx) (err error) {
				n, more, err = d.step(tx)
				return err
			})
			if err != nil {
				return removed, fault("delete a workspace", err)
			}
			if n > 0 && d.collection != "" {
				removed[d.collection] += n
				total += n
			}
			if progress != nil {
				progress(total)
			}
		}
	}
	return removed, nil
}

// vacuum takes its turn among those that write.
func vacuum(ctx context.Context, s *Store) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	_, err := s.write.ExecContext(ctx, "VACUUM")
	return err
}

// deletions are in an order that can be begun again: conversations go with what has
// their number, and the workspace goes last.
func deletions(ws workspace.WorkspaceID) []deletion {
	of := string(ws)
	from, until := document.WorkspacePrefix(ws)
	out := []deletion{
		{"events", rowsOf("messages", "n", "conversation IN (SELECT n FROM conversations WHERE workspace = ?)", of)},
		{"conversations", func(tx *sql.Tx) (int, bool, error) { return deleteConversationsOf(tx, ws) }},
		{"", rowsOf("words", "workspace, word, period, conversation", "workspace = ?", of)},
		{"events", rowsOf("events", "n", "scope = ?", scopeOf(ws))},
		{"events", rowsOf("notifications", "id", "workspace = ?", of)},
		{"log", rowsOf("log", "workspace, sequence", "workspace = ?", of)},
		{"", rowsOf("contact_words", "contact, word", "workspace = ?", of)},
		{"", rowsOf("offboardings", "collection, id", "collection > '' AND workspace = ?", of)},
	}
	for _, table := range []string{"offers", "contacts", "audit", "presences", "link_sessions"} {
		out = append(out, deletion{table, rowsOf(table, "id", "workspace = ? AND id > ''", of)})
	}
	for _, c := range document.Collections() {
		switch document.BelongingOf(c) {
		case document.ByIDPrefix:
			out = append(out, deletion{c, rowsOf("documents", "collection, id", "collection = ? AND id > ? AND id < ?", c, from, until)})
		case document.ByField, document.ByID:
			out = append(out, deletion{c, rowsOf("documents", "collection, id", "collection = ? AND workspace = ?", c, of)})
		case document.OfInstallation:
		}
	}
	return out
}

// rowsOf removes rows of a table by their primary key.
func rowsOf(table, key, where string, args ...any) func(*sql.Tx) (int, bool, error) {
	text := "DELETE FROM " + table + " WHERE (" + key + ") IN (SELECT " + key + " FROM " + table + " WHERE " + where + " LIMIT ?)"
	if !strings.Contains(key, ",") {
		text = "DELETE FROM " + table + " WHERE " + key + " IN (SELECT " + key + " FROM " + table + " WHERE " + where + " LIMIT ?)"
	}
	return func(tx *sql.Tx) (int, bool, error) {
		done, err := tx.Exec(text, append(args, deleteRows)...)
		if err != nil {
			return 0, false, err
		}
		n, err := done.RowsAffected()
		return int(n), n == deleteRows, err
	}
}

// deleteConversationsOf removes conversations with their entries in lists.
func deleteConversationsOf(tx *sql.Tx, ws workspace.WorkspaceID) (int, bool, error) {
	read, err := readRows(tx, "WHERE c.workspace = ? LIMIT ?", string(ws), deleteConversations)
	if err != nil {
		return 0, false, err
	}
	for _, r := range read {
		if err := replaceEntries(tx, r, placementOf(r.c), placement{}); err != nil {
			return 0, false, err
		}
		if _, err := tx.Exec("DELETE FROM conversations WHERE n = ?", r.n); err != nil {
			return 0, false, err
		}
	}
	return len(read), len(read) == deleteConversations, nil
}
