package contacts

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// spreadBatch is how many contacts are looked at in one go.
const spreadBatch = 100

// copyBatch is how many conversations follow their contact in one transaction.
const copyBatch = 100

// saving returns the save of a contact whose earlier state is before, with the copy
// for its conversations. It records in after that they have to follow.
func (s *Service) saving(by workspace.Actor, before inbox.Contact, after *inbox.Contact, others ...inbox.Contact) *commit.ContactSave {
	moves := len(after.Merged) > len(before.Merged) && len(others) > 0
	if after.CopyRevision != before.CopyRevision || moves {
		after.PropagatingSince = s.base.Clock()
	}
	save := &commit.ContactSave{Workspace: after.Workspace, Contacts: append([]inbox.Contact{*after}, others...)}
	save.Event = inbox.Event{ID: inbox.EventID(s.base.NewID()), Workspace: after.Workspace, Type: inbox.ContactEvent, Contact: after.ID, Actor: by, At: s.base.Clock()}
	if !after.PropagatingSince.IsZero() {
		save.Copy = s.copying(by, *after)
	}
	return save
}

func (s *Service) copying(by workspace.Actor, c inbox.Contact) *commit.ContactCopying {
	return &commit.ContactCopying{Contact: c, Limit: copyBatch, Follow: func(old inbox.Conversation) commit.Change {
		m := follow(c, old, inbox.Command{By: by, At: s.base.Clock()})
		s.base.Seal(&m, old)
		issue := old.TokenIssue
		return commit.Change{
			Conversation: m.After, Event: m.Event, EndTokens: m.After.TokenIssue != issue, Guard: commit.Guard{TokenIssue: &issue},
		}
	}}
}

// saveContacts saves and copies until all conversations of the contact follow.
func (s *Service) saveContacts(ctx context.Context, by workspace.Actor, save commit.ContactSave) error {
	spread, err := s.store.SaveContacts(ctx, save)
	if err != nil {
		return err
	}
	for _, e := range spread.Events {
		s.base.Committed(e)
	}
	if spread.Done || save.Copy == nil {
		return nil
	}
	return s.Propagate(ctx, by, save.Workspace, save.Copy.Contact.ID)
}

// Propagate copies a contact to its conversations, a batch in each transaction, until
// none is behind. It may run on several servers and may end at any point: Empty goes
// on with it.
func (s *Service) Propagate(ctx context.Context, by workspace.Actor, ws workspace.WorkspaceID, id inbox.ContactID) error {
	lost := 0
	for lost < commit.MaxAttempts {
		found, err := s.store.Contacts(ctx, ws, []inbox.ContactID{id})
		if err != nil || found[id].PropagatingSince.IsZero() {
			return err
		}
		done, err := s.store.SaveContacts(ctx, commit.ContactSave{Workspace: ws, Copy: s.copying(by, found[id])})
		switch {
		case errors.Is(err, commit.ErrStale):
			lost++
			continue
		case err != nil:
			return err
		}
		for _, e := range done.Events {
			s.base.Committed(e)
		}
	}
	return commit.TooBusy()
}

// PropagatePending goes on with copying that ended before it was done.
func (s *Service) PropagatePending(ctx context.Context) error {
	pending, err := s.store.SpreadingContacts(ctx, spreadBatch)
	if err != nil {
		return err
	}
	var failed error
	for _, c := range pending {
		if s.base.Clock().Sub(c.PropagatingSince) < propagationGrace {
			continue // another server is still at it
		}
		failed = errors.Join(failed, s.Propagate(ctx, workspace.System(), c.Workspace, c.ID))
	}
	return failed
}

// propagationGrace is how long the server that changed a contact has to copy it before
// others do.
const propagationGrace = 10 * time.Second
