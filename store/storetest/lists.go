package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// A list is what filtering and sorting in memory gives, whatever the view, the
// reach, the order and the page. B:V1, B:Z1, B:Z8
func listProperty(t *testing.T, open Opener) {
	d := newDesk(t, open)
	all := d.population(40)
	ctx := soon(t)
	some := 0
	lists := func(rt *rapid.T) {
		q := anyQuery(all).Draw(rt, "query")
		q.Workspace = d.ws
		match := matching(all, q)
		got, err := d.ListConversations(ctx, q)
		require.NoError(rt, err)
		want := pageOf(match, positionIn(q.Order), q.Order.Desc, q.Page)
		require.Equal(rt, idsOf(want.Items), idsOf(got.Items))
		require.Equal(rt, want, got)
		limit := rapid.IntRange(0, 12).Draw(rt, "count to")
		n, err := d.CountConversations(ctx, q, limit)
		require.NoError(rt, err)
		require.Equal(rt, min(len(match), limit), n)
		standings, err := d.OwnershipSnapshots(ctx, q, limit)
		require.NoError(rt, err)
		require.Len(rt, standings, n)
		for _, s := range standings {
			require.Contains(rt, standingsOf(match), s)
		}
		if len(want.Items) > 1 {
			some++
		}
	}
	for range 5 { // many queries find nothing
		if rapid.Check(t, lists); some > 0 {
			break
		}
	}
	require.Positive(t, some, "no query found anything: the test tests nothing")
}

func standingsOf(all []inbox.Conversation) []desk.OwnershipSnapshot {
	var out []desk.OwnershipSnapshot
	for _, c := range all {
		out = append(out, desk.OwnershipSnapshot{ID: c.ID, Version: c.Version})
	}
	return out
}

func idsOf(all []inbox.Conversation) []inbox.ConversationID {
	var ids []inbox.ConversationID
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	return ids
}

// population commits n conversations of few members, teams and moments. Every
// second one was moved since it was created.
func (d *fixture) population(n int) []inbox.Conversation {
	d.t.Helper()
	all := make([]inbox.Conversation, n)
	for i := range all {
		c := someConversation().Example(i)
		c.ID, c.Workspace = inbox.ConversationID(id("c")), d.ws
		if i%2 == 0 {
			all[i] = d.commit(creation(c))
			continue
		}
		before := c
		before.Ownership, before.Version, before.Epoch = someOwnership().Example(i+n), 1, 1
		d.commit(creation(before))
		e := ownershipEvent(c, before.Ownership, inbox.EventAssigned)
		all[i] = d.commit(commit.Change{Conversation: c, Guard: commit.Guard{Version: 1}, Event: e})
	}
	elsewhere := *d
	elsewhere.ws = workspace.WorkspaceID(id("ws"))
	elsewhere.created() // must never show up
	return all
}

func someOwnership() *rapid.Generator[inbox.Ownership] {
	return rapid.Custom(func(t *rapid.T) inbox.Ownership {
		o := inbox.Ownership{
			Assignee:  rapid.SampledFrom([]workspace.MemberID{"", "m1", "m2", "m3"}).Draw(t, "assignee"),
			Team:      rapid.SampledFrom([]workspace.TeamID{"", "t1", "t2"}).Draw(t, "team"),
			Status:    rapid.SampledFrom([]inbox.Status{inbox.Unset, inbox.Open, inbox.Closed}).Draw(t, "status"),
			AIStopped: rapid.Bool().Draw(t, "stopped"),
		}
		if rapid.Bool().Draw(t, "waits") {
			o.WaitingSince = at(rapid.IntRange(0, 3).Draw(t, "since"))
		}
		if o.Assignee != "" && o.Status != inbox.Closed && rapid.IntRange(0, 3).Draw(t, "sleeps") == 0 {
			o.AsleepSince = at(1)
		}
		return o
	})
}

// someTime is none half of the time.
func someTime(t *rapid.T, label string) time.Time {
	if rapid.Bool().Draw(t, "not "+label) {
		return time.Time{}
	}
	return at(rapid.IntRange(0, 5).Draw(t, label))
}

