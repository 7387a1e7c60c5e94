package contacts

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// contactAct is one act on contacts by a caller who manages them.
type contactAct struct {
	name   string
	key    string
	args   any
	action audit.AuditAction
	// decide runs again after a lost race.
	decide func(ctx context.Context) (contactChange, error)
}

// contactChange is a contact before and after, with others that change with it and
// the names of the changed fields. Without fields nothing changes.
type contactChange struct {
	before, after inbox.Contact
	others        []inbox.Contact
	fields        []string
}

// onContact runs an act and answers with the contact that it is about. A repeat of
// the key answers with that contact as it is now.
func (s *Service) onContact(ctx context.Context, p inbox.Principal, act contactAct) (inbox.Contact, error) {
	key, err := s.base.Key(p, act.key, act.name, act.args)
	if err != nil {
		return inbox.Contact{}, err
	}
	for range commit.MaxAttempts {
		a, err := s.callers.Fresh(ctx, p)
		if err == nil {
			err = a.Require(workspace.ContactsManage)
		}
		if err != nil {
			return inbox.Contact{}, err
		}
		e, ok, err := s.base.Repeated(ctx, a, key)
		switch {
		case err != nil:
			return inbox.Contact{}, err
		case ok:
			return s.contactOfEvent(ctx, e, act.action)
		}
		change, err := act.decide(ctx)
		if err != nil || len(change.fields) == 0 {
			return change.before, err
		}
		after := changed(change.before, change.after)
		save := s.saving(p.Actor, change.before, &after, change.others...)
		save.Event.Key, save.Audit = key, s.contactAudit(p, act.action, after, change.fields)
		err = s.saveContacts(ctx, p.Actor, *save)
		if !errors.Is(err, commit.ErrStale) && !errors.Is(err, commit.ErrDuplicateKey) {
			return after, err
		}
	}
	return inbox.Contact{}, commit.TooBusy()
}

// contactOfEvent is the contact that e changed, or the one that it was merged into
// since. NOT_FOUND for one that was erased since.
func (s *Service) contactOfEvent(ctx context.Context, e inbox.Event, action audit.AuditAction) (inbox.Contact, error) {
	if action == audit.AuditContactErase {
		return inbox.Contact{ID: e.Contact, Workspace: e.Workspace, Erased: true}, nil
	}
	return s.liveContact(ctx, e.Workspace, e.Contact)
}

// contactAudit names the changed fields and never their values: the log is kept
// when the contact is erased.
func (s *Service) contactAudit(p inbox.Principal, action audit.AuditAction, c inbox.Contact, fields []string) *audit.AuditEntry {
	entry := &audit.AuditEntry{
		ID: s.base.NewID(), Workspace: p.Workspace, At: s.base.Clock(), Actor: p.Actor, Action: action,
		Target: audit.AuditTarget{Kind: audit.AuditContact, ID: string(c.ID), Name: "contact"},
	}
	for _, f := range fields {
		entry.Fields = append(entry.Fields, audit.AuditField{Field: f, To: "changed"})
	}
	return entry
}
