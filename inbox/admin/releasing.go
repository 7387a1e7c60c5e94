package admin

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// releasing makes an act by which e may lose conversations, and begins to move them.
// released is how many e had when the act was committed, CountLimit at most. They are
// counted before: from the commit on anyone may move them, such as the duty that releases
// what is left, on any server, and the next to claim one. B:E1
func releasing(ctx context.Context, s *Service, p inbox.Principal, e inbox.Offboarding, act act) (done workspace.DirectoryChange, released int, err error) {
	act.before = func(after access.Access, about workspace.DirectoryChange) {
		released = 0
		if begins(about, e) {
			released = s.offboarding.toMove(ctx, after, e)
		}
	}
	if done, err = s.administer(ctx, p, act); err != nil {
		return workspace.DirectoryChange{}, 0, err
	}
	if begins(done, e) {
		s.offboarding.beginOffboarding(ctx, e)
	}
	return done, released, nil
}

// begins reports whether a change is the beginning of e.
func begins(c workspace.DirectoryChange, e inbox.Offboarding) bool {
	switch {
	case c.Member != nil:
		return c.Member.OffboardingSince.Equal(e.Since)
	case c.Team != nil:
		return c.Team.OffboardingSince.Equal(e.Since)
	case c.Agent != nil:
		return c.Agent.OffboardingSince.Equal(e.Since)
	}
	return c.Workspace != nil && c.Workspace.OffboardingSince.Equal(e.Since)
}
