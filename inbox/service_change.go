package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Request holds the arguments of every verb on a conversation.
type Request struct {
	Conversation ConversationID
	// ExpectedVersion, when set, refuses a verb on any other version.
	ExpectedVersion *int
	// Key makes a repeat answer with the first result; empty for none.
	Key string
}

// Outcome is the result of a verb.
type Outcome struct {
	Conversation Conversation
	Event        Event
	Warnings     []Warning
}

// maxAttempts bounds how often a verb looks again after a lost race.
const maxAttempts = 8

// verb is one ownership verb, as change runs it.
type verb struct {
	name   string
	action Action
	// verdict replaces Access.Can(action) when set.
	verdict func(Access, Conversation) Verdict
	// panel means that the verb selects the change that brings the conversation to
	// an owner: if that is another change than at its beginning, it lost a race.
	panel bool
	// apply makes the move. It runs again after a lost race.
	apply func(context.Context, *turn) (Move, error)
	// known, if set, is the conversation as it was just read. yields gives way to a
	// concurrent change: the verb then ends with ErrStale.
	known  *Conversation
	yields bool
	// quiet makes the commit ErrStale when something happened in the conversation
	// since it was read, be it a message only.
	quiet bool
	// endsTokens ends the contact tokens of the conversation with the change.
	endsTokens bool
	// args are fingerprinted for the idempotency key.
	args any
	// reason and note travel with the event.
	reason, note string
}

// turn is one attempt at a verb.
type turn struct {
	Turn
	access  Access
	current Conversation
	// warnings are those that choosing gave; see warn for the others.
	warnings []Warning
	// asked, if set, checks the caller's permission. It runs again right before the
	// commit if the directory changed meanwhile.
	asked func(Access) error
	selection
	inLine bool // it has waited, and is next
	lost   int  // choices that no longer held when they were committed
	// taken are members who were just assigned other conversations, with the least
	// number of open conversations that each has.
	taken map[MemberID]int
	// slower, when set, is called for each lost choice before it is let go.
	slower func()
}

// turn begins an attempt of a now.
func (s *Service) turn(a Access) *turn {
	return &turn{Turn: Turn{By: a.Principal.Actor, At: s.clock(), Rules: a.Rules()}, access: a}
}

// change runs a verb: plan and permission, then version, then state, then the
// move, again when another was faster. A repeat is noticed where it differs: by
// its refusal, or by the commit, which meets the key.
func (s *Service) change(ctx context.Context, p Principal, r Request, v verb) (Outcome, error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return Outcome{}, err
	}
	key, err := s.key(p, r.Key, v.name, r.Conversation, v.args)
	if err != nil {
		return Outcome{}, err
	}
	out, err := s.attempts(ctx, a, r, v, key)
	if refused(err) {
		if done, ok, err := s.repeat(ctx, a, key); ok || err != nil {
			return done, err
		}
	}
	return out, s.lostAccess(ctx, a, r.Conversation, err)
}

func (s *Service) attempts(ctx context.Context, a Access, r Request, v verb, key IdempotencyKey) (Outcome, error) {
	t := s.turn(a)
	t.Reason, t.Note = v.reason, v.note
	t.asked = func(a Access) error { return a.Refusal(t.current, a.judge(t.current, v)) }
	epoch := 0
	for range maxAttempts {
		if err := s.load(ctx, t, r, &v); err != nil {
			return Outcome{}, err
		}
		t.At = s.clock()
		if err := check(t, r, v, epoch); err != nil {
			return Outcome{}, err
		}
		epoch = t.current.Epoch
		out, err := s.attempt(ctx, t, v, key)
		switch {
		case err == nil:
			return out, nil
		case errors.Is(err, ErrDuplicateKey):
			e, err := s.settled(ctx, a, key)
			if err != nil {
				return Outcome{}, err
			}
			return s.outcomeAgain(ctx, a, e)
		case !isLostRace(err), v.yields && errors.Is(err, ErrStale):
			return Outcome{}, err
		}
	}
	return Outcome{}, tooBusy()
}

