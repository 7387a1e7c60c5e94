package sqlite

import (
	"database/sql"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// copyContact brings the next conversations of a contact up to date, each with an
// event of its own, as it is in the transaction.
func (s *Store) copyContact(tx *sql.Tx, k commit.ContactCopying) (commit.Propagation, error) {
	if err := holdContact(tx, k.Contact.Workspace, commit.ContactGuard{ID: k.Contact.ID, Rev: k.Contact.Rev}); err != nil {
		return commit.Propagation{}, err
	}
	behind, err := behind(tx, k)
	if err != nil {
		return commit.Propagation{}, err
	}
	var out commit.Propagation
	for _, r := range behind[:min(len(behind), k.Limit)] {
		e, err := s.followContact(tx, r, k)
		if err != nil {
			return commit.Propagation{}, err
		}
		out.Events = append(out.Events, e)
	}
	if len(behind) > k.Limit {
		return out, nil
	}
	out.Done = true
	return out, settleContact(tx, k.Contact.ID)
}

// followContact writes the conversation r as its contact is now.
func (s *Store) followContact(tx *sql.Tx, r row, k commit.ContactCopying) (inbox.Event, error) {
	change := k.Follow(r.c)
	after, err := s.writeConversation(tx, change)
	if err != nil {
		return inbox.Event{}, err
	}
	e := document.Left(change.Event, after.c)
	if err := recordIn(tx, after, e); err != nil || !k.Contact.Erased {
		return e, err
	}
	return e, forgetContact(tx, r)
}

// behind reads one conversation more than the limit, to know whether there is one.
func behind(tx *sql.Tx, k commit.ContactCopying) ([]row, error) {
	ws, contact := string(k.Contact.Workspace), string(k.Contact.ID)
	return readRows(tx, `WHERE c.n IN (
		SELECT n FROM conversations WHERE workspace = ?1 AND contact = ?2 AND copy < ?3
		UNION ALL SELECT n FROM conversations WHERE workspace = ?1 AND contact = ?2 AND copy > ?3
		UNION ALL SELECT n FROM conversations WHERE workspace = ?1 AND contact IN (SELECT value FROM json_each(?4)) LIMIT ?5)`,
		ws, contact, k.Contact.CopyRevision, list(textsOf(k.Contact.Merged)), k.Limit+1)
}

// forgetContact removes the contact's data from the stored events of a conversation.
func forgetContact(tx *sql.Tx, r row) error {
	rows, err := tx.Query(eventColumns+"WHERE e.conversation = ?", r.n)
	found, err := collect(rows, err, scanEvent)
	if err != nil {
		return err
	}
	for _, e := range found {
		if e.doc.After == nil {
			continue
		}
		e.doc.After.ContactName, e.doc.After.ContactEmail, e.doc.After.ContactPhone, e.doc.WasContact = "", "", "", nil
		body, err := bson.Marshal(e.doc)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE events SET body = ? WHERE n = ?", body, e.n); err != nil {
			return err
		}
	}
	return nil
}
