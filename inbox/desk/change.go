package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Request holds the arguments of every verb on a conversation.
type Request struct {
	Conversation inbox.ConversationID
	// ExpectedVersion, when set, refuses a verb on any other version.
	ExpectedVersion *int
	// Key makes a repeat answer with the first result; empty for none.
	Key string
	// ReasonCode is the reason that the caller picked, for verbs that take one; empty
	// for none.
	ReasonCode workspace.ReasonCodeID
}

// Outcome is the result of a verb.
type Outcome struct {
	Conversation inbox.Conversation
	Event        inbox.Event
	Warnings     []inbox.Warning
}

// verb is one ownership verb, as change runs it.
type verb struct {
	// name is that of idempotency keys, which outlive a version of the program.
	name string
	// declared finds the declaration, which may depend on the state. Its verdict is
	// asked about asked, and its pure function makes the move.
	declared func(access.Access, inbox.Conversation) access.Verb
	asked    access.Asked
	// choose decides what the pure function needs beyond the conversation; nil for
	// nothing. It runs again after a lost race.
	choose func(context.Context, *attempt) (access.Choice, error)
	// panel means that the verb selects the change that brings the conversation to
	// an owner: if that is another change than at its beginning, it lost a race.
	panel bool
	// known, if set, is the conversation as it was just read. yields gives way to a
	// concurrent change: the verb then ends with ErrStale.
	known  *inbox.Conversation
	yields bool
	// again means that its key was found used: it need not choose anybody to notice that.
	again bool
	// quiet makes the commit ErrStale when something happened in the conversation
	// since it was read, be it a message only.
	quiet bool
	// endsTokens ends the contact tokens of the conversation with the change.
	endsTokens bool
	// toward names the recipient whose counters or rotation the verb will write, if the
	// caller named one; see recipient.
	toward string
	// args are fingerprinted for the idempotency key.
	args any
	// reason and note travel with the event, and bulk is the call that the verb is part of.
	reason, note string
	bulk         inbox.BulkID
}

// attempt is one attempt at a verb.
type attempt struct {
	inbox.Command
	access  access.Access
	current inbox.Conversation
	// warnings are those that choosing gave; see warn for the others.
	warnings []inbox.Warning
	// asked, if set, checks the caller's permission. It runs again right before the
	// commit if the directory changed meanwhile.
	asked func(access.Access) error
	selection
	passesLine bool // it has waited and is next, or has no place in the line
	lost       int  // choices that no longer held when they were committed
	// taken are members who were just assigned other conversations, with the least
	// number of open conversations that each has.
	taken map[workspace.MemberID]int
	// slower, when set, is called for each lost choice before it is let go.
	slower func()
}

// newAttempt begins an attempt of a now.
func (s *runner) newAttempt(a access.Access) *attempt {
	return &attempt{Command: inbox.Command{By: a.Principal.Actor, At: s.base.Clock(), Rules: a.Rules()}, access: a}
}

// always is the declaration v, whatever the state.
func always(v access.Verb) func(access.Access, inbox.Conversation) access.Verb {
	return func(access.Access, inbox.Conversation) access.Verb { return v }
}

// the is the declaration of an action, whatever the state.
func (s *runner) the(action inbox.Action) func(access.Access, inbox.Conversation) access.Verb {
	return always(s.declared(action))
}

// change runs a verb: plan and permission, then version, then state, then the
// move, again when another was faster. A repeat is noticed where it differs: by
// its refusal, or by the commit, which meets the key.
func (s *runner) change(ctx context.Context, p inbox.Principal, r Request, v verb) (Outcome, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return Outcome{}, err
	}
	if r.ReasonCode != "" {
		v.args = []any{v.args, r.ReasonCode}
	}
	key, err := s.base.Key(p, r.Key, v.name, r.Conversation, v.args)
	if err != nil {
		return Outcome{}, err
	}
	if v.again {
		if done, ok, err := s.repeat(ctx, a, key); ok || err != nil {
			return done, err
		}
	}
	out, err := s.admitted(ctx, a, r, v, key)
	if refused(err) {
		if done, ok, err := s.repeat(ctx, a, key); ok || err != nil {
			return done, err
		}
	}
	return out, s.lostAccess(ctx, a, r.Conversation, err)
}

// admitted lets the verb begin when not too many are at work on the same; at once if it
// has nothing to read.
func (s *runner) admitted(
	ctx context.Context, a access.Access, r Request, v verb, key inbox.IdempotencyKey,
) (Outcome, error) {
	if v.known == nil {
		leave, err := s.enter(ctx, a.Principal, r.Conversation, v.toward)
		if err != nil {
			return Outcome{}, err
		}
		defer leave()
	}
	return s.attempts(ctx, a, r, v, key)
}

