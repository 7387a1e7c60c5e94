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

// QueueLeft lets the rules assign conversations, in any workspace, that were
// released longer ago than rule leftWaits allows. It may run on several servers and
// may end at any point; a failure in one workspace does not stop the others.
func (s *Queues) QueueLeft(ctx context.Context) error {
	left, err := s.store.Left(ctx, s.base.Clock(), leftBatch)
	if err != nil {
		return err
	}
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
