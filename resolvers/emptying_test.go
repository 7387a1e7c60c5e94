package resolvers_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// B:A6, B:L1
func TestWhatARemovedMemberOwnsIsUpForGrabs(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		chat, ticket, closed, other := w.owned("agent1"), w.ticket("agent1"), w.ticket("agent1"), w.owned("agent2")
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: closed.ID}, inbox.Closed)
		require.NoError(t, err)
		w.as("admin").act("removeMember", object{"id": w.global("member agent1")})
		for _, c := range []inbox.Conversation{chat, ticket} {
			e := requireLast(t, w, c, inbox.EventLeft, inbox.ReasonMemberRemoved)
			now := w.stored(c.ID)
			require.Empty(t, now.Assignee)
			require.True(t, now.Waiting())
			require.Equal(t, w.member("agent1"), now.FormerAssignee)
			require.Equal(t, c.Epoch+1, e.Epoch, "the right to write ended")
		}
		require.Equal(t, w.member("agent1"), w.stored(closed.ID).Assignee, "what is closed keeps who had it")
		require.Equal(t, w.member("agent2"), w.stored(other.ID).Assignee)
		loads, err := w.store.Loads(t.Context(), w.id, []workspace.MemberID{w.member("agent1")})
		require.NoError(t, err)
		require.Zero(t, loads[w.member("agent1")].Open())

		reopened, err := w.service.Desk.SetStatus(t.Context(), w.principal("manager"), desk.Request{Conversation: closed.ID}, inbox.Open)
		require.NoError(t, err)
		require.Empty(t, reopened.Conversation.Assignee, "it does not come back to who is gone")
		require.True(t, reopened.Conversation.Waiting())
		claimed, err := w.service.Desk.Claim(t.Context(), w.principal("agent2"), desk.Request{Conversation: chat.ID})
		require.NoError(t, err)
		require.Equal(t, w.member("agent2"), claimed.Conversation.Assignee)
	})
}

func TestARemovedTeamsConversationsAreTheWorkspaces(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		waiting, owned, closed := w.ticket("team support"), w.ticket("team support"), w.ticket("team support")
		w.claim(owned, "agent1")
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("owner"), desk.Request{Conversation: closed.ID}, inbox.Closed)
		require.NoError(t, err)
		outside := w.as("sales1")
		sees := func() string {
			return outside.do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": w.anID(t, waiting, "Conversation")}).code()
		}
		require.Equal(t, "PERMISSION_DENIED", sees(), "another team's")
		w.as("manager").act("deleteTeam", object{"id": w.global("team support")})

		requireLast(t, w, waiting, inbox.EventQueued, inbox.ReasonTeamRemoved)
		now := w.stored(waiting.ID)
		require.Empty(t, now.Team)
		require.Equal(t, waiting.WaitingSince, now.WaitingSince, "it keeps its place in time")
		require.Empty(t, sees(), "every team may pick it up")
		requireLast(t, w, owned, inbox.EventTeamRemoved, inbox.ReasonTeamRemoved)
		require.Equal(t, w.member("agent1"), w.stored(owned.ID).Assignee, "the owner stays")
		require.Equal(t, w.team("support"), w.stored(closed.ID).Team, "what is closed stays where it was")

		reopened, err := w.service.Desk.SetStatus(t.Context(), w.principal("owner"), desk.Request{Conversation: closed.ID}, inbox.Open)
		require.NoError(t, err)
		require.Empty(t, reopened.Conversation.Team, "it does not come back to a team that is gone")
		// Who shared nothing but the team sees nothing of the other's any longer.
		require.Equal(t, "PERMISSION_DENIED", w.as("agent2").do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": w.anID(t, owned, "Conversation")}).code())
	})
}

