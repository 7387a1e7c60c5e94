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
func (s *Store) record(tx *sql.Tx, e inbox.Event) error {
	if err := s.notify(tx, e); err != nil {
		return err
	}
	return keepEvent(tx, e)
}

func keepEvent(tx *sql.Tx, e inbox.Event) error {
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
func (s *Store) copyContact(tx *sql.Tx, k commit.ContactCopying) (commit.Propagation, error) {
	return commit.Propagation{}, errors.New("sqlite: contacts are not copied yet")
}

// orNull is null for the empty text, which partial indexes leave out.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
