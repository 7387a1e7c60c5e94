package inbox

import (
	"context"
	"errors"
)

// contactAct is one act on contacts by a caller who manages them.
type contactAct struct {
	name   string
	key    string
	args   any
	action AuditAction
	// decide runs again after a lost race.
	decide func(ctx context.Context) (contactChange, error)
}

// contactChange is a contact before and after, with others that change with it and
// the names of the changed fields. Without fields nothing changes.
type contactChange struct {
	before, after Contact
	others        []Contact
	fields        []string
}

// onContact runs an act and answers with the contact that it is about. A repeat of
// the key answers with that contact as it is now.
func (s *Service) onContact(ctx context.Context, p Principal, act contactAct) (Contact, error) {
	key, err := s.key(p, act.key, act.name, act.args)
	if err != nil {
		return Contact{}, err
	}
	for range maxAttempts {
		a, err := s.freshAccess(ctx, p)
		if err == nil {
			err = a.Require(ContactsManage)
		}
		if err != nil {
			return Contact{}, err
		}
		e, ok, err := s.repeated(ctx, a, key)
		switch {
		case err != nil:
			return Contact{}, err
		case ok:
			return s.contactOfEvent(ctx, e, act.action)
		}
		change, err := act.decide(ctx)
		if err != nil || len(change.fields) == 0 {
			return change.before, err
		}
		after := change.before.changed(change.after)
		save := s.saving(p.Actor, change.before, &after, change.others...)
		save.Event.Key, save.Audit = key, s.contactAudit(p, act.action, after, change.fields)
		err = s.saveContacts(ctx, p.Actor, *save)
		if !errors.Is(err, ErrStale) && !errors.Is(err, ErrDuplicateKey) {
			return after, err
		}
	}
	return Contact{}, tooBusy()
}

// contactOfEvent is the contact that e changed, or the one that it was merged into
// since. NOT_FOUND for one that was erased since.
func (s *Service) contactOfEvent(ctx context.Context, e Event, action AuditAction) (Contact, error) {
	if action == AuditContactErase {
		return Contact{ID: e.Contact, Workspace: e.Workspace, Erased: true}, nil
	}
	return s.liveContact(ctx, e.Workspace, e.Contact)
}

// contactAudit names the changed fields and never their values: the log is kept
// when the contact is erased.
func (s *Service) contactAudit(p Principal, action AuditAction, c Contact, fields []string) *AuditEntry {
	entry := &AuditEntry{
		ID: s.nextID(), Workspace: p.Workspace, At: s.clock(), Actor: p.Actor, Action: action,
		Target: AuditTarget{Kind: AuditContact, ID: string(c.ID), Name: "contact"},
	}
	for _, f := range fields {
		entry.Fields = append(entry.Fields, AuditField{Field: f, To: "changed"})
	}
	return entry
}
