package inbox

import (
	"context"
	"errors"
	"time"
)

// ReasonNotClaimed is the reason of an event by which the rules take over a
// released conversation that nobody claimed within rule leftWaits.
const ReasonNotClaimed = "NOT_CLAIMED"

// leftBatch bounds how many are offered again in one go.
const leftBatch = 100

// QueueAgain lets the rules assign a conversation that was up for grabs. It keeps
// its place in the queue, and the member who released it does not get it back.
// B:L1, B:Q8
func QueueAgain(c Conversation, t Turn) Move {
	t.Reason = ReasonNotClaimed
	return c.move(EventQueued, c.queue(c.Team, t), t)
}

// QueueLeft lets the rules assign conversations, in any workspace, that were
// released longer ago than rule leftWaits allows. It may run on several servers and
// may end at any point; a failure in one workspace does not stop the others.
func (s *Service) QueueLeft(ctx context.Context) error {
	left, err := s.store.Left(ctx, s.clock(), leftBatch)
	if err != nil {
		return err
	}
	var failed error
	for i := range left {
		failed = errors.Join(failed, s.queueLeft(ctx, left[i]))
	}
	return failed
}

func (s *Service) queueLeft(ctx context.Context, c Conversation) error {
	_, err := s.change(ctx, Principal{Workspace: c.Workspace, Actor: System()}, Request{Conversation: c.ID}, verb{
		name: "queueLeft", known: &c, yields: true,
		verdict: func(_ Access, c Conversation) Verdict {
			if c.UpForGrabs && c.leftUntil(s.clock()) {
				return allow()
			}
			return refuse(DeniedByState, AlreadyAssigned)
		},
		apply: pure(QueueAgain),
	})
	if errors.Is(err, ErrStale) {
		return nil // somebody is at it
	}
	return unlessGone(err)
}

// leftUntil reports whether the time for claiming is over.
func (o Ownership) leftUntil(now time.Time) bool {
	return !o.GrabsUntil.IsZero() && !o.GrabsUntil.After(now)
}

// grabsUntil is when the rules assign a conversation again that a person released
// at a time; zero if they never do.
func (t Turn) grabsUntil(kind Kind) time.Time {
	if t.Rules.LeftWaits == 0 || t.Rules.Method == Voluntary || !t.Rules.Routes(kind) {
		return time.Time{}
	}
	return t.At.Add(t.Rules.LeftWaits)
}
