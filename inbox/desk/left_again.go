package desk

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// leftBatch bounds how many are offered again in one go.
const leftBatch = 100

// QueueLeft does for one batch of conversations, in any workspace, what the rules do at
// a time: it wakes what slept until then, and lets the rules assign what was released
// longer ago than rule leftWaits allows. It may run on several servers and may end at
// any point; a failure in one workspace does not stop the others.
func (s *Queues) QueueLeft(ctx context.Context) error {
	_, err := s.meetDeadlines(ctx)
	return err
}

// meetDeadlines is QueueLeft, and returns the size of the batch.
func (s *Queues) meetDeadlines(ctx context.Context) (int, error) {
	due, err := s.store.Left(ctx, s.base.Clock(), leftBatch)
	if err != nil {
		return 0, err
	}
	var asleep, left []inbox.Conversation
	for _, c := range due {
		if c.Asleep() {
			asleep = append(asleep, c)
		} else {
			left = append(left, c)
		}
	}
	return len(due), errors.Join(s.wakeEach(ctx, asleep), s.queueEach(ctx, left))
}

func (s *Queues) queueEach(ctx context.Context, left []inbox.Conversation) error {
	var order []workspace.WorkspaceID
	of := map[workspace.WorkspaceID][]inbox.Conversation{}
	for _, c := range left {
		if of[c.Workspace] == nil {
			order = append(order, c.Workspace)
		}
		of[c.Workspace] = append(of[c.Workspace], c)
	}
	var failed error
	for _, ws := range order {
		failed = errors.Join(failed, s.queueLeft(ctx, ws, of[ws]))
	}
	return failed
}

func (s *Queues) queueLeft(ctx context.Context, ws workspace.WorkspaceID, left []inbox.Conversation) error {
	errs, err := s.run.changeEach(ctx, inbox.Principal{Workspace: ws, Actor: workspace.System()}, left, verb{
		name: "queueLeft", declared: s.run.the(access.StepQueueAgain), yields: true,
	})
	for _, refusal := range errs {
		err = errors.Join(err, unlessLost(refusal))
	}
	return err
}
