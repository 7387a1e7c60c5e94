package inbox

import (
	"context"
	"errors"
	"time"
)

// spreadBatch is how many contacts are looked at in one go.
const spreadBatch = 100

// copyBatch is how many conversations follow their contact in one transaction.
const copyBatch = 100

// saving returns the save of a contact whose earlier state is before, with the copy
// for its conversations. It records in after that they have to follow.
func (s *Service) saving(by Actor, before Contact, after *Contact, others ...Contact) *ContactSave {
	moves := len(after.Merged) > len(before.Merged) && len(others) > 0
	if after.Face != before.Face || moves {
		after.SpreadingSince = s.clock()
	}
	save := &ContactSave{Workspace: after.Workspace, Contacts: append([]Contact{*after}, others...)}
	save.Event = Event{ID: EventID(s.nextID()), Workspace: after.Workspace, Type: ContactEvent, Contact: after.ID, Actor: by, At: s.clock()}
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
	pending, err := s.store.SpreadingContacts(ctx, spreadBatch)
	if err != nil {
		return err
	}
	var failed error
	for _, c := range pending {
		if s.clock().Sub(c.SpreadingSince) < spreadGrace {
			continue // another server is still at it
		}
		failed = errors.Join(failed, s.spread(ctx, System(), c.Workspace, c.ID))
	}
	return failed
}

// spreadGrace is how long the server that changed a contact has to copy it before
// others do.
const spreadGrace = 10 * time.Second
