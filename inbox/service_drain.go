package inbox

import (
	"context"
	"errors"
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
	// DrainedElsewhere is a queue that another server is handing out just now, to
	// which it was left: look again a moment later.
	DrainedElsewhere
)

// Why a conversation was not given.
var (
	errNobody    = errors.New("inbox: nobody is free")
	errOutchosen = errors.New("inbox: others are always faster to choose")
	errElsewhere = errors.New("inbox: another server hands out the queue")
)

// Due reports whether the rules may hand c out: it waits, and not because
// somebody let go of it. B:Q8.
func (c Conversation) Due() bool { return c.Waiting() && !c.UpForGrabs }

// QueuesOf lists the queues of a workspace, none when nothing waits in it.
func (s *Service) QueuesOf(ctx context.Context, ws WorkspaceID) ([]Queue, error) {
	waits, err := s.store.Waits(ctx, ws)
	if err != nil || !waits {
		return nil, err
	}
	d, err := s.directory(ctx, ws)
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

// Drain assigns the due conversations of q, the longest waiting first, to the
// members whom the method chooses, until none is due or no member may be given
// more. It may run on several servers at once: each conversation is assigned once,
// and a server that meets another leaves the queue to it. B:Q8.
func (s *Service) Drain(ctx context.Context, ws WorkspaceID, q Queue) (Drained, error) {
	h := s.newHandOut(Principal{Workspace: ws, Actor: System()})
	defer h.running.Wait()
	due := lineUp{store: s.store, ws: ws, queue: q}
	for {
		more, err := s.drainMore(ctx, h, &due)
		if err != nil {
			return DrainedBlocked, err
		}
		// A running assignment may fail, and a slot may open meanwhile.
		if !more && !h.wait() {
			return h.drained(due.end())
		}
	}
}

// drainMore begins to give to as many as there are slots and hands for; more
// says that there are some left of both.
func (s *Service) drainMore(ctx context.Context, h *handOut, due *lineUp) (more bool, err error) {
	due.back(h.takeBack())
	if h.over() || due.end() || h.room() == 0 {
		return false, nil
	}
	slots, err := s.slots(ctx, h.by, due.queue)
	if err != nil || slots == 0 {
		return false, err
	}
	if err := due.fill(ctx, slots); err != nil {
		return false, err
	}
	// A conversation that lost a choice is the first to use a slot that it
	// released.
	n := min(slots-h.choosingAgain(), h.room())
	if n <= 0 {
		return false, nil
	}
	h.give(ctx, due.take(n))
	return true, nil
}

// slots is how many more of q the rules could give to all members now.
func (s *Service) slots(ctx context.Context, p Principal, q Queue) (free int, err error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return 0, err
	}
	t := s.turn(a)
	if method, _ := a.MethodFor(q.Team); method == Voluntary || !t.Rules.Routes(q.Kind) {
		return 0, nil
	}
	candidates, _, err := s.candidates(ctx, t, q.Kind, q.Team, "")
	for _, c := range candidates {
		free += max(0, c.Cap-c.Used)
	}
	return free, err
}

// drainOne assigns one conversation to the member whom the method chooses;
// errNobody if there is none. It is not an error if a person was faster. It calls
// chose when the choice is made, slower if the choice did not hold.
func (s *Service) drainOne(ctx context.Context, p Principal, c Conversation, chose, slower func()) error {
	defer chose()
	_, err := s.change(ctx, p, Request{Conversation: c.ID}, verb{
		name: "drain", known: &c, yields: true,
		verdict: func(_ Access, c Conversation) Verdict {
			if c.Due() {
				return allow()
			}
			return refuse(DeniedByState, AlreadyAssigned)
		},
		apply: func(ctx context.Context, t *turn) (Move, error) {
			defer chose()
			t.slower = slower
			return s.autoAssign(ctx, t)
		},
	})
	if errors.Is(err, ErrStale) {
		return s.outrun(ctx, p, c.ID)
	}
	return unlessGone(err)
}

func unlessGone(err error) error {
	switch CodeOf(err) {
	case AlreadyAssigned, Conflict, NotFound:
		return nil
	default:
		return err
	}
}

// outrun is errElsewhere when the rules give the conversation, or somebody is at
// it, and nil when a person has it.
func (s *Service) outrun(ctx context.Context, p Principal, id ConversationID) error {
	c, err := s.find(ctx, p, id)
	if err == nil && (c.Due() || c.Automatic) {
		return errElsewhere
	}
	return unlessGone(err)
}

func (s *Service) autoAssign(ctx context.Context, t *turn) (Move, error) {
	t.inLine = true
	var except MemberID
	if t.current.Left { // the member who passed it on does not get it back
		except = t.current.FormerAssignee
	}
	chosen, err := s.choose(ctx, t, t.current.Kind, t.current.Team, except)
	switch {
	case err != nil || chosen != "":
	case t.lost >= maxLostChoices: // somebody is free
		err = errOutchosen
	default:
		err = errNobody
	}
	return AutoAssign(t.current, chosen, t.At, t.Rules), err
}
