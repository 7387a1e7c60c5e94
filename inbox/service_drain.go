package inbox

import (
	"context"
	"errors"
	"slices"
)

// Drained is how far a queue was handed out.
type Drained int

// The ends of a Drain.
const (
	// DrainedBlocked is a queue in which something may wait and that nobody may be
	// given anything of now.
	DrainedBlocked Drained = iota
	// DrainedEmpty is a queue in which nothing is due.
	DrainedEmpty
)

// drainBatch bounds how many conversations are read at once.
const drainBatch = 10

// errNobody is a choice that found nobody.
var errNobody = errors.New("inbox: nobody is free")

// Due reports whether the rules may hand c out: it waits, and not because
// somebody let go of it. B:Q8.
func (c Conversation) Due() bool { return c.Waiting() && !c.UpForGrabs }

// QueuesOf lists the queues of a workspace, none when nothing waits in it.
func (s *Service) QueuesOf(ctx context.Context, ws WorkspaceID) ([]Queue, error) {
	waits, err := s.store.Waits(ctx, ws)
	if err != nil || !waits {
		return nil, err
	}
	d, err := s.directories.Directory(ctx, ws)
	if err != nil {
		return nil, err
	}
	var out []Queue
	for _, kind := range Kinds() {
		out = append(out, Queue{Kind: kind})
		for _, t := range d.SortedTeams() {
			out = append(out, Queue{t.ID, kind})
		}
	}
	return out, nil
}

// Drain hands out what is due in q, who waits longest first, to whom the method
// chooses, until nothing is due or nobody may be given more. It may run on
// several servers at once: each conversation is given once. B:Q8.
func (s *Service) Drain(ctx context.Context, ws WorkspaceID, q Queue) (Drained, error) {
	p := Principal{Workspace: ws, Actor: System()}
	var after *Position
	skipped := false
	for {
		if free, err := s.anyFree(ctx, p, q); err != nil || !free {
			return DrainedBlocked, err
		}
		due, err := s.store.Due(ctx, ws, q, after, drainBatch)
		if err != nil {
			return DrainedBlocked, err
		}
		for _, c := range due {
			err := s.drainOne(ctx, p, c.ID)
			passedOn := c.Left && errors.Is(err, errNobody) // nobody but who passed it on
			switch {
			case passedOn:
				skipped = true
			case errors.Is(err, errNobody):
				return DrainedBlocked, nil
			case err != nil:
				return DrainedBlocked, err
			}
			after = &Position{At: c.WaitingSince, ID: string(c.ID)}
		}
		switch {
		case len(due) == drainBatch:
		case skipped:
			return DrainedBlocked, nil
		default:
			return DrainedEmpty, nil
		}
	}
}

// anyFree reports whether the rules could give anybody something of q now.
func (s *Service) anyFree(ctx context.Context, p Principal, q Queue) (bool, error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return false, err
	}
	t := s.turn(a)
	if method, _ := a.MethodFor(q.Team); method == Voluntary || !t.Rules.Routes(q.Kind) {
		return false, nil
	}
	candidates, _, err := s.candidates(ctx, t, q.Kind, q.Team, "")
	return slices.ContainsFunc(candidates, func(c Candidate) bool { return c.Used < c.Cap }), err
}

// drainOne gives one conversation to whom the method chooses; errNobody when
// there is none. To have been slower than somebody else is no error.
func (s *Service) drainOne(ctx context.Context, p Principal, id ConversationID) error {
	_, err := s.change(ctx, p, Request{Conversation: id}, verb{
		name: "drain",
		verdict: func(_ Access, c Conversation) Verdict {
			if c.Due() {
				return allow()
			}
			return refuse(DeniedByState, AlreadyAssigned)
		},
		apply: s.autoAssign,
	})
	switch CodeOf(err) {
	case AlreadyAssigned, Conflict, NotFound:
		return nil
	default:
		return err
	}
}

func (s *Service) autoAssign(ctx context.Context, t *turn) (Move, error) {
	t.inLine = true
	var except MemberID
	if t.current.Left { // who passed it on shall not get it back
		except = t.current.FormerAssignee
	}
	chosen, err := s.choose(ctx, t, t.current.Kind, t.current.Team, except)
	if err == nil && chosen == "" {
		err = errNobody
	}
	return AutoAssign(t.current, chosen, t.At, t.Rules), err
}
