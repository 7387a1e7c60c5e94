package desk

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// idleBatch bounds how many idle chats of a workspace are closed in one go.
const idleBatch = 100

// CloseIdle closes the chats of all workspaces without activity for as long as rule
// closeIdleAfter says, a batch of each workspace: in the name of the system, with
// the reason IDLE, whatever their handler. It may run on several servers and may
// end at any point: each chat is closed once, and the rest is found again. A
// failure in one workspace does not stop the others. B:C6
func (s *Queues) CloseIdle(ctx context.Context) error {
	all, err := s.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range all {
		if w.Rules.CloseIdleAfter > 0 {
			failed = errors.Join(failed, s.closeIdleIn(ctx, w.ID))
		}
	}
	return failed
}

func (s *Queues) closeIdleIn(ctx context.Context, ws workspace.WorkspaceID) error {
	p := inbox.Principal{Workspace: ws, Actor: workspace.System()}
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return err
	}
	since, on := access.IdleSince(a.Rules(), s.base.Clock())
	if !on {
		return nil
	}
	idle, err := s.store.Idle(ctx, ws, since, idleBatch)
	if err != nil || len(idle) == 0 {
		return err
	}
	return s.closeIdle(ctx, p, idle)
}

// closeIdle closes those in which nothing happened meanwhile.
func (s *Queues) closeIdle(ctx context.Context, p inbox.Principal, idle []inbox.Conversation) error {
	errs, err := s.run.changeEach(ctx, p, idle, verb{
		name: "idle", declared: s.run.the(access.StepCloseIdle), reason: inbox.ReasonIdle, quiet: true,
	})
	for _, refusal := range errs {
		err = errors.Join(err, unlessLost(refusal))
	}
	return err
}

// unlessLost is err without the refusals that say that somebody was faster.
func unlessLost(err error) error {
	if commit.IsLostRace(err) {
		return nil
	}
	return unlessGone(err)
}