// load reads the conversation, the first time unless the verb came with it.
func (s *Service) load(ctx context.Context, t *turn, r Request, v *verb) (err error) {
	if v.known != nil {
		t.current, v.known = *v.known, nil
		return nil
	}
	t.current, err = s.find(ctx, t.access.Principal, r.Conversation)
	return err
}

// check refuses in the order plan, permission, version, state. epoch is that of the
// attempt before, 0 for the first: if the owner changed between the two, the race
// is lost and the error names the winner. B:K4, B:A4.
func check(t *turn, r Request, v verb, epoch int) error {
	c := t.current
	verdict := t.access.judge(c, v)
	lostRace := epoch != 0 && c.Epoch != epoch
	stale := r.ExpectedVersion != nil && *r.ExpectedVersion != c.Version
	switch {
	case verdict.byPolicy() && !lostRace:
		return t.access.Refusal(c, verdict)
	case verdict.Code == AlreadyAssigned && (lostRace || stale):
		return t.access.Refusal(c, verdict)
	case lostRace && (verdict.Allowed || verdict.byPolicy() || v.panel), stale:
		return conflict(t.access, c)
	}
	return t.access.Refusal(c, verdict)
}

func (a Access) judge(c Conversation, v verb) Verdict {
	if v.verdict != nil {
		return v.verdict(a, c)
	}
	return a.Can(c, v.action)
}

func conflict(a Access, c Conversation) *Error {
	message := "The conversation changed since you looked. Look again and decide."
	if c.Owned() {
		message = fmt.Sprintf("The conversation changed since you looked: %s owns it now.", a.nameOf(c.Assignee))
	}
	return &Error{Code: Conflict, Message: message, Current: &c, By: c.Changed.By, At: c.Changed.At}
}

// attempt applies the verb to the loaded conversation and commits.
func (s *Service) attempt(ctx context.Context, t *turn, v verb, key IdempotencyKey) (Outcome, error) {
	t.warnings = nil
	defer t.letGo()
	m, err := v.apply(ctx, t)
	if err != nil {
		return Outcome{}, err
	}
	m.Event.Key = key
	change := Change{Guard: Guard{Version: t.current.Version, TokenIssue: t.access.tokenGuard()}, Yields: v.yields}
	if v.quiet {
		change.Guard.QuietSince = t.current.LastActivityAt
	}
	if v.endsTokens {
		m.After.TokenIssue++
		change.Conversation, change.Event = m.After, m.Event
		s.endTokens(&change, t.current)
	}
	return s.conclude(ctx, t, m, change)
}

// loads are the counters that m moves; under the cap when the rules chose.
func (t *turn) loads(m Move) []LoadChange {
	changes := LoadChanges(t.current, m.After)
	for i := range changes {
		if changes[i].Delta > 0 && t.cap > 0 {
			changes[i].Cap, changes[i].Counted, changes[i].Seen = t.cap, t.Rules.CountedKinds(), t.seen
			changes[i].AutoAssignedAt = t.At
		}
	}
	return changes
}

// notify adds the system message for the contact, if any, before the new owner's
// message of the same step. B:L2
func (s *Service) notify(a Access, m *Move) {
	body, introduced := Notice(*m, a.Rules(), a.nameOf)
	m.After.Introduced = introduced
	if body != "" {
		m.Event.Messages = slices.Insert(m.Event.Messages, 0, Message{Author: System(), Body: body})
	}
}

// seal gives ids to the event and its messages, and the event its snapshot. before is
// the conversation that the step began with; its zero value for one that is created.
func (s *Service) seal(m *Move, before Conversation) {
	e := &m.Event
	e.ID = EventID(s.nextID())
	for i := range e.Messages {
		msg := &e.Messages[i]
		msg.ID, msg.Workspace, msg.Conversation, msg.At = MessageID(s.nextID()), e.Workspace, e.Conversation, e.At
		if msg.Previews() {
			m.After.LastMessage = msg
		}
	}
	m.follow(before)
	m.settle(before)
	after := m.After
	e.After = &after
}