func (s *runner) attempts(ctx context.Context, a access.Access, r Request, v verb, key inbox.IdempotencyKey) (Outcome, error) {
	t := s.newAttempt(a)
	t.Reason, t.Note, t.ReasonCode, t.Bulk = v.reason, v.note, r.ReasonCode, v.bulk
	t.asked = func(a access.Access) error {
		return cmp.Or(a.Refusal(t.current, s.judge(a, t.current, v)), v.checkReason(a, t.current, r.ReasonCode))
	}
	epoch := 0
	for range commit.MaxAttempts {
		if err := s.load(ctx, t, r, &v); err != nil {
			return Outcome{}, err
		}
		t.At = s.base.Clock()
		if err := s.check(t, r, v, epoch); err != nil {
			return Outcome{}, err
		}
		epoch = t.current.Epoch
		out, err := s.attempt(ctx, t, v, key)
		switch {
		case err == nil:
			return out, nil
		case errors.Is(err, commit.ErrDuplicateKey):
			e, err := s.base.Settled(ctx, a, key)
			if err != nil {
				return Outcome{}, err
			}
			return s.outcomeAgain(ctx, a, e)
		case errors.Is(err, errKeepsNobody):
			epoch = 0 // the owner was let go for this step, which nobody won from the caller
		case !commit.IsLostRace(err), v.yields && errors.Is(err, commit.ErrStale):
			return Outcome{}, err
		}
	}
	return Outcome{}, commit.TooBusy()
}

// load reads the conversation, the first time unless the verb came with it.
func (s *runner) load(ctx context.Context, t *attempt, r Request, v *verb) (err error) {
	if v.known != nil {
		t.current, v.known = *v.known, nil
		return nil
	}
	t.current, err = s.base.Find(ctx, t.access.Principal, r.Conversation)
	return err
}

// check refuses in the order plan, permission, version, state. epoch is that of the
// attempt before, 0 for the first: if the owner changed between the two, the race
// is lost and the error names the winner. B:K4, B:A4.
func (s *runner) check(t *attempt, r Request, v verb, epoch int) error {
	c := t.current
	verdict := s.judge(t.access, c, v)
	lostRace := epoch != 0 && c.Epoch != epoch
	stale := r.ExpectedVersion != nil && *r.ExpectedVersion != c.Version
	switch {
	case verdict.ByPolicy() && !lostRace:
		return t.access.Refusal(c, verdict)
	case verdict.Code == inbox.AlreadyAssigned && (lostRace || stale):
		return t.access.Refusal(c, verdict)
	case lostRace && (verdict.Allowed || verdict.ByPolicy() || v.panel), stale:
		return conflict(t.access, c)
	}
	return cmp.Or(t.access.Refusal(c, verdict), v.checkReason(t.access, c, r.ReasonCode))
}

// checkReason checks the reason code of the change that v is in this state.
func (v verb) checkReason(a access.Access, c inbox.Conversation, id workspace.ReasonCodeID) error {
	return access.CheckReason(a, c, v.declared(a, c).Action, id)
}

func (s *runner) judge(a access.Access, c inbox.Conversation, v verb) access.Verdict {
	v.asked.At = s.base.Clock()
	return v.declared(a, c).Judge(a, c, v.asked)
}

// move makes the move of v, once it is decided what that needs.
func (v verb) move(ctx context.Context, t *attempt) (inbox.Move, error) {
	var chosen access.Choice
	if v.choose != nil {
		var err error
		if chosen, err = v.choose(ctx, t); err != nil {
			return inbox.Move{}, err
		}
	}
	return v.declared(t.access, t.current).Apply(t.current, t.Command, chosen), nil
}

func conflict(a access.Access, c inbox.Conversation) *inbox.Error {
	message := "The conversation changed since you looked. Look again and decide."
	if c.Owned() {
		message = fmt.Sprintf("The conversation changed since you looked: %s owns it now.", a.NameOf(c.Assignee))
	}
	return &inbox.Error{Code: inbox.Conflict, Message: message, Current: &c, By: c.Changed.By, At: c.Changed.At}
}

// attempt applies the verb to the loaded conversation and commits.
func (s *runner) attempt(ctx context.Context, t *attempt, v verb, key inbox.IdempotencyKey) (Outcome, error) {
	t.warnings = nil
	defer t.letGo()
	m, change, err := s.moved(ctx, t, v, key)
	if err != nil {
		return Outcome{}, err
	}
	return s.conclude(ctx, t, m, change)
}

// moved applies the verb, and says under which conditions the result may be committed.
func (s *runner) moved(
	ctx context.Context, t *attempt, v verb, key inbox.IdempotencyKey,
) (inbox.Move, commit.Change, error) {
	m, err := v.move(ctx, t)
	if err != nil {
		return inbox.Move{}, commit.Change{}, err
	}
	m.Event.Key = key
	change := commit.Change{Guard: commit.Guard{Version: t.current.Version, TokenIssue: tokenGuard(t.access)}, Yields: v.yields}
	if v.quiet {
		change.Guard.QuietSince = t.current.LastActivityAt
	}
	if v.endsTokens {
		m.After.TokenIssue++
		change.Conversation, change.Event = m.After, m.Event
		s.endTokens(&change, t.current)
	}
	return m, change, nil
}

// loads are the counters that m moves; under the cap when the rules chose.
func (t *attempt) loads(m inbox.Move) []inbox.LoadChange {
	changes := inbox.LoadChanges(t.current, m.After)
	for i := range changes {
		if changes[i].Held() > 0 && t.cap > 0 {
			changes[i].Cap, changes[i].Counted, changes[i].Seen = t.cap, t.Rules.CountedKinds(), t.seen
			changes[i].AutoAssignedAt = t.At
		}
	}
	return changes
}

// notify adds the system message for the contact, if any, before the new owner's
// message of the same step. B:L2
func (s *runner) notify(a access.Access, m *inbox.Move) {
	body, introduced := Notice(*m, a.Rules(), a.NameOf)
	m.After.Introduced = introduced
	if body != "" {
		m.Event.Messages = slices.Insert(m.Event.Messages, 0, inbox.Message{Author: workspace.System(), Body: body})
	}
}
