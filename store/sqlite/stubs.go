package sqlite

import (
	"database/sql"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

var errStub = errors.New("sqlite: not merged yet")

func (s *Store) notify(*sql.Tx, inbox.Event) error          { return nil }
func (s *Store) keepContact(*sql.Tx, inbox.Contact) error   { return errStub }
func (s *Store) writeAudit(*sql.Tx, audit.AuditEntry) error { return errStub }
func (s *Store) holdContact(*sql.Tx, workspace.WorkspaceID, commit.ContactGuard) error {
	return errStub
}
func (s *Store) writeContacts(*sql.Tx, commit.ContactSave) (commit.Propagation, error) {
	return commit.Propagation{}, errStub
}

func (s *Store) contactCopied(*sql.Tx, inbox.Contact) error { return errStub }
