package world

import (
	"context"
	"testing"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// Run calls the use case of a verb.
type Run func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error)

// Verb is an ownership verb as callers reach it.
type Verb struct {
	state string
	// By is a caller who may do it, and Kind what is recorded.
	By   inbox.Principal
	Kind inbox.EventKind
	Do   Run
	// Other is the same verb with other arguments; nil when it takes none.
	Other Run
	// OnClosed is what a closed conversation answers.
	OnClosed inbox.Code
}

func verbs() map[string]Verb {
	const closed = inbox.ConversationClosed
	return map[string]Verb{
		"assign":    {"chat: AI answers", AsMember(Me), inbox.EventAssigned, assign(Mate), assign(Senior), closed},
		"claim":     {"chat: AI answers", AsMember(Me), inbox.EventClaimed, alone((*desk.Service).Claim), nil, closed},
		"unassign":  {"chat: mine", AsMember(Me), inbox.EventUnassigned, alone((*desk.Service).Unassign), nil, closed},
		"leave":     {"chat: mine", AsMember(Me), inbox.EventLeft, alone((*desk.Service).Leave), nil, closed},
		"transfer":  {"chat: mine", AsMember(Me), inbox.EventTransferred, transfer(Mate), transfer(Senior), closed},
		"take over": {"chat: a teammate's", AsMember(Me), inbox.EventTakenOver, takeOver("one"), takeOver("two"), closed},
		"hand off":  {"chat: AI answers", AsAgent(Bot), inbox.EventHandedOff, handOff(Sales), handOff(Billing), closed},
		"close":     {"chat: mine", AsMember(Me), inbox.EventClosed, status(inbox.Closed), status(inbox.Unset), closed},
		"return":    {"chat: mine", AsMember(Me), inbox.EventReturnedToAI, back("one"), back("two"), closed},
		"set UNSET": {"chat: mine", AsMember(Me), inbox.EventStatusChanged, status(inbox.Unset), status(inbox.Closed), ""},
	}
}

// EachVerb runs test for each ownership verb, on a conversation on which By may do it.
func EachVerb(t *testing.T, test func(t *testing.T, d *Inbox, v Verb, r desk.Request)) {
	t.Helper()
	for name, v := range verbs() {
		t.Run(name, func(t *testing.T) {
			d := New(t)
			test(t, d, v, d.Begin(t, v.state))
		})
	}
}

func alone(f func(*desk.Service, context.Context, inbox.Principal, desk.Request) (desk.Outcome, error)) Run {
	return func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		return f(s.Desk, ctx, p, r)
	}
}

func assign(to workspace.MemberID) Run {
	return func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		return s.Desk.Assign(ctx, p, r, access.Owner{Member: to}, "")
	}
}

func transfer(to workspace.MemberID) Run {
	return func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		return s.Desk.Transfer(ctx, p, r, access.Owner{Member: to}, "")
	}
}

func takeOver(reason string) Run {
	return func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		return s.Desk.TakeOver(ctx, p, r, nil, reason)
	}
}

func handOff(to workspace.TeamID) Run {
	return func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		return s.Desk.RequestHandoff(ctx, p, r, desk.HandoffTarget{Team: to, RequireOnline: true})
	}
}

func status(to inbox.Status) Run {
	return func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		return s.Desk.SetStatus(ctx, p, r, to)
	}
}

func back(note string) Run {
	return func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		return s.Desk.ReturnToAgent(ctx, p, r, note)
	}
}
