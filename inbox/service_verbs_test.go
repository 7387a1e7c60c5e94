package inbox_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// serviceVerb is an ownership verb as callers reach it.
type serviceVerb struct {
	state string
	by    inbox.Principal
	kind  inbox.EventKind
	do    func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error)
	// other is the same verb with other arguments; nil when it takes none.
	other func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error)
	// onClosed is what a closed conversation answers.
	onClosed inbox.Code
}

type (
	background = context.Context
	request    = desk.Request
	outcome    = desk.Outcome
	principal  = inbox.Principal
	service    = services.Services
)

func serviceVerbs() map[string]serviceVerb {
	assign := func(to workspace.MemberID) func(background, *service, principal, request) (outcome, error) {
		return func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.Assign(ctx, p, r, access.Owner{Member: to}, "")
		}
	}
	transfer := func(to workspace.MemberID) func(background, *service, principal, request) (outcome, error) {
		return func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.Transfer(ctx, p, r, access.Owner{Member: to}, "")
		}
	}
	takeOver := func(reason string) func(background, *service, principal, request) (outcome, error) {
		return func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.TakeOver(ctx, p, r, nil, reason)
		}
	}
	handOff := func(to workspace.TeamID) func(background, *service, principal, request) (outcome, error) {
		return func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.RequestHandoff(ctx, p, r, desk.HandoffTarget{Team: to, RequireOnline: true})
		}
	}
	status := func(to inbox.Status) func(background, *service, principal, request) (outcome, error) {
		return func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.SetStatus(ctx, p, r, to)
		}
	}
	type run = func(background, *service, principal, request) (outcome, error)
	var claim, unassign, leave run
	claim = func(ctx background, s *service, p principal, r request) (outcome, error) {
		return s.Desk.Claim(ctx, p, r)
	}
	unassign = func(ctx background, s *service, p principal, r request) (outcome, error) {
		return s.Desk.Unassign(ctx, p, r)
	}
	leave = func(ctx background, s *service, p principal, r request) (outcome, error) {
		return s.Desk.Leave(ctx, p, r)
	}
	back := func(note string) run {
		return func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.ReturnToAgent(ctx, p, r, note)
		}
	}
	return map[string]serviceVerb{
		"assign":    {"chat: AI answers", asMember(me), inbox.EventAssigned, assign(mate), assign(senior), inbox.ConversationClosed},
		"claim":     {"chat: AI answers", asMember(me), inbox.EventClaimed, claim, nil, inbox.ConversationClosed},
		"unassign":  {"chat: mine", asMember(me), inbox.EventUnassigned, unassign, nil, inbox.ConversationClosed},
		"leave":     {"chat: mine", asMember(me), inbox.EventLeft, leave, nil, inbox.ConversationClosed},
		"transfer":  {"chat: mine", asMember(me), inbox.EventTransferred, transfer(mate), transfer(senior), inbox.ConversationClosed},
		"take over": {"chat: a teammate's", asMember(me), inbox.EventTakenOver, takeOver("one"), takeOver("two"), inbox.ConversationClosed},
		"hand off":  {"chat: AI answers", asAgent(bot), inbox.EventHandedOff, handOff(sales), handOff(billing), inbox.ConversationClosed},
		"close":     {"chat: mine", asMember(me), inbox.EventClosed, status(inbox.Closed), status(inbox.Unset), inbox.ConversationClosed},
		"return":    {"chat: mine", asMember(me), inbox.EventReturnedToAI, back("one"), back("two"), inbox.ConversationClosed},
		"set UNSET": {"chat: mine", asMember(me), inbox.EventStatusChanged, status(inbox.Unset), status(inbox.Closed), ""},
	}
}

func eachVerb(t *testing.T, test func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request)) {
	t.Helper()
	for name, v := range serviceVerbs() {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			test(t, d, v, d.begin(t, v.state))
		})
	}
}

func TestEveryVerbWritesOnceWhatItAnswers(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		r.ExpectedVersion = ptr(d.stored(t, r.Conversation).Version)
		out, err := v.do(t.Context(), d.Services, v.by, r)
		require.NoError(t, err)
		require.Equal(t, v.kind, out.Event.Kind)
		require.Equal(t, out.Conversation, d.stored(t, r.Conversation))
		require.Equal(t, []inbox.Event{out.Event}, d.recorded())
		require.Equal(t, out.Conversation, *out.Event.After)
		require.NotEmpty(t, out.Event.ID)
		require.Equal(t, v.by.Actor, out.Event.Actor)
		require.Equal(t, 1, d.commits)
		counted := 0
		for id, load := range d.loads {
			require.Equal(t, load.Open() == 1, out.Conversation.CountsFor() == id, "the load of %s", id)
			counted += load.Open()
		}
		require.LessOrEqual(t, counted, 1)
	})
}

// A repeat answers with the first result and writes nothing; the key is bound
// to the request and to who asks. Section 2.
func TestEveryVerbIsIdempotent(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		r.Key = "once"
		first, err := v.do(t.Context(), d.Services, v.by, r)
		require.NoError(t, err)
		d.pass(time.Hour)
		again, err := v.do(t.Context(), d.Services, v.by, r)
		require.NoError(t, err)
		require.Equal(t, first, again)
		if v.other != nil {
			_, err = v.other(t.Context(), d.Services, v.by, r)
			require.Equal(t, []string{"idempotencyKey"}, refused(t, err, inbox.InvalidInput).Field)
		}
		another := r
		another.Conversation = "another"
		_, err = v.do(t.Context(), d.Services, v.by, another)
		require.Equal(t, []string{"idempotencyKey"}, refused(t, err, inbox.InvalidInput).Field)
		require.Equal(t, []inbox.Event{first.Event}, d.recorded())
		require.Equal(t, first.Conversation, d.stored(t, r.Conversation))

		r.Key = long(inbox.MaxKey/2) + "x"
		_, err = v.do(t.Context(), d.Services, v.by, r)
		require.Equal(t, []string{"idempotencyKey"}, refused(t, err, inbox.InvalidInput).Field)
	})
}

