package desk

import (
	"context"
	"errors"
	"time"

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
	since, on := idleSince(a.Rules(), s.base.Clock())
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

// idleSince is the time since when nothing happened in a chat that is idle now; on is
// false while rule closeIdleAfter is off. Times are stored to the millisecond.
func idleSince(r workspace.Rules, now time.Time) (since time.Time, on bool) {
	return now.Add(-r.CloseIdleAfter).Truncate(time.Millisecond), r.CloseIdleAfter > 0
}

// idle reports whether the system closes c now. B:C6
func idle(c inbox.Conversation, rules workspace.Rules, now time.Time) bool {
	since, on := idleSince(rules, now)
	return on && c.Kind == workspace.Livechat && c.Status != inbox.Closed && !c.LastActivityAt.After(since)
}

// closeIdle closes one chat, unless something happened in it meanwhile.
func (s *Queues) closeIdle(ctx context.Context, p inbox.Principal, id inbox.ConversationID) error {
	_, err := s.run.change(ctx, p, Request{Conversation: id}, verb{
		name: "idle", reason: inbox.ReasonIdle, quiet: true,
		verdict: func(a access.Access, c inbox.Conversation) access.Verdict {
			if idle(c, a.Rules(), s.base.Clock()) {
				return access.Allow()
			}
			return access.Refuse(access.DeniedByState, inbox.AlreadyAssigned)
		},
		apply: pure(inbox.Close),
	})
	return unlessGone(err)
}
