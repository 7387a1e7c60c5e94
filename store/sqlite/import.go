package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// Import inserts documents of a collection of document.Collections, as Export gave them,
// also that of store/mongo, all or none. The conversations of events come first.
func (s *Store) Import(ctx context.Context, collection string, docs []bson.Raw) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		insert := s.importer(tx, collection)
		for _, d := range docs {
			if err := insert(d); err != nil {
				return fmt.Errorf("%s: %w", d.Lookup("_id"), err)
			}
		}
		return nil
	})
	return fault("import "+collection, err)
}

func (s *Store) importer(tx *sql.Tx, in string) func(bson.Raw) error {
	switch in {
	case "conversations":
		return decoded(func(d document.Conversation) error {
			_, err := s.insert(tx, d.State.Conversation(), nil)
			return err
		})
	case "events":
		return func(d bson.Raw) error { return importRecord(tx, d) }
	case "contacts":
		return decoded(func(d document.Contact) error { return insertContact(tx, d) })
	case "audit":
		return decoded(func(d document.Audit) error { return insertAudit(tx, d) })
	case "log":
		return decoded(func(d document.LogEntry) error { return insertLogEntry(tx, d) })
	case "presences":
		return decoded(func(d document.Presence) error { return writePresence(tx, d) })
	case "offers":
		return decoded(func(d document.Offer) error { return writeOffer(tx, d) })
	case "link_sessions":
		return decoded(func(d document.LinkSession) error {
			return writeLinkSession(tx, d, insertLinkSession)
		})
	}
	return func(d bson.Raw) error { return importDocument(tx, collection(in), d) }
}

func decoded[D any](insert func(D) error) func(bson.Raw) error {
	return func(raw bson.Raw) error {
		var d D
		if err := bson.Unmarshal(raw, &d); err != nil {
			return err
		}
		return insert(d)
	}
}

// importRecord inserts a document of the collection that holds events, messages and
// notifications.
func importRecord(tx *sql.Tx, raw bson.Raw) error {
	record, _ := raw.Lookup("record").StringValueOK()
	switch document.Record(record) {
	case document.MessageRecord:
		return decoded(func(d document.MessageEntry) error {
			in, err := numberOf(tx, d.Message.Conversation)
			if err == nil && in.n == 0 {
				err = errors.New("a message of no conversation")
			}
			if err != nil {
				return err
			}
			return insertMessages(tx, in, []inbox.Message{d.Message.Message()})
		})(raw)
	case document.NotificationRecord, document.ClaimableRecord, document.DigestRecord:
		return decoded(func(d document.Notification) error { return insertNotification(tx, d) })(raw)
	case document.HeartbeatRecord:
		return nil
	case document.EventRecord, document.ContactRecord:
	}
	return decoded(func(d document.Event) error {
		in, err := numberOf(tx, d.Conversation)
		if err != nil {
			return err
		}
		return insertEvent(tx, in, d.Event())
	})(raw)
}

// numberOf is the row of a conversation by its number alone; 0 when there is none.
func numberOf(tx *sql.Tx, id inbox.ConversationID) (in row, err error) {
	err = tx.QueryRow("SELECT n FROM conversations WHERE id = ?", string(id)).Scan(&in.n)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return in, err
}

// importDocument inserts a document of the table documents, with what the store keeps
// beside it.
func importDocument(tx *sql.Tx, in collection, body bson.Raw) error {
	var d struct {
		ID        string    `bson:"_id"`
		Workspace string    `bson:"workspace"`
		Rev       int       `bson:"rev"`
		Since     time.Time `bson:"emptyingSince"`
	}
	if err := bson.Unmarshal(body, &d); err != nil {
		return err
	}
	one := document.Entity{Collection: string(in), ID: d.ID, Workspace: workspace.WorkspaceID(d.Workspace), Rev: d.Rev, Since: d.Since, Doc: body}
	if in == workspaceDocs {
		one.Workspace = workspace.WorkspaceID(d.ID)
	}
	if in == loads {
		one.Workspace = document.WorkspaceOfLoad(d.ID)
	}
	return insertEntity(tx, one)
}
