package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// maxDeadlineBatches bounds one run of MeetDeadlines: what is left is due again at once.
const maxDeadlineBatches = 20

// MeetDeadlines is QueueLeft for all batches. It returns the next time at which there is
// something to do, as far as it is stored; zero if there is none.
func (s *Queues) MeetDeadlines(ctx context.Context) (next time.Time, err error) {
	next, err = s.nextLeft(ctx)
	if err != nil || next.IsZero() || next.After(s.base.Clock()) {
		return next, err
	}
	for range maxDeadlineBatches {
		n, err := s.meetDeadlines(ctx)
		if err != nil {
			return time.Time{}, err
		}
		if n < leftBatch {
			break
		}
	}
	return s.nextLeft(ctx)
}

// nextLeft is the first time at which there is something to do, also if that is past.
func (s *Queues) nextLeft(ctx context.Context) (time.Time, error) {
	first, err := s.store.Left(ctx, inbox.NotAwaiting(), 1)
	if err != nil || len(first) == 0 {
		return time.Time{}, err
	}
	return first[0].GrabsUntil, nil
}

// wakeEach wakes conversations of any workspaces, several at once: each is decided by
// itself, so that the cap of an owner of many holds.
func (s *Queues) wakeEach(ctx context.Context, all []inbox.Conversation) error {
	errs := make([]error, len(all))
	free := make(chan struct{}, s.hands)
	var running sync.WaitGroup
	for i := range all {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			errs[i] = s.wake(ctx, all[i])
		})
	}
	running.Wait()
	return errors.Join(errs...)
}

// wake wakes what slept until a time, unless it was woken meanwhile.
func (s *Queues) wake(ctx context.Context, c inbox.Conversation) error {
	p := inbox.Principal{Workspace: c.Workspace, Actor: workspace.System()}
	_, err := s.run.change(ctx, p, Request{Conversation: c.ID}, verb{
		name: "wake", declared: s.run.the(access.StepWake), known: &c, reason: string(inbox.WokenByTime),
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) { return s.run.waking(ctx, t) },
	})
	return unlessLost(err)
}
