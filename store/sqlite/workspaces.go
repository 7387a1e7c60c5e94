package sqlite

import (
	"context"
	"database/sql"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// ExportWorkspace calls each for every document of a collection that belongs to ws, in
// the form of store/mongo, and ends with the first error. Each keeps nothing of the
// document. Between batches others may write.
func (s *Store) ExportWorkspace(ctx context.Context, ws workspace.WorkspaceID, collection string, each func(bson.Raw) error) error {
	return s.exportEach(ctx, collection, exportsOf(collection, ws), each)
}

// exportsOf are the tables that hold a workspace's documents of a collection.
func exportsOf(collection string, ws workspace.WorkspaceID) []export {
	switch collection {
	case "conversations":
		return []export{conversationsIn(ws)}
	case "events":
		return []export{messagesOf(ws), eventsIn(ws), notificationsOf(ws)}
	case "log":
		return []export{logOf(ws)}
	case "contacts", "audit", "presences", "link_sessions", "offers":
		return []export{bodiesOf(collection, ws)}
	}
	switch document.BelongingOf(collection) {
	case document.OfInstallation:
		return nil
	case document.ByIDPrefix:
		from, until := document.WorkspacePrefix(ws)
		return []export{documentsBetween(collection, from, until)}
	case document.ByID, document.ByField:
	}
	return []export{documentsOf(collection, ws)}
}

func conversationsIn(ws workspace.WorkspaceID) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		read, err := readRows(tx, "WHERE c.workspace = ? AND c.n > ifnull(?, -1) ORDER BY c.n LIMIT ?", string(ws), after, exportBatch)
		var docs []any
		for _, r := range read {
			docs, after = append(docs, document.OfConversation(r.c)), r.n
		}
		return docs, after, err
	}
}

func eventsIn(ws workspace.WorkspaceID) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		read, err := eventsOf(tx, "WHERE e.scope = ? AND e.n > ifnull(?, -1) ORDER BY e.n LIMIT ?", scopeOf(ws), after, exportBatch)
		var docs []any
		for _, e := range read {
			docs, after = append(docs, e.doc.Preview()), e.n
		}
		return docs, after, err
	}
}

func messagesOf(ws workspace.WorkspaceID) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		return messageEntries(tx.Query(messageColumns+"WHERE c.workspace = ? AND m.id > ifnull(?, '') ORDER BY m.id LIMIT ?", string(ws), after, exportBatch))
	}
}

func notificationsOf(ws workspace.WorkspaceID) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		return notificationEntries(tx.Query("SELECT "+notificationColumns+" FROM notifications WHERE workspace = ? AND id > ifnull(?, '') ORDER BY id LIMIT ?", string(ws), after, exportBatch))
	}
}

func logOf(ws workspace.WorkspaceID) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		last, _ := after.(document.LogEntry)
		return logDocs(tx.Query("SELECT body FROM log WHERE workspace = ? AND sequence > ? ORDER BY sequence LIMIT ?", string(ws), last.Sequence, exportBatch))
	}
}

func bodiesOf(table string, ws workspace.WorkspaceID) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		return identified(tx.Query("SELECT id, body FROM "+table+" WHERE workspace = ? AND id > ifnull(?, '') ORDER BY id LIMIT ?", string(ws), after, exportBatch))
	}
}

func documentsOf(in string, ws workspace.WorkspaceID) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		return identified(tx.Query("SELECT id, body FROM documents WHERE collection = ? AND workspace = ? AND id > ifnull(?, '') ORDER BY id LIMIT ?", in, string(ws), after, exportBatch))
	}
}

func documentsBetween(in, from, until string) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		return identified(tx.Query("SELECT id, body FROM documents WHERE collection = ? AND id > ifnull(?, ?) AND id < ? ORDER BY id LIMIT ?", in, after, from, until, exportBatch))
	}
}
