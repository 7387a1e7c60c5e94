package sqlite

import (
	"database/sql"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// record inserts e with its messages and notifications. ErrDuplicateKey for an id or
// an idempotency key used before.
func record(tx *sql.Tx, e inbox.Event) error {
	var in row
	if e.Conversation != "" && e.After != nil {
		var err error
		if in, _, err = conversationOf(tx, e.Workspace, e.Conversation); err != nil {
			return err
		}
	}
	return recordIn(tx, in, e)
}

// recordIn is record for an event of a conversation that the caller has.
func recordIn(tx *sql.Tx, in row, e inbox.Event) error {
	err := insertMessages(tx, in, e.Messages)
	if err == nil {
		err = insertEvent(tx, in, e)
	}
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	if err != nil {
		return err
	}
	if err := writeOffers(tx, e); err != nil {
		return err
	}
	return notify(tx, e)
}

func insertMessages(tx *sql.Tx, in row, messages []inbox.Message) error {
	for _, m := range messages {
		_, err := tx.Exec("INSERT INTO messages (id, conversation, sequence, public, author_kind, author, internal, external_id, at, text, delivered_at, read_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			string(m.ID), in.n, m.Sequence, m.PublicSequence, string(m.Author.Kind), m.Author.ID, m.Internal, orNull(m.ExternalID), m.At.UnixMilli(), m.Body, timeOrNull(m.DeliveredAt), timeOrNull(m.ReadAt))
		if err != nil {
			return err
		}
	}
	return nil
}

func insertEvent(tx *sql.Tx, in row, e inbox.Event) error {
	doc, last := eventDocOf(in, e)
	body, err := bson.Marshal(doc)
	if err != nil {
		return err
	}
	var version, expires any
	if e.Type == inbox.OwnershipEvent {
		version = e.Version
	}
	if doc.Expires != nil {
		expires = doc.Expires.UnixMilli()
	}
	_, err = tx.Exec("INSERT INTO events (id, scope, feed, conversation, version, key, expires, last, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		string(e.ID), scopeOf(e.Workspace), doc.Record == document.EventRecord, in.n, version, keyOf(e.Workspace, e.Key.Actor, e.Key.Key), expires, orNull(last), body)
	return err
}

// eventDocOf returns the stored form of e without the texts of messages, and the id of
// the last message if its text was left out.
func eventDocOf(in row, e inbox.Event) (doc document.Event, last string) {
	doc = document.OfEvent(e)
	if e.Type == inbox.ContactEvent && e.After == nil {
		doc.Record = document.ContactRecord
	}
	for i := range doc.Messages {
		doc.Messages[i].Body, doc.Messages[i].Shortened = "", false
	}
	if doc.After == nil || doc.After.LastMessage == nil {
		return doc, ""
	}
	m := doc.After.LastMessage
	if m.Shortened || in.last != "" && in.last == string(m.ID) || doc.Has(m.ID) {
		m.Body, m.Shortened, last = "", false, string(m.ID)
	}
	return doc, last
}

// scopeOf is the column scope of the events of a workspace.
func scopeOf(ws workspace.WorkspaceID) int64 { return hash(string(ws)) }

// keyOf is the column key of an event with an idempotency key; nil for none.
func keyOf(ws workspace.WorkspaceID, actor workspace.Actor, key string) any {
	if key == "" {
		return nil
	}
	return list([]string{string(ws), string(actor.Kind), actor.ID, key})
}
