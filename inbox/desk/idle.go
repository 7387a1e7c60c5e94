package desk

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
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
	for _, c := range idle {
		if err == nil {
			err = s.closeIdle(ctx, p, c.ID)
		}
	}
	return err
}

// closeIdle closes one chat, unless something happened in it meanwhile.
func (s *Queues) closeIdle(ctx context.Context, p inbox.Principal, id inbox.ConversationID) error {
	_, err := s.run.change(ctx, p, Request{Conversation: id}, verb{
		name: "idle", declared: s.run.the(access.StepCloseIdle), reason: inbox.ReasonIdle, quiet: true,
	})
	return unlessGone(err)
}
