package desk

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// DrainResult is how far a queue was handed out.
type DrainResult int

// The ends of a Drain.
const (
	// DrainBlocked is a queue in which something may wait and that nobody may be
	// given anything of now.
	DrainBlocked DrainResult = iota
	// DrainEmpty is a queue in which nothing is due.
	DrainEmpty
	// DrainContended is a queue that another server is handing out just now, to
	// which it was left: look again a moment later.
	DrainContended
)

// Why a conversation was not given.
var (
	errNoCandidate = errors.New("inbox: nobody is free")
	errLostRaces   = errors.New("inbox: others are always faster to choose")
	errContended   = errors.New("inbox: another server hands out the queue")
)

// QueuesOf lists the queues of a workspace, none when nothing waits in it.
func (s *Queues) QueuesOf(ctx context.Context, ws workspace.WorkspaceID) ([]inbox.Queue, error) {
	waits, err := s.store.Waits(ctx, ws)
	if err != nil || !waits {
		return nil, err
	}
	d, err := s.callers.Directory(ctx, ws)
	if err != nil {
		return nil, err
	}
	var out []inbox.Queue
	for _, kind := range workspace.Kinds() {
		out = append(out, inbox.Queue{Kind: kind})
		for _, t := range d.SortedTeams() {
			out = append(out, inbox.Queue{Team: t.ID, Kind: kind})
		}
	}
	return out, nil
}

// Drain assigns the due conversations of q, the longest waiting first, to the
// members whom the method chooses, until none is due or no member may be given
// more. It may run on several servers at once: each conversation is assigned once,
// and a server that meets another leaves the queue to it. B:Q8.
func (s *Queues) Drain(ctx context.Context, ws workspace.WorkspaceID, q inbox.Queue) (DrainResult, error) {
	h := s.newDispatchBatch(inbox.Principal{Workspace: ws, Actor: workspace.System()})
	defer h.running.Wait()
	due := queueReader{store: s.store, ws: ws, queue: q}
	for {
		more, err := s.drainMore(ctx, h, &due)
		if err != nil {
			return DrainBlocked, err
		}
		// A running assignment may fail, and a slot may open meanwhile.
		if !more && !h.wait() {
			return h.result(due.done())
		}
	}
}

// drainMore begins to give to as many as there are slots and hands for; more
// says that there are some left of both.
func (s *Queues) drainMore(ctx context.Context, h *dispatchBatch, due *queueReader) (more bool, err error) {
	due.putBack(h.takeReturned())
	if h.stopped() || due.done() || h.capacity() == 0 {
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
	n := min(slots-h.retries(), h.capacity())
	if n <= 0 {
		return false, nil
	}
	h.assignAll(ctx, due.next(n))
	return true, nil
}

// slots is how many more of q the rules could give to all members now.
func (s *Queues) slots(ctx context.Context, p inbox.Principal, q inbox.Queue) (free int, err error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return 0, err
	}
	t := s.run.newAttempt(a)
	if method, _ := access.MethodFor(a, q.Team); method == workspace.Voluntary || !t.Rules.Routes(q.Kind) {
		return 0, nil
	}
	candidates, _, err := s.route.candidates(ctx, t, q.Kind, q.Team, "")
	for _, c := range candidates {
		free += max(0, c.Cap-c.Used)
	}
	return free, err
}

// drainOne assigns one conversation to the member whom the method chooses;
// errNoCandidate if there is none. It is not an error if a person was faster. It calls
// chose when the choice is made, slower if the choice did not hold.
func (s *Queues) drainOne(ctx context.Context, p inbox.Principal, c inbox.Conversation, chose, slower func()) error {
	defer chose()
	_, err := s.run.change(ctx, p, Request{Conversation: c.ID}, verb{
		name: "drain", declared: s.run.the(access.StepAutoAssign), known: &c, yields: true,
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) {
			defer chose()
			t.slower = slower
			return s.autoAssign(ctx, t)
		},
	})
	if errors.Is(err, commit.ErrStale) {
		return s.lostRace(ctx, p, c.ID)
	}
	return unlessGone(err)
}

func unlessGone(err error) error {
	switch inbox.CodeOf(err) {
	case inbox.AlreadyAssigned, inbox.OfferSettled, inbox.Conflict, inbox.NotFound:
		return nil
	default:
		return err
	}
}

// lostRace is errContended when the rules give the conversation, or somebody is at
// it, and nil when a person has it.
func (s *Queues) lostRace(ctx context.Context, p inbox.Principal, id inbox.ConversationID) error {
	c, err := s.base.Find(ctx, p, id)
	if err == nil && (c.Due() || c.Automatic) {
		return errContended
	}
	return unlessGone(err)
}

func (s *Queues) autoAssign(ctx context.Context, t *attempt) (access.Choice, error) {
	t.passesLine = true
	var except workspace.MemberID
	if t.current.Left { // the member who passed it on does not get it back
		except = t.current.FormerAssignee
	}
	chosen, err := s.route.choose(ctx, t, t.current.Kind, t.current.Team, except)
	if err == nil && chosen == "" && access.CameBack(t.access, t.current) {
		chosen, err = s.route.choose(ctx, t, t.current.Kind, t.current.Team, "")
	}
	switch {
	case err != nil || chosen != "":
	case t.lost >= maxLostChoices: // somebody is free
		err = errLostRaces
	default:
		err = errNoCandidate
	}
	return access.Choice{To: access.Target{Member: chosen, Automatic: true}}, err
}
