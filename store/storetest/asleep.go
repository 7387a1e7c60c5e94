package storetest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// A sleeper is in no list but that of sleepers, and in every list that asks for them; it is
// in none twice, counts are those of the lists, and what wakes is where it was.
func asleepOf(t *testing.T, open Opener) {
	d := newDesk(t, open)
	put := func(sleeps bool) inbox.Conversation {
		return d.created(func(c *inbox.Conversation) {
			c.Kind, c.ContactName, c.ContactEmail, c.LastActivityAt = workspace.Livechat, "Vera", "vera@example.test", at(1)
			c.Ownership = inbox.Ownership{Status: inbox.Open, AIStopped: true, NeededSince: at(1), OwnedSince: at(1), Assignee: "mia", Team: "billing"}
			if sleeps {
				c.AsleepSince, c.GrabsUntil = at(2), at(9)
			}
		})
	}
	awake, sleeper := put(false), put(true)
	reach := access.VisibilityFilter{Member: "mia", Teams: []workspace.TeamID{"billing"}, Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll}}
	team := reach
	team.Scopes = map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeTeam}
	ids := func(v access.View, r access.VisibilityFilter) []inbox.ConversationID {
		q := access.ConversationQuery{Workspace: d.ws, View: v, Visibility: r, Order: access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: 10}}
		page, err := d.ListConversations(soon(t), q)
		require.NoError(t, err)
		n, err := d.CountConversations(soon(t), q, 10)
		require.NoError(t, err)
		require.Equal(t, len(page.Items), n, "%+v", v)
		var out []inbox.ConversationID
		for _, c := range page.Items {
			require.True(t, v.Matches(r, c))
			out = append(out, c.ID)
		}
		slices.Sort(out)
		return out
	}
	both := []inbox.ConversationID{awake.ID, sleeper.ID}
	slices.Sort(both)
	for name, v := range map[string]access.View{
		"all": {List: access.ListAll}, "mine": {List: access.ListMine}, "my teams": {List: access.ListMyTeams}, "open": {List: access.ListAll, Statuses: []inbox.Status{inbox.Open}},
		"of an assignee": {Assignees: []workspace.MemberID{"mia"}}, "of a team": {Teams: []workspace.TeamID{"billing"}}, "of people": {Handlers: []inbox.Handler{inbox.HandledByPerson}},
		"of an address": {ContactEmails: []string{"vera@example.test"}}, "by a word": {Search: []string{"vera"}},
	} {
		for who, r := range map[string]access.VisibilityFilter{"all": reach, "team": team} {
			require.Equal(t, []inbox.ConversationID{awake.ID}, ids(v, r), "%s by %s", name, who)
			v.Asleep = true
			require.Equal(t, both, ids(v, r), "%s by %s, with sleepers", name, who)
			v.Asleep = false
			if v.List == "" || v.List == access.ListAll {
				v.List = access.ListSnoozed
				require.Equal(t, []inbox.ConversationID{sleeper.ID}, ids(v, r), "%s by %s, sleepers alone", name, who)
				v.List = ""
			}
		}
	}
	require.Empty(t, ids(access.View{List: access.ListQueued}, reach))
	require.Empty(t, ids(access.View{List: access.ListUnassigned}, reach))
	idle, err := d.Idle(soon(t), d.ws, at(5), 9)
	require.NoError(t, err)
	require.Equal(t, []inbox.Conversation{awake}, idle, "a sleeper is not idle")
	due, err := d.Left(soon(t), at(9), 100)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(due, func(c inbox.Conversation) bool { return c.ID == sleeper.ID }), "its time is found")
	woken := takeover(sleeper, "mia")
	woken.Conversation.AsleepSince, woken.Conversation.GrabsUntil = inbox.Ownership{}.AsleepSince, inbox.Ownership{}.GrabsUntil
	woken.Event.To = woken.Conversation.Ownership
	d.commit(woken)
	require.Equal(t, both, ids(access.View{List: access.ListMine}, reach))
	require.Empty(t, ids(access.View{List: access.ListSnoozed}, reach))
}
