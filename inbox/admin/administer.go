package admin

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Amendment is the effect of an administrative act on the directory, and its audit
// entry. Without Fields it changes nothing.
type Amendment struct {
	// Changes are the entities as they are now, each with its next revision. The
	// first is the one that the act is about.
	Changes []workspace.DirectoryChange
	Action  audit.AuditAction
	Target  audit.AuditTarget
	Fields  []audit.AuditField
}

// act is one administrative act, as administer runs it.
type act struct {
	name string
	// key makes a repeat answer with the first result; args are fingerprinted
	// for it.
	key  string
	args any
	// decide is pure. It runs again after a lost race.
	decide func(access.Access) (Amendment, error)
	// before, if set, is called right before each commit that the act tries, with the
	// directory as the act leaves it.
	before func(access.Access, workspace.DirectoryChange)
}

// administer makes an act on the directory as it is in the store, again when
// another act was faster, and answers with the entity that it is about.
func (s *Service) administer(ctx context.Context, p inbox.Principal, act act) (workspace.DirectoryChange, error) {
	key, err := s.base.Key(p, act.key, act.name, act.args)
	if err != nil {
		return workspace.DirectoryChange{}, err
	}
	for range commit.MaxAttempts {
		a, err := s.callers.Fresh(ctx, p)
		if err != nil {
			return workspace.DirectoryChange{}, err
		}
		if e, ok, err := s.base.Repeated(ctx, a, key); ok || err != nil {
			return administered(e), err
		}
		m, err := act.decide(a)
		switch {
		case err != nil:
			return workspace.DirectoryChange{}, err
		case len(m.Fields) == 0:
			return m.Changes[0], nil
		}
		act.foresee(a, m)
		err = s.amend(ctx, a, m, key)
		if !errors.Is(err, commit.ErrStale) && !errors.Is(err, commit.ErrDuplicateKey) {
			return m.Changes[0], err
		}
	}
	return workspace.DirectoryChange{}, commit.TooBusy()
}

func (act act) foresee(a access.Access, m Amendment) {
	if act.before == nil {
		return
	}
	for _, c := range m.Changes {
		a.Directory = a.Directory.With(c)
	}
	act.before(a, m.Changes[0])
}

func administered(e inbox.Event) workspace.DirectoryChange {
	if e.Directory == nil {
		return workspace.DirectoryChange{}
	}
	return *e.Directory
}

func (s *Service) amend(ctx context.Context, a access.Access, m Amendment, key inbox.IdempotencyKey) error {
	p, now := a.Principal, s.base.Clock()
	save := commit.DirectorySave{Workspace: p.Workspace, Rev: a.Directory.Workspace.Rev, Audit: audit.AuditEntry{
		ID: s.base.NewID(), Workspace: p.Workspace, At: now, Actor: p.Actor, Action: m.Action, Target: m.Target, Fields: m.Fields,
	}}
	for i := range m.Changes {
		save.Events = append(save.Events, inbox.Event{
			ID: inbox.EventID(s.base.NewID()), Workspace: p.Workspace, Type: inbox.DirectoryEvent, Actor: p.Actor, At: now, Directory: &m.Changes[i],
		})
	}
	save.Events[0].Key = key
	if err := s.store.Administer(ctx, save); err != nil {
		return err
	}
	for _, c := range m.Changes {
		s.callers.Applied(p.Workspace, c)
	}
	for _, e := range save.Events {
		s.base.Committed(e)
	}
	return nil
}
