package desk

import (
	"context"
	"errors"

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
		name: "queueLeft", declared: s.run.the(access.StepQueueAgain), known: &c, yields: true,
	})
	if errors.Is(err, commit.ErrStale) {
		return nil // somebody is at it
	}
	return unlessGone(err)
}
