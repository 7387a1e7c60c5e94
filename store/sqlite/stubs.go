package sqlite

import (
	"database/sql"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// These stand in for functions that come with the conversations and events.

// record inserts e with its messages and notifications.
func record(tx *sql.Tx, e inbox.Event) error {
	if err := notify(tx, e); err != nil {
		return err
	}
	return recordContact(tx, e)
}

// recordContact inserts the event of a change of a contact, which no feed gives: it is
// a document.ContactRecord and keeps the idempotency key.
func recordContact(tx *sql.Tx, e inbox.Event) error {
	_, ok, err := get[document.Event](tx, "events", string(e.ID))
	if ok {
		return commit.ErrDuplicateKey
	}
	if err != nil {
		return err
	}
	return put(tx, "events", stored{string(e.ID), string(e.Workspace), 0, document.OfEvent(e)})
}

// copyContact brings the next conversations of a contact up to date. It ends with
// settleContact when no conversation is behind.
func copyContact(tx *sql.Tx, k commit.ContactCopying) (commit.Propagation, error) {
	return commit.Propagation{}, errors.New("sqlite: contacts are not copied yet")
}
