package retention_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/retention"
	"switchboard/inbox/workspace"
)

// store has closed conversations, and notes what it was asked to remove.
type store struct {
	closed    map[workspace.WorkspaceID][]inbox.Conversation
	forgotten []retention.Forgetting
	lists     int
	broken    workspace.WorkspaceID
}

var errBroken = errors.New("broken")

func (s *store) Workspaces(context.Context) (all []workspace.Workspace, _ error) {
	for ws := range s.closed {
		all = append(all, workspace.Workspace{ID: ws})
	}
	return all, nil
}

func (s *store) ListConversations(_ context.Context, q access.ConversationQuery) (page inbox.Page[inbox.Conversation], err error) {
	s.lists++
	for _, c := range s.closed[q.Workspace] {
		at := inbox.PageCursor{At: c.LastActivityAt, ID: string(c.ID)}
		if !q.Visibility.Matches(c) || !q.View.Matches(q.Visibility, c) || q.Page.After != nil && at.Compare(*q.Page.After) <= 0 {
			continue
		}
		if page.HasNext = len(page.Items) == q.Page.Limit; page.HasNext {
			return page, nil
		}
		page.Items = append(page.Items, c)
	}
	return page, nil
}

func (s *store) Forget(_ context.Context, f retention.Forgetting) error {
	if f.Workspace == s.broken {
		return errBroken
	}
	s.forgotten = append(s.forgotten, f)
	return nil
}

// chats are n closed conversations, one a day from a day on.
func chats(n int, from time.Time) (all []inbox.Conversation) {
	for i := range n {
		all = append(all, inbox.Conversation{
			ID: inbox.ConversationID(fmt.Sprintf("c%04d", i)), Kind: workspace.Livechat, LastActivityAt: from.AddDate(0, 0, i), Ownership: inbox.Ownership{Status: inbox.Closed},
		})
	}
	return all
}

func begin() time.Time { return time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC) }

// Each conversation loses each part once it was quiet for as long as the part is kept:
// once, in bounded runs, and those that become so later in their turn.
func TestEachConversationInItsTurn(t *testing.T) {
	s := &store{closed: map[workspace.WorkspaceID][]inbox.Conversation{"w": chats(200, begin())}}
	now := begin().AddDate(0, 0, 160)
	service := retention.New(s, retention.Limits{retention.Events: 60 * 24 * time.Hour, retention.Keys: 10 * 24 * time.Hour}, func() time.Time { return now })
	most := 0
	for range 10 {
		before := len(s.forgotten)
		require.NoError(t, service.Run(t.Context()))
		most = max(most, len(s.forgotten)-before)
	}
	require.LessOrEqual(t, most, 2*50)
	requireForgotten(t, s, map[retention.Part]int{retention.Events: 100, retention.Keys: 150})

	lists := s.lists
	require.NoError(t, service.Run(t.Context()))
	require.Equal(t, lists, s.lists, "a workspace in which nothing is due is left alone for a while")
	now = now.AddDate(0, 0, 5)
	require.NoError(t, service.Run(t.Context()))
	requireForgotten(t, s, map[retention.Part]int{retention.Events: 105, retention.Keys: 155})
}

// requireForgotten demands that of each part the first conversations lost it, each once.
func requireForgotten(t *testing.T, s *store, want map[retention.Part]int) {
	t.Helper()
	got := map[retention.Part][]inbox.ConversationID{}
	for _, f := range s.forgotten {
		require.False(t, slices.Contains(got[f.Part], f.Conversation))
		got[f.Part] = append(got[f.Part], f.Conversation)
	}
	require.Len(t, got, len(want))
	for part, n := range want {
		require.Len(t, got[part], n)
		require.Equal(t, inbox.ConversationID(fmt.Sprintf("c%04d", n-1)), got[part][n-1])
	}
}

func TestNothingIsRemovedByDefault(t *testing.T) {
	s := &store{closed: map[workspace.WorkspaceID][]inbox.Conversation{"w": chats(3, begin())}}
	service := retention.New(s, retention.Limits{retention.Messages: 0}, func() time.Time { return begin().AddDate(100, 0, 0) })
	require.NoError(t, service.Run(t.Context()))
	require.Empty(t, s.forgotten)
}

// A workspace that fails is tried again where it failed, and holds up no other.
func TestAFailureInOneWorkspace(t *testing.T) {
	s := &store{closed: map[workspace.WorkspaceID][]inbox.Conversation{"a": chats(3, begin()), "b": chats(3, begin())}, broken: "a"}
	service := retention.New(s, retention.Limits{retention.Messages: time.Hour}, func() time.Time { return begin().AddDate(1, 0, 0) })
	require.ErrorIs(t, service.Run(t.Context()), errBroken)
	require.Len(t, s.forgotten, 3)
	s.broken = ""
	require.NoError(t, service.Run(t.Context()))
	require.Len(t, s.forgotten, 6)
}