// Two requests with one key at the same time: the second meets the first at
// the commit.
func TestKeyUsedMeanwhile(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		r.Key = "once"
		var first desk.Outcome
		d.meanwhile = func() {
			var err error
			first, err = v.do(context.Background(), d.Services, v.by, r)
			require.NoError(t, err)
		}
		second, err := v.do(t.Context(), d.Services, v.by, r)
		require.NoError(t, err)
		require.Equal(t, first, second)
		require.Len(t, d.recorded(), 1)
	})
}

// Another member's key of the same text is another key.
func TestKeysBelongToTheirActor(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: AI answers")
	r.Key = long(inbox.MaxKey / 2)
	require.Len(t, r.Key, inbox.MaxKey, "the longest key, in bytes")
	_, err := d.Desk.Claim(t.Context(), asMember(me), r)
	require.NoError(t, err)
	_, err = d.Desk.TakeOver(t.Context(), asMember(mate), r, nil, "")
	require.NoError(t, err)
	require.Len(t, d.recorded(), 2)
}

// A duplicate that no key explains is a fault, never an empty success.
func TestDuplicateWithoutKey(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		d.refuse = []error{commit.ErrDuplicateKey}
		_, err := v.do(t.Context(), d.Services, v.by, r)
		require.Equal(t, inbox.Internal, inbox.CodeOf(err))
	})
}

// A stale expectedVersion is told what is there now, who did it and when.
// Section 2.
func TestEveryVerbChecksTheExpectedVersion(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		before := d.stored(t, r.Conversation)
		r.ExpectedVersion = ptr(before.Version - 1)
		_, err := v.do(t.Context(), d.Services, v.by, r)
		conflict := refused(t, err, inbox.Conflict)
		require.Equal(t, before, *conflict.Current)
		require.Equal(t, before.Changed.By, conflict.By)
		require.Equal(t, before.Changed.At, conflict.At)
		require.Zero(t, d.commits)
	})
}

// The order is plan, permission, then version and state.
func TestEveryVerbChecksPermission(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		r.ExpectedVersion = ptr(99)
		_, err := v.do(t.Context(), d.Services, asAgent(otherBot), r)
		require.NotEmpty(t, refused(t, err, inbox.PermissionDenied).Permission)
		_, err = v.do(t.Context(), d.Services, asContact("another"), r)
		refused(t, err, inbox.NotFound) // B:V8
		require.Zero(t, d.commits)
	})
}

func TestEveryVerbOnAClosedConversation(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		c := d.stored(t, r.Conversation)
		c.Status = inbox.Closed
		d.put(c)
		_, err := v.do(t.Context(), d.Services, v.by, r)
		if v.onClosed == "" {
			require.NoError(t, err)
			return
		}
		refusal := refused(t, err, v.onClosed)
		require.Equal(t, []inbox.Action{inbox.ActionReopenSend, inbox.ActionStartNew}, refusal.Allowed)
	})
}

// What is of another workspace, or of none, does not exist. B:Z7
func TestEveryVerbOnWhatDoesNotExist(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		foreign := newConversation(workspace.Livechat)
		foreign.ID, foreign.Workspace = "foreign", "elsewhere"
		d.put(foreign)
		_, made := v.do(t.Context(), d.Services, v.by, desk.Request{Conversation: "made-up"})
		_, other := v.do(t.Context(), d.Services, v.by, desk.Request{Conversation: "foreign"})
		require.Equal(t, refused(t, made, inbox.NotFound), refused(t, other, inbox.NotFound))
	})
}

func TestEveryVerbNeedsAnIdentity(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		for name, p := range map[string]inbox.Principal{"a member": asMember("nobody"), "an agent": asAgent("nobody"), "a contact": asContact("")} {
			_, err := v.do(t.Context(), d.Services, p, r)
			require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), name)
		}
		d.member(me, func(m *workspace.Member) { m.Removed = true })
		_, err := d.Desk.Claim(t.Context(), asMember(me), r)
		require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err))
		elsewhere := v.by
		elsewhere.Workspace = "elsewhere"
		_, err = v.do(t.Context(), d.Services, elsewhere, r)
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	})
}

// A lost race without a new owner is tried again; one that never ends is
// UNAVAILABLE; a fault is handed on as it is.
func TestEveryVerbTriesAgain(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		for range 20 {
			d.refuse = append(d.refuse, commit.ErrStale)
		}
		_, err := v.do(t.Context(), d.Services, v.by, r)
		refused(t, err, inbox.Unavailable)
		require.Equal(t, 8, d.commits, "attempts are bounded")
		require.Empty(t, d.recorded())

		d.refuse = []error{commit.ErrStale, commit.ErrStale}
		_, err = v.do(t.Context(), d.Services, v.by, r)
		require.NoError(t, err)
		require.Len(t, d.recorded(), 1)

		broken := errors.New("the disk is gone")
		d.fault = broken
		_, err = v.do(t.Context(), d.Services, v.by, r)
		require.ErrorIs(t, err, broken)
	})
}
