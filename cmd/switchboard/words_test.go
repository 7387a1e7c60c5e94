package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// wordsAt is a budget with a clock that the test moves.
type wordsAt struct {
	*messageQuota
	now time.Time
}

func newWordsAt(t *testing.T) *wordsAt {
	t.Helper()
	set := runTest(t, deps{}, nil, "serve", "--memory").served
	w := &wordsAt{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	w.messageQuota = newMessageQuota(set.messageQuotaSettings, func() time.Time { return w.now })
	return w
}

func by(contact string, bytes int) desk.MessageUsage {
	return desk.MessageUsage{Workspace: "demo", Contact: inbox.ContactID(contact), By: workspace.Actor{Kind: workspace.ActorContact, ID: contact}, Bytes: bytes}
}

// Ordinary people, however fast they type, are never refused.
func TestPeopleWhoTypeFast(t *testing.T) {
	w := newWordsAt(t)
	for range 20 {
		require.NoError(t, w.Spend(by("vera", 200)), "a burst")
	}
	for range 600 {
		w.now = w.now.Add(time.Second)
		require.NoError(t, w.Spend(by("vera", 500)), "one a second, for ten minutes")
	}
	require.NoError(t, w.Spend(by("otto", 40_000)), "the longest message, in the widest letters")
}

// One visitor's flood is a trickle, and takes nothing from the others.
func TestAFloodOfWords(t *testing.T) {
	for name, row := range map[string]struct {
		words       desk.MessageUsage
		every       time.Duration
		times, most int
	}{
		"1,500 long messages in 15 s": {by("mallory", 10_000), 10 * time.Millisecond, 1500, 16},
		"10,000 short ones in 10 s":   {by("mallory", 1), time.Millisecond, 10_000, 30},
		"300 new chats in 2.3 s":      {func() desk.MessageUsage { w := by("mallory", 5); w.Begins = true; return w }(), 8 * time.Millisecond, 300, 5},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWordsAt(t)
			got := 0
			for range row.times {
				w.now = w.now.Add(row.every)
				err := w.Spend(row.words)
				if err == nil {
					got++
					continue
				}
				require.Equal(t, inbox.RateLimited, inbox.CodeOf(err))
				require.Contains(t, err.Error(), "Try again in")
			}
			require.LessOrEqual(t, got, row.most)
			require.Positive(t, got)
			honest := row.words
			honest.Contact = "vera"
			require.NoError(t, w.Spend(honest))
		})
	}
}

// All visitors of a workspace together have a budget; another workspace has its
// own, and whoever relays has another.
func TestTheBudgetOfAWorkspace(t *testing.T) {
	w := newWordsAt(t)
	got := 0
	for i := range 10_000 {
		if w.Spend(by(fmt.Sprint("visitor", i), 10)) == nil {
			got++
		}
	}
	require.Equal(t, 6000, got)
	err := w.Spend(by("vera", 10))
	require.ErrorContains(t, err, "Too many visitors")
	other := by("vera", 10)
	other.Workspace = "demo-free"
	require.NoError(t, w.Spend(other))
	relayed := by("vera", 10)
	relayed.By = workspace.Actor{Kind: workspace.ActorPartner, ID: "key"}
	for range 600 {
		require.NoError(t, w.Spend(relayed), "a channel brings many at once")
	}
	require.Error(t, w.Spend(relayed), "and not without end for one of them")
	relayed.Contact = ""
	require.NoError(t, w.Spend(relayed))
}

func TestNoBudgetAtAll(t *testing.T) {
	w := newMessageQuota(messageQuotaSettings{}, time.Now)
	for range 10_000 {
		require.NoError(t, w.Spend(by("vera", 1<<20)))
	}
}
