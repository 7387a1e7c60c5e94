package live_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// issueShelf is where issue numbers are kept, and counts what is read.
type issueShelf struct {
	issues map[inbox.ConversationID]int
	reads  int
	err    error
	// meanwhile runs once while a read is under way, after it looked.
	meanwhile func()
}

// TokenIssue reads.
func (s *issueShelf) TokenIssue(_ context.Context, _ workspace.WorkspaceID, id inbox.ConversationID) (int, error) {
	s.reads++
	issue, meanwhile := s.issues[id], s.meanwhile
	s.meanwhile = nil
	if meanwhile != nil {
		meanwhile()
	}
	return issue, s.err
}

// Committed has nothing to forget.
func (*issueShelf) Committed(inbox.Event) {}

func issueEvent(id inbox.ConversationID, issue int) inbox.Event {
	return inbox.Event{Workspace: "w", Conversation: id, After: &inbox.Conversation{ID: id, TokenIssue: issue}}
}

func newIssues() (*issueShelf, *live.TokenIssues, func(*testing.T, inbox.ConversationID) int) {
	shelf := &issueShelf{issues: map[inbox.ConversationID]int{}}
	issues := live.NewTokenIssues(shelf)
	return shelf, issues, func(t *testing.T, id inbox.ConversationID) int {
		t.Helper()
		issue, err := issues.TokenIssue(t.Context(), "w", id)
		require.NoError(t, err)
		return issue
	}
}

// A number is read once while the feed is up, each time while it is down, and anew
// when an event shows another one. B:Z4
func TestTokenIssuesAreAsFreshAsTheFeed(t *testing.T) {
	shelf, issues, look := newIssues()
	look(t, "c")
	look(t, "c")
	require.Equal(t, 2, shelf.reads, "the feed is not up yet")
	issues.FeedBack()
	for range 3 {
		require.Zero(t, look(t, "c"))
	}
	require.Equal(t, 3, shelf.reads)
	issues.Apply(issueEvent("c", 0))
	issues.Apply(inbox.Event{Workspace: "w", Type: inbox.DirectoryEvent})
	look(t, "c")
	require.Equal(t, 3, shelf.reads, "nothing that matters happened")

	shelf.issues["c"] = 1
	issues.Committed(issueEvent("c", 1))
	require.Equal(t, 1, look(t, "c"))
	issues.Apply(issueEvent("c", 0)) // a message that was written beside the revocation
	require.Equal(t, 1, look(t, "c"), "an older event does not bring the old number back")

	for _, forget := range []func(){issues.FeedLost, issues.FeedBack, issues.Forget} {
		forget()
		before := shelf.reads
		look(t, "c")
		require.Equal(t, before+1, shelf.reads)
	}
	shelf.err = errors.New("away")
	issues.Forget()
	_, err := issues.TokenIssue(t.Context(), "w", "c")
	require.ErrorIs(t, err, shelf.err)
}

// What changes while a read is under way is not passed over, whatever happens
// first.
func TestTokenIssuesThatMoveDuringARead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		shelf, issues, _ := newIssues()
		issues.FeedBack()
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			id := rapid.SampledFrom([]inbox.ConversationID{"a", "b"}).Draw(rt, "of")
			end := func() {
				shelf.issues[id]++
				issues.Apply(issueEvent(id, shelf.issues[id]))
			}
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				end()
			case 1:
				shelf.meanwhile = end
			case 2:
				issues.FeedLost()
				shelf.issues[id]++ // unheard
				issues.FeedBack()
			}
			_, err := issues.TokenIssue(context.Background(), "w", id)
			require.NoError(rt, err)
			shelf.meanwhile = nil
			got, err := issues.TokenIssue(context.Background(), "w", id)
			require.NoError(rt, err)
			require.Equal(rt, shelf.issues[id], got)
		}
	})
}
