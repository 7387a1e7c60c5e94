package inbox

import (
	"context"
	"errors"
)

// contactAct is one act on contacts by somebody who manages them.
type contactAct struct {
	name   string
	key    string
	args   any
	action AuditAction
	// decide runs again after a lost race.
	decide func(ctx context.Context) (contactChange, error)
}

// contactChange is a contact as it was and as it is to be, with others that change
// with it and the names of what changes. Without fields nothing does.
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
		if e, ok, err := s.repeated(ctx, a, key); ok || err != nil {
			return s.contactOfEvent(ctx, p.Workspace, e, err)
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

func (s *Service) contactOfEvent(ctx context.Context, ws WorkspaceID, e Event, err error) (Contact, error) {
	if err != nil {
		return Contact{}, err
	}
	found, err := s.store.Contacts(ctx, ws, []ContactID{e.Contact})
	return found[e.Contact], err
}

// contactAudit names what was changed and never to what: the log is kept when the
// contact is erased.
func (s *Service) contactAudit(p Principal, action AuditAction, c Contact, fields []string) *AuditEntry {
	entry := &AuditEntry{
		ID: s.newID(), Workspace: p.Workspace, At: s.clock(), Actor: p.Actor, Action: action,
		Target: AuditTarget{Kind: AuditContact, ID: string(c.ID), Name: "contact"},
	}
	for _, f := range fields {
		entry.Fields = append(entry.Fields, AuditField{Field: f, To: "changed"})
	}
	return entry
}