func someConversation() *rapid.Generator[inbox.Conversation] {
	return rapid.Custom(func(t *rapid.T) inbox.Conversation {
		return inbox.Conversation{
			Kind:           rapid.SampledFrom(workspace.Kinds()).Draw(t, "kind"),
			Subject:        rapid.SampledFrom([]string{"", "Lost parcel", "Colis perdu à Évry", "PARCEL-7 is late", "Where is it??? 😀", "東京都の小包", "किताब की"}).Draw(t, "subject"),
			Channel:        rapid.SampledFrom([]string{"web", "mail"}).Draw(t, "channel"),
			Contact:        rapid.SampledFrom([]inbox.ContactID{"c1", "c2"}).Draw(t, "contact"),
			ContactName:    rapid.SampledFrom([]string{"Ada", "Zoë Évrard", ""}).Draw(t, "name"),
			OriginAgent:    rapid.SampledFrom([]workspace.AgentID{"", "a1", "a2"}).Draw(t, "agent"),
			Feeder:         rapid.SampledFrom([]workspace.KeyID{"", "k1", "k2"}).Draw(t, "feeder"),
			Ownership:      someOwnership().Draw(t, "ownership"),
			Version:        rapid.IntRange(2, 9).Draw(t, "version"),
			Epoch:          rapid.IntRange(2, 9).Draw(t, "epoch"),
			LastActivityAt: at(rapid.IntRange(0, 5).Draw(t, "active")),
			CreatedAt:      at(rapid.IntRange(0, 5).Draw(t, "created")),

			ContactEmail:       rapid.SampledFrom([]string{"", "Ada@example.org", "zoe@example.com"}).Draw(t, "email"),
			ContactPhone:       rapid.SampledFrom([]string{"", "+49 170 1234567"}).Draw(t, "phone"),
			FormerAssignee:     rapid.SampledFrom([]workspace.MemberID{"", "m1", "m2"}).Draw(t, "former"),
			ClosedAt:           someTime(t, "closed"),
			AwaitingReplySince: someTime(t, "awaiting"),
		}
	})
}

// Paging through a list while others are written shows every conversation that
// did not change, once and in order. B:V1
func listStable(t *testing.T, open Opener) {
	d := newDesk(t, open)
	quiet, busy := make([]inbox.ConversationID, 20), d.created()
	for i := range quiet {
		quiet[i] = d.created(func(c *inbox.Conversation) { c.LastActivityAt = at(i + 1) }).ID
	}
	q := access.ConversationQuery{
		Workspace: d.ws, Order: access.Order{Field: access.ByLastActivity}, Page: inbox.PageRequest{Limit: 3},
		Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll, workspace.Ticket: workspace.ScopeAll}},
	}
	var seen []inbox.ConversationID
	for pages := 0; ; pages++ {
		page, err := d.ListConversations(soon(t), q)
		require.NoError(t, err)
		for _, c := range page.Items {
			if c.ID != busy.ID && c.ContactName != "late" {
				seen = append(seen, c.ID)
			}
		}
		if !page.HasNext {
			break
		}
		p := positionIn(q.Order)(page.Items[len(page.Items)-1])
		q.Page.After = &p
		say := saying(busy, "me again")
		say.Conversation.LastActivityAt = at(3 * pages)
		busy = d.commit(say)
		d.created(func(c *inbox.Conversation) { c.ContactName, c.LastActivityAt = "late", at(2*pages) })
	}
	require.Equal(t, quiet, seen)
}

func countConversations(t *testing.T, open Opener) {
	d := newDesk(t, open)
	for range 5 {
		d.created()
	}
	q := access.ConversationQuery{Workspace: d.ws, Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll}}}
	for limit, want := range map[int]int{0: 0, 3: 3, 5: 5, 100: 5} {
		n, err := d.CountConversations(soon(t), q, limit)
		require.NoError(t, err)
		require.Equal(t, want, n, "limit %d", limit)
	}
	q.Visibility = access.VisibilityFilter{}
	n, err := d.CountConversations(soon(t), q, 10)
	require.NoError(t, err)
	require.Zero(t, n, "who sees nothing counts nothing")
}
