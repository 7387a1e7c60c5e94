package inbox

import (
	"context"
	"errors"
	"time"
)

// idleBatch bounds how many idle chats of a workspace are closed in one go.
const idleBatch = 100

// CloseIdle closes the chats of all workspaces without activity for as long as rule
// closeIdleAfter says, a batch of each workspace: in the name of the system, with
// the reason IDLE, whatever their handler. It may run on several servers and may
// end at any point: each chat is closed once, and the rest is found again. A
// failure in one workspace does not stop the others. B:C6
func (s *Service) CloseIdle(ctx context.Context) error {
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

func (s *Service) closeIdleIn(ctx context.Context, ws WorkspaceID) error {
	p := Principal{Workspace: ws, Actor: System()}
	a, err := s.Access(ctx, p)
	if err != nil {
		return err
	}
	since, on := a.Rules().idleSince(s.clock())
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
func (r Rules) idleSince(now time.Time) (since time.Time, on bool) {
	return now.Add(-r.CloseIdleAfter).Truncate(time.Millisecond), r.CloseIdleAfter > 0
}

// idle reports whether the system closes c now. B:C6
func (c Conversation) idle(rules Rules, now time.Time) bool {
	since, on := rules.idleSince(now)
	return on && c.Kind == Livechat && c.Status != Closed && !c.LastActivityAt.After(since)
}

// closeIdle closes one chat, unless something happened in it meanwhile.
func (s *Service) closeIdle(ctx context.Context, p Principal, id ConversationID) error {
	_, err := s.change(ctx, p, Request{Conversation: id}, verb{
		name: "idle", reason: ReasonIdle, quiet: true,
		verdict: func(a Access, c Conversation) Verdict {
			if c.idle(a.Rules(), s.clock()) {
				return allow()
			}
			return refuse(DeniedByState, AlreadyAssigned)
		},
		apply: pure(Close),
	})
	return unlessGone(err)
}
