package inbox

import (
	"context"
	"errors"
)

// Amendment is the effect of an administrative act on the directory, and its audit
// entry. Without Fields it changes nothing.
type Amendment struct {
	// Changes are the entities as they are now, each with its next revision. The
	// first is the one that the act is about.
	Changes []DirectoryChange
	Action  AuditAction
	Target  AuditTarget
	Fields  []AuditField
}

// act is one administrative act, as administer runs it.
type act struct {
	name string
	// key makes a repeat answer with the first result; args are fingerprinted
	// for it.
	key  string
	args any
	// decide is pure. It runs again after a lost race.
	decide func(Access) (Amendment, error)
}

// administer makes an act on the directory as it is in the store, again when
// another act was faster, and answers with the entity that it is about.
func (s *Service) administer(ctx context.Context, p Principal, act act) (DirectoryChange, error) {
	key, err := s.key(p, act.key, act.name, act.args)
	if err != nil {
		return DirectoryChange{}, err
	}
	for range maxAttempts {
		a, err := s.freshAccess(ctx, p)
		if err != nil {
			return DirectoryChange{}, err
		}
		if e, ok, err := s.repeated(ctx, a, key); ok || err != nil {
			return administered(e), err
		}
		m, err := act.decide(a)
		switch {
		case err != nil:
			return DirectoryChange{}, err
		case len(m.Fields) == 0:
			return m.Changes[0], nil
		}
		err = s.amend(ctx, a, m, key)
		if !errors.Is(err, ErrStale) && !errors.Is(err, ErrDuplicateKey) {
			return m.Changes[0], err
		}
	}
	return DirectoryChange{}, tooBusy()
}

func administered(e Event) DirectoryChange {
	if e.Directory == nil {
		return DirectoryChange{}
	}
	return *e.Directory
}

func (s *Service) amend(ctx context.Context, a Access, m Amendment, key IdempotencyKey) error {
	p, now := a.Principal, s.clock()
	save := DirectorySave{Workspace: p.Workspace, Rev: a.Directory.Workspace.Rev, Audit: AuditEntry{
		ID: s.nextID(), Workspace: p.Workspace, At: now, Actor: p.Actor, Action: m.Action, Target: m.Target, Fields: m.Fields,
	}}
	for i := range m.Changes {
		save.Events = append(save.Events, Event{
			ID: EventID(s.nextID()), Workspace: p.Workspace, Type: DirectoryEvent, Actor: p.Actor, At: now, Directory: &m.Changes[i],
		})
	}
	save.Events[0].Key = key
	if err := s.store.Administer(ctx, save); err != nil {
		return err
	}
	for _, c := range m.Changes {
		s.applied(p.Workspace, c)
	}
	for _, e := range save.Events {
		s.committed(e)
	}
	return nil
}
