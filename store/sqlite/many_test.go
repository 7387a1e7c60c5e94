package sqlite_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
	"switchboard/store/sqlite"
)

// hour is a time in which conversations of the test are active.
func hour(n int) time.Time { return time.Date(2030, 1, 1, n, 0, 0, 0, time.UTC) }

// many are conversations of which some words, channels and times are common and others
// rare.
func many(t *testing.T, s *sqlite.Store) (all []inbox.Conversation) {
	t.Helper()
	for i := range 300 {
		c := inbox.Conversation{
			ID: inbox.ConversationID(fmt.Sprintf("c%03d", i*7%300)), Workspace: "w", Kind: workspace.Kinds()[i%2], Contact: inbox.ContactID(fmt.Sprint("p", i%4)),
			Channel: []string{"web", "mail", "web"}[i%3], Subject: fmt.Sprintf("all half%d tenth%d one%d", i%2, i%10, i), CreatedAt: hour(i * 11 % 97), LastActivityAt: hour(i * 13 % 101), Version: 1,
			Ownership: inbox.Ownership{Status: inbox.Open, Team: workspace.TeamID(fmt.Sprint("t", i%3)), WaitingSince: hour(i * 17 % 89)},
		}
		if i%5 == 0 {
			c.Status, c.ClosedAt, c.WaitingSince = inbox.Closed, hour(i*19%107), time.Time{}
		}
		if i%4 == 0 {
			c.AwaitingReplySince = hour(i * 3 % 50)
		}
		e := inbox.Event{ID: inbox.EventID("e" + c.ID), Workspace: "w", Type: inbox.OwnershipEvent, Conversation: c.ID, Version: 1, At: c.CreatedAt, After: &c}
		require.NoError(t, s.Commit(t.Context(), commit.Change{Create: true, Conversation: c, Event: e}))
		all = append(all, c)
	}
	return all
}

// asked draws a query over them.
func asked(t *rapid.T) access.ConversationQuery {
	some := func(name string) bool { return rapid.IntRange(0, 4).Draw(t, name) == 0 }
	span := func(name string) (s access.Span) {
		if some(name) {
			from := rapid.IntRange(0, 100).Draw(t, name+" from")
			s = access.Span{From: hour(from), Until: hour(from + rapid.IntRange(1, 60).Draw(t, name+" for"))}
		}
		return s
	}
	v := access.View{List: access.ListAll, Created: span("created"), Active: span("active")}
	if rapid.IntRange(0, 5).Draw(t, "closed") == 0 {
		v.Closed = span("closed")
	}
	v.Search = rapid.SliceOfN(rapid.SampledFrom([]string{"all", "half", "half1", "tenth", "tenth3", "one", "one12", "nothing"}), rapid.IntRange(0, 1).Draw(t, "searches"), 2).Draw(t, "search")
	if some("channels") {
		v.Channels = []string{rapid.SampledFrom([]string{"web", "mail", "fax"}).Draw(t, "channel")}
	}
	if some("kinds") {
		v.Kinds = []workspace.Kind{rapid.SampledFrom(workspace.Kinds()).Draw(t, "kind")}
	}
	if some("handlers") {
		v.Handlers = []inbox.Handler{rapid.SampledFrom([]inbox.Handler{inbox.HandledByQueue, inbox.HandledByPerson}).Draw(t, "handler")}
	}
	if some("awaits") {
		v.Awaiting = new(rapid.Bool().Draw(t, "awaiting"))
	}
	order := rapid.SampledFrom([]access.OrderField{access.ByLastActivity, access.ByLastActivity, access.ByLastActivity, access.ByCreated, access.ByWaiting, access.ByAwaitingReply}).Draw(t, "order")
	scopes := map[workspace.Kind]workspace.Scope{}
	for _, k := range workspace.Kinds() {
		scopes[k] = workspace.ScopeAll
	}
	return access.ConversationQuery{
		Workspace: "w", View: v, Order: access.Order{Field: order, Desc: rapid.Bool().Draw(t, "desc")}, Visibility: access.VisibilityFilter{Member: "m", Scopes: scopes},
		Page: inbox.PageRequest{Limit: rapid.IntRange(1, 40).Draw(t, "limit"), Backward: rapid.Bool().Draw(t, "backward")},
	}
}

// expected is the whole list of q, as the domain has it.
func expected(all []inbox.Conversation, q access.ConversationQuery) (ids []inbox.ConversationID) {
	held := slices.DeleteFunc(slices.Clone(all), func(c inbox.Conversation) bool {
		return !q.View.Matches(q.Visibility, c) || !q.View.Found(document.Words(c.SearchText()))
	})
	slices.SortFunc(held, func(a, b inbox.Conversation) int {
		if q.Order.Desc {
			a, b = b, a
		}
		return placeAt(a, q).Compare(placeAt(b, q))
	})
	for _, c := range held {
		ids = append(ids, c.ID)
	}
	return ids
}

func placeAt(c inbox.Conversation, q access.ConversationQuery) inbox.PageCursor {
	return inbox.PageCursor{At: access.SortKey(c, q.Order.Field), ID: string(c.ID)}
}

// Every way to find conversations finds those that the domain's rules hold, in their
// order, from page to page.
func TestManyAreFoundInOrder(t *testing.T) {
	for name, config := range map[string]sqlite.Config{"as many": sqlite.Config{}.WithLowLimits(), "as few": {}} {
		t.Run(name, func(t *testing.T) {
			s := open(t, config)
			all := many(t, s)
			rapid.Check(t, func(rt *rapid.T) {
				q := asked(rt)
				want := expected(all, q)
				got := walked(rt, s, q, len(want))
				if q.Page.Backward {
					slices.Reverse(want)
				}
				require.Equal(rt, want, got)
				n, err := s.CountConversations(t.Context(), q, 1000)
				require.NoError(rt, err)
				require.Len(rt, want, n)
			})
			require.NoError(t, s.Integrity(t.Context(), nil))
			require.NoError(t, s.Close(t.Context()))
		})
	}
}

// walked reads all pages of q, and no more of them than n conversations can have.
func walked(t *rapid.T, s *sqlite.Store, q access.ConversationQuery, n int) (ids []inbox.ConversationID) {
	for pages := 0; pages <= n; pages++ {
		page, err := s.ListConversations(t.Context(), q)
		require.NoError(t, err)
		items, more := page.Items, page.HasNext
		if q.Page.Backward {
			slices.Reverse(items)
			more = page.HasPrev
		}
		for _, c := range items {
			ids = append(ids, c.ID)
		}
		if !more {
			break
		}
		cursor := placeAt(items[len(items)-1], q)
		if q.Page.Backward {
			q.Page.Before = &cursor
		} else {
			q.Page.After = &cursor
		}
	}
	return ids
}
