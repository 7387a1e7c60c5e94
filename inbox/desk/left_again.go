package desk

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// leftBatch bounds how many are offered again in one go.
const leftBatch = 100

// QueueLeft lets the rules assign conversations, in any workspace, that were
// released longer ago than rule leftWaits allows. It may run on several servers and
// may end at any point; a failure in one workspace does not stop the others.
func (s *Queues) QueueLeft(ctx context.Context) error {
	left, err := s.store.Left(ctx, s.base.Clock(), leftBatch)
	if err != nil {
		return err
	}
	var failed error
	for i := range left {
		failed = errors.Join(failed, s.queueLeft(ctx, left[i]))
	}
	return failed
}

func (s *Queues) queueLeft(ctx context.Context, c inbox.Conversation) error {
	_, err := s.run.change(ctx, inbox.Principal{Workspace: c.Workspace, Actor: workspace.System()}, Request{Conversation: c.ID}, verb{
		name: "queueLeft", known: &c, yields: true,
		verdict: func(_ access.Access, c inbox.Conversation) access.Verdict {
			if c.UpForGrabs && leftUntil(c.Ownership, s.base.Clock()) {
				return access.Allow()
			}
			return access.Refuse(access.DeniedByState, inbox.AlreadyAssigned)
		},
		apply: pure(inbox.QueueAgain),
	})
	if errors.Is(err, commit.ErrStale) {
		return nil // somebody is at it
	}
	return unlessGone(err)
}

// leftUntil reports whether the time for claiming is over.
func leftUntil(o inbox.Ownership, now time.Time) bool {
	return !o.GrabsUntil.IsZero() && !o.GrabsUntil.After(now)
}
