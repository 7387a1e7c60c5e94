package inbox

import (
	"context"
	"errors"
	"time"
)

// contactAct is one act on contacts by somebody who manages them.
type contactAct struct {
	name   string
	key    string
	args   any
	action AuditAction
	// decide gives the contact as it was and as it is to be, others that change with
	// it, and the names of what changes. It runs again after a lost race.
	decide func(ctx context.Context, a Access) (before, after Contact, others []Contact, fields []string, err error)
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
		before, after, others, fields, err := act.decide(ctx, a)
		if err != nil || len(fields) == 0 {
			return before, err
		}
		after = before.changed(after)
		save := s.saving(p.Actor, before, &after, others...)
		save.Event.Key, save.Audit = key, s.contactAudit(p, act.action, after, fields)
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

// copyBatch is how many conversations follow their contact in one transaction.
const copyBatch = 100

// saving is the save of a contact that was before, with what its conversations
// copy. It notes in after that they are to follow.
func (s *Service) saving(by Actor, before Contact, after *Contact, others ...Contact) *ContactSave {
	moves := len(after.Merged) > len(before.Merged) && len(others) > 0
	if after.Face != before.Face || moves {
		after.SpreadingSince = s.clock()
	}
	save := &ContactSave{Workspace: after.Workspace, Contacts: append([]Contact{*after}, others...)}
	save.Event = Event{ID: EventID(s.newID()), Workspace: after.Workspace, Type: ContactEvent, Contact: after.ID, Actor: by, At: s.clock()}
	if !after.SpreadingSince.IsZero() {
		save.Copy = s.copying(by, *after)
	}
	return save
}

func (s *Service) copying(by Actor, c Contact) *ContactCopying {
	return &ContactCopying{Contact: c, Limit: copyBatch, Follow: func(old Conversation) Change {
		m := c.follow(old, Turn{By: by, At: s.clock()})
		s.seal(&m, old)
		issue := old.TokenIssue
		return Change{
			Conversation: m.After, Event: m.Event, EndTokens: m.After.TokenIssue != issue, Guard: Guard{TokenIssue: &issue},
		}
	}}
}

// saveContacts saves and copies until all conversations of the contact follow.
func (s *Service) saveContacts(ctx context.Context, by Actor, save ContactSave) error {
	spread, err := s.store.SaveContacts(ctx, save)
	if err != nil {
		return err
	}
	for _, e := range spread.Events {
		s.committed(e)
	}
	if spread.Done || save.Copy == nil {
		return nil
	}
	return s.spread(ctx, by, save.Workspace, save.Copy.Contact.ID)
}

// spread copies a contact to its conversations, a batch in each transaction, until
// none is behind. It may run on several servers and may end at any point: Empty goes
// on with it.
func (s *Service) spread(ctx context.Context, by Actor, ws WorkspaceID, id ContactID) error {
	lost := 0
	for lost < maxAttempts {
		found, err := s.store.Contacts(ctx, ws, []ContactID{id})
		if err != nil || found[id].SpreadingSince.IsZero() {
			return err
		}
		done, err := s.store.SaveContacts(ctx, ContactSave{Workspace: ws, Copy: s.copying(by, found[id])})
		switch {
		case errors.Is(err, ErrStale):
			lost++
			continue
		case err != nil:
			return err
		}
		for _, e := range done.Events {
			s.committed(e)
		}
	}
	return tooBusy()
}

// spreadPending goes on with copying that ended before it was done.
func (s *Service) spreadPending(ctx context.Context) error {
	pending, err := s.store.SpreadingContacts(ctx, emptyPending)
	if err != nil {
		return err
	}
	var failed error
	for _, c := range pending {
		if s.clock().Sub(c.SpreadingSince) < spreadGrace {
			continue // whoever began is at it
		}
		failed = errors.Join(failed, s.spread(ctx, System(), c.Workspace, c.ID))
	}
	return failed
}

// spreadGrace is how long whoever changed a contact is left alone with copying it.
const spreadGrace = 10 * time.Second