// More than a batch, and a server that dies in between: what is left is found
// again, by any server, and each conversation is moved once.
func TestARemovalThatStopsHalfWayIsFinished(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		var all []inbox.Conversation
		for range 120 {
			all = append(all, w.ticket("agent1"))
		}
		left := func() (n int) {
			for _, c := range all {
				if w.stored(c.ID).Assignee == w.member("agent1") {
					n++
				}
			}
			return n
		}
		w.watched.fail(t, "CommitEach", errors.New("the server is gone"))
		w.as("admin").act("removeMember", object{"id": w.global("member agent1")})
		require.Equal(t, 120, left(), "the removal stands all the same")
		require.Equal(t, "UNAUTHENTICATED", w.as("agent1").do(`{ viewer { permissions } }`, nil).code())
		require.Error(t, w.service.Offboarding.Run(t.Context()))
		w.watched.fail(t, "Nothing", nil)

		require.NoError(t, w.service.Offboarding.Run(t.Context()))
		require.Zero(t, left())
		for _, c := range all {
			requireLast(t, w, c, inbox.EventLeft, inbox.ReasonMemberRemoved)
			require.Equal(t, c.Version+1, w.stored(c.ID).Version, "moved once")
		}
		pending := func() (n int) {
			found, err := w.store.Offboardings(t.Context(), 100)
			require.NoError(t, err)
			for _, e := range found {
				if e.Workspace == w.id {
					n++
				}
			}
			return n
		}
		require.Equal(t, 1, pending(), "it is looked after for a while")
		late := w.ticket("agent2")
		w.giveBehindTheBack(t, late, "agent1")
		require.NoError(t, w.service.Offboarding.Run(t.Context()))
		require.Empty(t, w.stored(late.ID).Assignee, "a server that did not know yet gave it away")
		w.ahead.Add(int64(2 * time.Minute))
		defer w.ahead.Store(0)
		require.NoError(t, w.service.Offboarding.Run(t.Context()))
		require.Zero(t, pending())
	})
}

// giveBehindTheBack assigns as a server would whose directory is old.
func (w *space) giveBehindTheBack(t *testing.T, c inbox.Conversation, key string) {
	t.Helper()
	before := w.stored(c.ID)
	m := inbox.Assign(before, w.member(key), inbox.Command{By: workspace.System(), At: time.Now().UTC().Truncate(time.Millisecond), Rules: workspace.DefaultRules()})
	m.Event.ID = inbox.EventID(string(c.ID) + "-behind")
	m.Event.After = &m.After
	require.NoError(t, w.store.Commit(t.Context(), commit.Change{
		Conversation: m.After, Guard: commit.Guard{Version: before.Version}, Event: m.Event, Loads: inbox.LoadChanges(before, m.After),
	}))
}

// A contact begins anew though the team and the owner of before are gone. B:C4
func TestAContactStartsAnewAfterRemovals(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		of := map[string]inbox.Conversation{"the team": w.ticket("team support"), "the owner": w.ticket("agent1")}
		for _, c := range of {
			_, err := w.service.Desk.SetStatus(t.Context(), w.principal("owner"), desk.Request{Conversation: c.ID}, inbox.Closed)
			require.NoError(t, err)
		}
		w.as("admin").act("deleteTeam", object{"id": w.global("team support")})
		w.as("admin").act("removeMember", object{"id": w.global("member agent1")})
		for name, c := range of {
			sent, err := w.service.Messages.StartNew(t.Context(), contactOf(c), c.ID, "Are you there?", "")
			require.NoError(t, err, name)
			require.True(t, sent.Conversation.Waiting(), name)
			require.Empty(t, sent.Conversation.Team, name)
		}
	})
}

