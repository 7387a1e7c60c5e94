package sqlite

import (
	"context"
	"database/sql"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/store/document"
)

// exportBatch is how many rows an export reads at once.
const exportBatch = 500

// Export calls each for every document of a collection of document.Collections, in the
// form of store/mongo, and ends with the first error. Each keeps nothing of the document
// that it is given. Only ctx bounds it. Between batches others may write.
func (s *Store) Export(ctx context.Context, collection string, each func(bson.Raw) error) error {
	return s.exportEach(ctx, collection, exports(collection), each)
}

func (s *Store) exportEach(ctx context.Context, collection string, tables []export, each func(bson.Raw) error) error {
	for _, read := range tables {
		for after := any(nil); ; {
			docs, last, err := s.exportNext(ctx, read, after)
			if err != nil {
				return fault("export "+collection, err)
			}
			for _, d := range docs {
				if err := each(d); err != nil {
					return err
				}
			}
			if len(docs) < exportBatch {
				break
			}
			after = last
		}
	}
	return nil
}

// export reads the rows behind one: after is nil for the first, then what last was.
type export func(tx *sql.Tx, after any) (docs []any, last any, err error)

func (s *Store) exportNext(ctx context.Context, read export, after any) (out []bson.Raw, last any, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		docs, next, err := read(tx, after)
		if err != nil {
			return err
		}
		last = next
		for _, d := range docs {
			raw, err := bson.Marshal(d)
			if err != nil {
				return err
			}
			out = append(out, raw)
		}
		return nil
	})
	return out, last, err
}

// exports are the tables that hold a collection.
func exports(collection string) []export {
	switch collection {
	case "conversations":
		return []export{exportConversations}
	case "events":
		return []export{exportMessages, exportEvents, exportNotifications}
	case "log":
		return []export{exportLog}
	case "contacts", "audit", "presences", "link_sessions", "offers":
		return []export{exportBodies(collection)}
	}
	return []export{exportDocuments(collection)}
}

func exportConversations(tx *sql.Tx, after any) ([]any, any, error) {
	read, err := readRows(tx, "WHERE c.n > ifnull(?, -1) ORDER BY c.n LIMIT ?", after, exportBatch)
	var docs []any
	for _, r := range read {
		docs, after = append(docs, document.OfConversation(r.c).Preview()), r.n
	}
	return docs, after, err
}

func exportEvents(tx *sql.Tx, after any) ([]any, any, error) {
	read, err := eventsOf(tx, "WHERE e.n > ifnull(?, -1) ORDER BY e.n LIMIT ?", after, exportBatch)
	var docs []any
	for _, e := range read {
		docs, after = append(docs, e.doc.Preview()), e.n
	}
	return docs, after, err
}

func exportMessages(tx *sql.Tx, after any) ([]any, any, error) {
	return messageEntries(tx.Query(messageColumns+"WHERE m.id > ifnull(?, '') ORDER BY m.id LIMIT ?", after, exportBatch))
}

func messageEntries(rows *sql.Rows, err error) (docs []any, last any, _ error) {
	read, err := collect(rows, err, func(r *sql.Rows) (inbox.Message, error) { return scanMessage(r) })
	for _, m := range read {
		docs, last = append(docs, document.EntryOf(m)), string(m.ID)
	}
	return docs, last, err
}

func exportNotifications(tx *sql.Tx, after any) ([]any, any, error) {
	return notificationEntries(tx.Query("SELECT "+notificationColumns+" FROM notifications WHERE id > ifnull(?, '') ORDER BY id LIMIT ?", after, exportBatch))
}

func notificationEntries(rows *sql.Rows, err error) (docs []any, last any, _ error) {
	read, err := collect(rows, err, scanNotification)
	for _, d := range read {
		docs, last = append(docs, d), string(d.ID)
	}
	return docs, last, err
}

// exportLog goes from one log to the next. after is the entry that was read last.
func exportLog(tx *sql.Tx, after any) ([]any, any, error) {
	last, _ := after.(document.LogEntry)
	return logDocs(tx.Query("SELECT body FROM log WHERE (workspace, sequence) > (?, ?) ORDER BY workspace, sequence LIMIT ?",
		string(last.Workspace), last.Sequence, exportBatch))
}

func logDocs(rows *sql.Rows, err error) (out []any, last any, _ error) {
	docs, err := decode[document.LogEntry](rows, err)
	for _, d := range docs {
		out, last = append(out, d), d
	}
	return out, last, err
}

func exportBodies(table string) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		return identified(tx.Query("SELECT id, body FROM "+table+" WHERE id > ifnull(?, '') ORDER BY id LIMIT ?", after, exportBatch))
	}
}

func exportDocuments(in string) export {
	return func(tx *sql.Tx, after any) ([]any, any, error) {
		docs, last, err := identified(tx.Query("SELECT id, body FROM documents WHERE collection = ? AND id > ifnull(?, '') ORDER BY id LIMIT ?", in, after, exportBatch))
		for i := range docs {
			if err == nil && in == string(loads) {
				docs[i], err = withWorkspace(docs[i])
			}
		}
		return docs, last, err
	}
}

// withWorkspace adds its workspace to a load, rotation or counter that leaves it to the row.
func withWorkspace(doc any) (any, error) {
	var fields bson.D
	raw, err := bson.Marshal(doc)
	if err == nil {
		err = bson.Unmarshal(raw, &fields)
	}
	if err != nil || bson.Raw(raw).Lookup("workspace").Type != 0 {
		return doc, err
	}
	id, _ := bson.Raw(raw).Lookup("_id").StringValueOK()
	return append(fields, bson.E{Key: "workspace", Value: document.WorkspaceOfLoad(id)}), nil
}

// identified reads bodies with their ids, which some leave to the row.
func identified(rows *sql.Rows, err error) (docs []any, last any, _ error) {
	type row struct {
		id   string
		body bson.Raw
	}
	read, err := collect(rows, err, func(r *sql.Rows) (one row, err error) { return one, r.Scan(&one.id, (*[]byte)(&one.body)) })
	for _, one := range read {
		last = one.id
		if _, err := one.body.LookupErr("_id"); err == nil {
			docs = append(docs, one.body)
			continue
		}
		var fields bson.D
		if err := bson.Unmarshal(one.body, &fields); err != nil {
			return nil, nil, err
		}
		docs = append(docs, append(bson.D{{Key: "_id", Value: one.id}}, fields...))
	}
	return docs, last, err
}

// CountExported counts the documents that Export gives, without those that expire
// before a time.
func (s *Store) CountExported(ctx context.Context, collection string, expiring time.Time) (n int, err error) {
	count := func(tx *sql.Tx, from string, args ...any) error {
		var more int
		err := tx.QueryRow("SELECT COUNT(*) FROM "+from, args...).Scan(&more)
		n += more
		return err
	}
	at := expiring.UnixMilli()
	err = s.view(ctx, func(tx *sql.Tx) error {
		switch collection {
		case "events":
			for _, from := range []string{"events WHERE ? <= ifnull(expires, 9e18)", "notifications WHERE ? <= expires", "messages WHERE ? IS NOT NULL"} {
				if err := count(tx, from, at); err != nil {
					return err
				}
			}
			return nil
		case "link_sessions":
			return count(tx, "link_sessions WHERE expires >= ?", at)
		case "conversations", "contacts", "audit", "log", "presences", "offers":
			return count(tx, collection)
		}
		return count(tx, "documents WHERE collection = ?", collection)
	})
	return n, fault("count "+collection, err)
}
