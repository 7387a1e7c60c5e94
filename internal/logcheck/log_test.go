package logcheck_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/logcheck"
)

// change is a change of ownership of a chat, to an owner, with messages.
func change(id string, kind inbox.EventKind, from, to workspace.MemberID, messages ...inbox.Message) inbox.Event {
	after := inbox.Conversation{ID: "chat", Ownership: inbox.Ownership{Assignee: to}}
	return inbox.Event{
		ID: inbox.EventID(id), Type: inbox.OwnershipEvent, Kind: kind, Conversation: "chat", Version: 1, After: &after, Messages: messages,
		From: inbox.Ownership{Assignee: from}, To: after.Ownership,
	}
}

// The log is derived from the feed: a change, then each message that was written with it.
// Renames, stars and other events bring nothing. B:V12
func TestOf(t *testing.T) {
	t.Parallel()
	member := func(rev, turned int) *workspace.DirectoryChange {
		m := workspace.Member{ID: "ann", Rev: rev}
		m.Turned.Rev = turned
		return &workspace.DirectoryChange{Member: &m}
	}
	l := logcheck.Of([]inbox.Event{
		change("e1", inbox.EventCreated, "", "ann", inbox.Message{ID: "m1"}, inbox.Message{ID: "m2", Internal: true}),
		{ID: "e2", Type: inbox.DirectoryEvent, Directory: member(2, 2)},
		{ID: "e3", Type: inbox.DirectoryEvent, Directory: member(3, 2)},
		{ID: "e4", Type: inbox.StarEvent, Conversation: "chat"},
		{ID: "e5", Type: inbox.MessageEvent, Conversation: "chat", Messages: []inbox.Message{{ID: "m3"}}},
		{ID: "e6", Type: inbox.ContactEvent, Conversation: "chat", After: &inbox.Conversation{ID: "chat"}},
	})
	var got []string
	for i, r := range l {
		require.EqualValues(t, i+1, r.Sequence)
		got = append(got, string(r.Kind)+" "+r.ID+" "+r.Lane)
	}
	require.Equal(t, []string{
		"OWNERSHIP e1 chat", "MESSAGE m1 chat", "MESSAGE m2 chat", "AVAILABILITY e2 member ann", "MESSAGE m3 chat", "CONTACT e6 chat",
	}, got)
	require.True(t, l[2].Internal)
	require.Equal(t, map[string]logcheck.State{"chat": {Owner: "ann", Version: 1}}, l.Ends())
}

// What is seen from its commit on must come, what is seen at no moment must not, and what
// went out of sight, or comes into sight, may. B:V12, B:Z4
func TestSight(t *testing.T) {
	t.Parallel()
	of := func(who workspace.MemberID) func(inbox.Conversation) bool {
		return func(c inbox.Conversation) bool { return c.Assignee == who }
	}
	events := []inbox.Event{
		change("e1", inbox.EventCreated, "", ""), change("e2", inbox.EventClaimed, "", "ann"), change("e3", inbox.EventTransferred, "ann", "bob"),
		change("e4", inbox.EventTransferred, "bob", "cid"), {ID: "e5", Type: inbox.DirectoryEvent},
	}
	for who, want := range map[workspace.MemberID][]logcheck.Want{
		"ann": {logcheck.Maybe, logcheck.Maybe, logcheck.Maybe, logcheck.Never},
		"bob": {logcheck.Maybe, logcheck.Maybe, logcheck.Maybe, logcheck.Maybe},
		"cid": {logcheck.Maybe, logcheck.Maybe, logcheck.Maybe, logcheck.Always},
		"eve": {logcheck.Never, logcheck.Never, logcheck.Never, logcheck.Never},
	} {
		sight := logcheck.Sight(events, of(who))
		for n, r := range logcheck.Of(events) {
			require.Equal(t, want[n], sight(r), "%s to %s", r.ID, who)
		}
	}
}