// Every act on the directory that can take from a member the right to own: what of
// which kind is up for grabs then, at once, and what the payload says. B:E1, B:L1
func TestWhateverTakesTheRightToOwnReleasesWhatIsOwned(t *testing.T) {
	permissions := func(kinds ...string) (out []string) {
		for _, kind := range kinds {
			out = append(out, "view:"+kind+":ALL", "reply:"+kind+":TEAM", "claim:"+kind+":ALL", "assign:"+kind+":ALL")
		}
		return append(out, "view:livechat:ALL")
	}
	custom := func(d *workspace.Directory) {
		role := workspace.CustomRole{Name: "both"}
		for _, text := range permissions("livechat", "ticket") {
			p, _ := workspace.ParsePermission(text)
			role.Permissions = append(role.Permissions, p)
		}
		d.Workspace.CustomRoles = []workspace.CustomRole{role}
		for id, m := range d.Members {
			if m.Name == "Anna Berg" {
				m.Roles = []workspace.RoleName{"both"}
				d.Members[id] = m
			}
		}
	}
	for name, c := range map[string]struct {
		set           func(*workspace.Directory)
		act           string
		input         func(w *space) object
		chats, ticket bool
		reason        string
	}{
		"another role, of both kinds": {nil, "updateMember", func(w *space) object {
			return object{"id": w.global("member agent1"), "roles": []string{"senior_agent"}}
		}, false, false, ""},
		"a role that only looks": {nil, "updateMember", func(w *space) object {
			return object{"id": w.global("member agent1"), "roles": []string{"observer"}}
		}, true, true, inbox.ReasonNotLiveAgent},
		"out of the team": {nil, "updateMember", func(w *space) object {
			return object{"id": w.global("member agent1"), "teamIds": []string{}}
		}, false, false, ""},
		"out of the team, by the team": {nil, "updateTeam", func(w *space) object {
			return object{"id": w.global("team support"), "memberIds": []string{}}
		}, false, false, ""},
		"removed": {nil, "removeMember", func(w *space) object { return object{"id": w.global("member agent1")} }, true, true, inbox.ReasonMemberRemoved},
		"the role loses chats": {custom, "updateRole", func(*space) object {
			return object{"name": "both", "permissions": permissions("ticket")}
		}, true, false, inbox.ReasonNotLiveAgent},
		"the role loses tickets": {custom, "updateRole", func(*space) object {
			return object{"name": "both", "permissions": permissions("livechat")}
		}, false, true, inbox.ReasonNotLiveAgent},
		"the role loses both":          {custom, "updateRole", func(*space) object { return object{"name": "both", "permissions": permissions()} }, true, true, inbox.ReasonNotLiveAgent},
		"the role goes on":             {custom, "updateRole", func(*space) object { return object{"name": "both", "permissions": permissions("livechat", "ticket")} }, false, false, ""},
		"a plan without roles":         {custom, "setPlan", func(*space) object { return object{"plan": "free"} }, true, true, inbox.ReasonNotLiveAgent},
		"a plan with roles":            {custom, "setPlan", func(*space) object { return object{"plan": "pro"} }, false, false, ""},
		"a plan, with a preset's role": {nil, "setPlan", func(*space) object { return object{"plan": "free"} }, false, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			onEngines(t, func(t *testing.T, s *server) {
				w := s.newSpace(t, "enterprise", c.set)
				chats := []inbox.Conversation{w.owned("agent1"), w.owned("agent1")}
				ticket, other := w.ticket("agent1"), w.owned("agent2")
				want := 0
				if c.chats {
					want += len(chats)
				}
				if c.ticket {
					want++
				}
				payload := w.as("owner").act(c.act, c.input(w))
				if c.act != "updateTeam" {
					require.Equal(t, number(want), payload["released"])
				}
				for _, of := range append(chats, ticket) {
					if of.Kind == workspace.Livechat && !c.chats || of.Kind == workspace.Ticket && !c.ticket {
						require.Equal(t, w.member("agent1"), w.stored(of.ID).Assignee)
						continue
					}
					e := requireLast(t, w, of, inbox.EventLeft, c.reason)
					require.Equal(t, inbox.NotifyUpForGrabs, e.To.Announced)
					require.Equal(t, w.member("agent1"), w.stored(of.ID).FormerAssignee)
					require.Contains(t, w.as("agent2").upForGrabs(), w.anID(t, of, "Conversation"))
				}
				require.Equal(t, w.member("agent2"), w.stored(other.ID).Assignee)
			})
		})
	}
}

// upForGrabs are the conversations of which the caller is notified that they can be
// claimed.
func (c *client) upForGrabs() (ids []string) {
	c.t.Helper()
	nodes, _ := c.do(`{ notifications(first: 50) { nodes { kind conversation { id } } } }`, nil).at("notifications.nodes").([]any)
	for _, n := range nodes {
		if dig(c.t, n, "kind") == "UP_FOR_GRABS" {
			id, _ := dig(c.t, n, "conversation.id").(string)
			ids = append(ids, id)
		}
	}
	return ids
}

// A policy may change while no server runs: what a member may no longer own by it
// is found. B:E1
func TestANewPolicyReleasesWhatIsOwned(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		w.giveBehindTheBack(t, c, "observer")
		require.NoError(t, w.service.Offboarding.ReviewOwners(t.Context()))
		requireLast(t, w, c, inbox.EventLeft, inbox.ReasonNotLiveAgent)
		require.Empty(t, w.stored(c.ID).Assignee)
	})
}
