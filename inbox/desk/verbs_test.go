package desk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

func TestEveryVerbWritesOnceWhatItAnswers(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		r.ExpectedVersion = world.Ptr(d.Stored(t, r.Conversation).Version)
		out, err := v.Do(t.Context(), d.Services, v.By, r)
		require.NoError(t, err)
		require.Equal(t, v.Kind, out.Event.Kind)
		require.Equal(t, out.Conversation, d.Stored(t, r.Conversation))
		require.Equal(t, []inbox.Event{out.Event}, d.Recorded())
		require.Equal(t, out.Conversation, *out.Event.After)
		require.NotEmpty(t, out.Event.ID)
		require.Equal(t, v.By.Actor, out.Event.Actor)
		require.Equal(t, 1, d.Commits)
		counted := 0
		for id, load := range d.Counts {
			require.Equal(t, load.Open() == 1, out.Conversation.CountsFor() == id, "the load of %s", id)
			counted += load.Open()
		}
		require.LessOrEqual(t, counted, 1)
	})
}

// A repeat answers with the first result and writes nothing; the key is bound
// to the request and to who asks. Section 2.
func TestEveryVerbIsIdempotent(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		r.Key = "once"
		first, err := v.Do(t.Context(), d.Services, v.By, r)
		require.NoError(t, err)
		d.Pass(time.Hour)
		again, err := v.Do(t.Context(), d.Services, v.By, r)
		require.NoError(t, err)
		require.Equal(t, first, again)
		if v.Other != nil {
			_, err = v.Other(t.Context(), d.Services, v.By, r)
			require.Equal(t, []string{"idempotencyKey"}, world.Refused(t, err, inbox.InvalidInput).Field)
		}
		another := r
		another.Conversation = "another"
		_, err = v.Do(t.Context(), d.Services, v.By, another)
		require.Equal(t, []string{"idempotencyKey"}, world.Refused(t, err, inbox.InvalidInput).Field)
		require.Equal(t, []inbox.Event{first.Event}, d.Recorded())
		require.Equal(t, first.Conversation, d.Stored(t, r.Conversation))

		r.Key = world.Long(inbox.MaxKey/2) + "x"
		_, err = v.Do(t.Context(), d.Services, v.By, r)
		require.Equal(t, []string{"idempotencyKey"}, world.Refused(t, err, inbox.InvalidInput).Field)
	})
}

// Two requests with one key at the same time: the second meets the first at
// the commit.
func TestKeyUsedMeanwhile(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		r.Key = "once"
		var first desk.Outcome
		d.Meanwhile = func() {
			var err error
			first, err = v.Do(context.Background(), d.Services, v.By, r)
			require.NoError(t, err)
		}
		second, err := v.Do(t.Context(), d.Services, v.By, r)
		require.NoError(t, err)
		require.Equal(t, first, second)
		require.Len(t, d.Recorded(), 1)
	})
}

// Another member's key of the same text is another key.
func TestKeysBelongToTheirActor(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: AI answers")
	r.Key = world.Long(inbox.MaxKey / 2)
	require.Len(t, r.Key, inbox.MaxKey, "the longest key, in bytes")
	_, err := d.Desk.Claim(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)
	_, err = d.Desk.TakeOver(t.Context(), world.AsMember(world.Mate), r, nil, "")
	require.NoError(t, err)
	require.Len(t, d.Recorded(), 2)
}

// A duplicate that no key explains is a fault, never an empty success.
func TestDuplicateWithoutKey(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		d.Refuse = []error{commit.ErrDuplicateKey}
		_, err := v.Do(t.Context(), d.Services, v.By, r)
		require.Equal(t, inbox.Internal, inbox.CodeOf(err))
	})
}

// A stale expectedVersion is told what is there now, who did it and when.
// Section 2.
func TestEveryVerbChecksTheExpectedVersion(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		before := d.Stored(t, r.Conversation)
		r.ExpectedVersion = world.Ptr(before.Version - 1)
		_, err := v.Do(t.Context(), d.Services, v.By, r)
		conflict := world.Refused(t, err, inbox.Conflict)
		require.Equal(t, before, *conflict.Current)
		require.Equal(t, before.Changed.By, conflict.By)
		require.Equal(t, before.Changed.At, conflict.At)
		require.Zero(t, d.Commits)
	})
}

// The order is plan, permission, then version and state.
func TestEveryVerbChecksPermission(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		r.ExpectedVersion = world.Ptr(99)
		_, err := v.Do(t.Context(), d.Services, world.AsAgent(world.OtherBot), r)
		require.NotEmpty(t, world.Refused(t, err, inbox.PermissionDenied).Permission)
		_, err = v.Do(t.Context(), d.Services, world.AsContact("another"), r)
		world.Refused(t, err, inbox.NotFound) // B:V8
		require.Zero(t, d.Commits)
	})
}

func TestEveryVerbOnAClosedConversation(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		c := d.Stored(t, r.Conversation)
		c.Status = inbox.Closed
		d.Put(c)
		_, err := v.Do(t.Context(), d.Services, v.By, r)
		if v.OnClosed == "" {
			require.NoError(t, err)
			return
		}
		refusal := world.Refused(t, err, v.OnClosed)
		require.Equal(t, []inbox.Action{inbox.ActionReopenSend, inbox.ActionStartNew}, refusal.Allowed)
	})
}

// What is of another workspace, or of none, does not exist. B:Z7
func TestEveryVerbOnWhatDoesNotExist(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		foreign := world.NewConversation(workspace.Livechat)
		foreign.ID, foreign.Workspace = "foreign", "elsewhere"
		d.Put(foreign)
		_, made := v.Do(t.Context(), d.Services, v.By, desk.Request{Conversation: "made-up"})
		_, other := v.Do(t.Context(), d.Services, v.By, desk.Request{Conversation: "foreign"})
		require.Equal(t, world.Refused(t, made, inbox.NotFound), world.Refused(t, other, inbox.NotFound))
	})
}

func TestEveryVerbNeedsAnIdentity(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		for name, p := range map[string]inbox.Principal{"a member": world.AsMember("nobody"), "an agent": world.AsAgent("nobody"), "a contact": world.AsContact("")} {
			_, err := v.Do(t.Context(), d.Services, p, r)
			require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), name)
		}
		d.Member(world.Me, func(m *workspace.Member) { m.Removed = true })
		_, err := d.Desk.Claim(t.Context(), world.AsMember(world.Me), r)
		require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err))
		elsewhere := v.By
		elsewhere.Workspace = "elsewhere"
		_, err = v.Do(t.Context(), d.Services, elsewhere, r)
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	})
}

// A lost race without a new owner is tried again; one that never ends is
// UNAVAILABLE; a fault is handed on as it is.
func TestEveryVerbTriesAgain(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		for range 20 {
			d.Refuse = append(d.Refuse, commit.ErrStale)
		}
		_, err := v.Do(t.Context(), d.Services, v.By, r)
		world.Refused(t, err, inbox.Unavailable)
		require.Equal(t, 8, d.Commits, "attempts are bounded")
		require.Empty(t, d.Recorded())

		d.Refuse = []error{commit.ErrStale, commit.ErrStale}
		_, err = v.Do(t.Context(), d.Services, v.By, r)
		require.NoError(t, err)
		require.Len(t, d.Recorded(), 1)

		broken := errors.New("the disk is gone")
		d.Fault = broken
		_, err = v.Do(t.Context(), d.Services, v.By, r)
		require.ErrorIs(t, err, broken)
	})
}
