package resolvers_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// changePolicy replaces the policy in force by the preset with changes, each a file, what
// stands in it and what stands there instead, as the program does when the folder of
// its policy changes.
func (s *server) changePolicy(t *testing.T, changes ...[3]string) {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"model.conf", "plans.csv", "features.csv", "roles.csv", "policy.csv"} {
		data, err := fs.ReadFile(authz.PresetFiles("default"), name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	for _, c := range changes {
		before := string(files[c[0]].Data)
		require.Contains(t, before, c[1])
		files[c[0]].Data = []byte(strings.ReplaceAll(before, c[1], c[2]))
	}
	policy, err := authz.Load(files)
	require.NoError(t, err)
	s.authorizer.Replace(policy)
	s.directories.Renew()
	s.hub.Rechecks.Ask()
}

// withoutReply takes the right to reply from every role of people.
func withoutReply() (out [][3]string) {
	for _, line := range []string{"owner, *, reply, ALL", "admin, *, reply, ALL", "manager, *, reply, ALL", "senior_agent, *, reply, ALL", "agent, *, reply, TEAM"} {
		out = append(out, [3]string{"policy.csv", "p, " + line + "\n", ""})
	}
	return out
}

// A policy that takes something away ends streams as the loss of a role does, without
// any event. B:Z4 B:Z6
func TestAPolicyThatTakesAFeatureEndsStreams(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "pro", withAuditor)
		chat := w.chat()
		auditor := w.as("observer") // holds a role that the workspace made, which pro includes
		events, one := auditor.follow(followEvents, nil), auditor.followConversation(chat.ID)
		view, workloads := auditor.follow(followView, vars{"view": object{"list": "ALL"}}), auditor.follow(`subscription { workloads { cursor } }`, nil)
		bystander := w.as("owner").follow(followEvents, nil)
		w.claim(chat, "agent1")
		for _, st := range []*stream{events, one, view, bystander} {
			st.item()
		}
		workloads.item()

		s.changePolicy(t, [3]string{"features.csv", "roles.custom,       pro", "roles.custom, total"})
		require.Equal(t, "PERMISSION_DENIED", events.refused())
		require.Equal(t, "PERMISSION_DENIED", view.refused())
		require.Equal(t, "PERMISSION_DENIED", workloads.ended())
		requireMatch(t, object{"accessLost": true, "event": nil, "message": nil}, one.item(), "item")
		one.completed()
		_, err := w.service.Desk.Leave(t.Context(), w.principal("agent1"), desk.Request{Conversation: chat.ID})
		require.NoError(t, err)
		require.Equal(t, "LEFT", dig(t, bystander.item(), "node.kind"), "others go on")

		s.changePolicy(t)
		again := w.as("observer").follow(followEvents, nil)
		w.claim(w.stored(chat.ID), "agent1")
		require.Equal(t, "CLAIMED", dig(t, again.item(), "node.kind"), "and what is given back is there again")
	})
}

// A policy that moves what a view holds is a gap in the view. B:V4 B:Z4
func TestAPolicyThatNarrowsAScopeIsAGapInAView(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "pro", nil)
		all := w.as("agent1").follow(followView, vars{"view": object{"list": "ALL"}})
		s.changePolicy(t, [3]string{"policy.csv", "p, agent, *, view, TEAM", "p, agent, *, view, OWN"})
		require.Equal(t, true, all.item()["gap"])
		w.ticket("agent2") // is out of sight now
		c := w.ticket("agent1")
		require.Equal(t, resolvers.ConversationID(c.ID), all.item()["conversationId"])
	})
}

// Notifications are heard of by the rights of the policy in force. B:V7 B:Z6
func TestAPolicyThatGivesMoreIsHeardOf(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "pro", nil)
		sales := w.as("sales1").followAtOnce(followNotifications, nil)
		viewer := w.as("sales1").followAtOnce(`subscription { viewerChanges { permissions workspace { plan { label } } } }`, nil)
		require.NotContains(t, dig(t, viewer.item(), "permissions"), "claim:livechat:ALL")
		support := w.owned("agent1")
		w.pass(support.ID, access.Owner{Team: w.team("support")}, "") // sales1 neither sees nor may claim what is theirs
		owner := w.stored(support.ID).Assignee
		w.settle()
		s.changePolicy(t, [3]string{"policy.csv", "p, agent, *, claim, TEAM", "p, agent, *, claim, ALL"},
			[3]string{"policy.csv", "p, agent, *, view, TEAM", "p, agent, *, view, ALL"},
			[3]string{"policy.csv", "p, agent, *, reply, TEAM", "p, agent, *, reply, ALL"}, [3]string{"plans.csv", "pro, Pro", "pro, Professional"})
		change := viewer.item()
		require.Contains(t, dig(t, change, "permissions"), "claim:livechat:ALL")
		require.Equal(t, "Professional", dig(t, change, "workspace.plan.label"))
		as := inbox.Principal{Workspace: w.id, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(owner)}}
		_, err := w.service.Desk.Leave(t.Context(), as, desk.Request{Conversation: support.ID})
		require.NoError(t, err)
		// Between the change and the second in which the stream notices, it says that it may
		// have missed something. It is never silent.
		if m := sales.message(); m.Type == "next" {
			require.Contains(t, string(m.Payload), "UP_FOR_GRABS")
		} else {
			require.Contains(t, string(m.Payload), "UNAVAILABLE")
		}
	})
}

// Who is chosen for a conversation is chosen by the policy in force, also where the
// choice was worked out before. B:Q1 B:Z6
func TestAPolicyDecidesWhoIsChosen(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "pro", nil)
		first, second := w.owned("manager"), w.owned("manager")
		w.pass(first.ID, access.Owner{Team: w.team("support")}, "")
		require.NotEmpty(t, w.stored(first.ID).Assignee)
		s.changePolicy(t, withoutReply()...)
		w.pass(second.ID, access.Owner{Team: w.team("support")}, "")
		require.Empty(t, w.stored(second.ID).Assignee, "nobody may answer")
	})
}

// ended gives the code of the error that ends the subscription, after any items.
func (st *stream) ended() string {
	st.t.Helper()
	m := st.message()
	for m.Type == "next" {
		m = st.message()
	}
	require.Equal(st.t, "error", m.Type, "%s", m.Payload)
	return parse(st.t, 0, []byte(`{"errors":`+string(m.Payload)+`}`)).code()
}
