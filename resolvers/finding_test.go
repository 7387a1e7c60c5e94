package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// found are the subjects of a list, in order.
func (c *client) found(v vars) (subjects []string) {
	c.t.Helper()
	a := c.do(`query($view: InboxView, $order: ConversationOrder) { conversations(view: $view, orderBy: $order) { nodes { subject } } }`, v)
	return column(c.t, a.at("conversations.nodes"), "subject")
}

// What people look for when it is over: who had it, where it came from, when, and whose
// it was; and who waits for an answer. B:V1
func TestFindingWhatIsOver(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		later := func() time.Time { s.ahead.Add(int64(time.Second)); return s.now() }
		began := later()
		later()
		start := func(subject, agent, email string) inbox.Conversation {
			return w.start(desk.NewConversation{Subject: subject, Agent: w.agent(agent), Message: "Hello", Contact: contacts.NewContact{Name: "Vera", Email: email}})
		}
		request := func(c inbox.Conversation) desk.Request { return desk.Request{Conversation: c.ID} }
		first := start("first", "ai", "Vera@example.test")
		w.claim(first, "agent1")
		later()
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), request(first), inbox.Closed)
		require.NoError(t, err)
		middle := later()
		later()
		second := start("second", "ai2", "other@example.test")
		w.claim(second, "agent1")
		_, err = w.service.Messages.Send(t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: second.ID, Body: "Yes?"})
		require.NoError(t, err)
		later()
		w.say(second, "I wait since")
		later()
		third := start("third", "ai", "")
		require.NotEmpty(t, third.ID)
		later()
		w.say(second, "and still")

		manager := w.as("manager")
		between := func(from, until any) object { return object{"from": from, "until": until} }
		for name, row := range map[string]struct {
			view object
			want []string
		}{
			"mine that are closed":                {object{"formerAssigneeIds": []string{w.global("member agent1")}, "statuses": []string{"CLOSED"}}, []string{"first"}},
			"formerly another's":                  {object{"formerAssigneeIds": []string{w.global("member agent2")}}, nil},
			"from an AI agent":                    {object{"originAgentIds": []string{w.global("agent ai")}}, []string{"first", "third"}},
			"from another":                        {object{"originAgentIds": []string{w.global("agent ai2")}}, []string{"second"}},
			"of an address":                       {object{"contactEmails": []string{"VERA@example.test"}}, []string{"first"}},
			"by a word of the address":            {object{"search": "other@example.test"}, []string{"second"}},
			"created before":                      {object{"createdBetween": between(began, middle)}, []string{"first"}},
			"created since":                       {object{"createdBetween": object{"from": middle}}, []string{"second", "third"}},
			"active since":                        {object{"lastActivityBetween": object{"from": middle}}, []string{"second", "third"}},
			"closed before":                       {object{"closedBetween": object{"until": middle}}, []string{"first"}},
			"closed since":                        {object{"closedBetween": object{"from": middle}}, nil},
			"awaits an answer":                    {object{"awaitingReply": true}, []string{"second", "third"}},
			"awaits none":                         {object{"awaitingReply": false}, []string{"first"}},
			"starred":                             {object{"starred": true}, nil},
			"not only starred":                    {object{"starred": false}, []string{"first", "second", "third"}},
			"of an address and an agent":          {object{"contactEmails": []string{"vera@example.test"}, "originAgentIds": []string{w.global("agent ai2")}}, nil},
			"of the address of lower ASCII alone": {object{"contactEmails": []string{"Other@EXAMPLE.test"}}, []string{"second"}},
		} {
			t.Run(name, func(t *testing.T) {
				got := manager.found(vars{"view": row.view})
				require.ElementsMatch(t, row.want, got)
				counts := manager.do(`query($v: [InboxView!]!) { inboxCounts(views: $v) { count } }`, vars{"v": []object{row.view}}).at("inboxCounts")
				require.Equal(t, []any{object{"count": number(len(row.want))}}, counts)
			})
		}
		require.Equal(t, []string{"second", "third", "first"}, manager.found(vars{"order": object{"field": "AWAITING_REPLY", "direction": "ASC"}}), "the longest wait first, what awaits nothing last")
		require.Equal(t, []string{"third", "second"}, manager.found(vars{"order": object{"field": "AWAITING_REPLY"}, "view": object{"awaitingReply": true}}))
		require.Equal(t, []string{"second"}, w.as("agent1").found(vars{"view": object{"list": "MINE", "awaitingReply": true}}))
		for field, value := range map[string]object{"createdBetween": {}, "closedBetween": {"from": middle, "until": middle}, "lastActivityBetween": {"from": middle, "until": began}} {
			code, path := manager.do(`query($view: InboxView) { payload: conversations(view: $view) { totalCount } }`, vars{"view": object{field: value}}).verdict()
			require.Equal(t, "INVALID_INPUT", code)
			require.Equal(t, []any{field}, path)
		}
		shown := manager.do(`query($id: ID!) { conversation(id: $id) { closedAt awaitingReplySince formerAssignee { id } viewerHasStarred } }`, vars{"id": resolvers.ConversationID(first.ID)}).at("conversation")
		require.Equal(t, w.global("member agent1"), dig(t, shown, "formerAssignee.id"))
		require.NotNil(t, dig(t, shown, "closedAt"))
		require.Nil(t, dig(t, shown, "awaitingReplySince"))
	})
}

// A saved view is listed, counted and followed by its id, shows to each what they may
// see, and nothing to whom it is not shared with. B:V1, B:V4, B:V5
func TestSavedViews(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.owned("agent1")
		w.owned("sales1")
		create := `mutation($input: CreateSavedViewInput!) { payload: createSavedView(input: $input) { savedView { id name sharing team { id } viewerCanChange savedBy { id } filter { list handlers starred search } orderBy { field direction } } userErrors { code message } } }`
		saved := w.as("owner").do(create, vars{"input": object{
			"name": "With people", "sharing": "WORKSPACE", "filter": object{"handlers": []string{"HUMAN"}}, "orderBy": object{"field": "CREATED", "direction": "ASC"},
		}}).at("payload.savedView")
		require.Equal(t, object{"field": "CREATED", "direction": "ASC"}, dig(t, saved, "orderBy"))
		require.Equal(t, []any{"HUMAN"}, dig(t, saved, "filter.handlers"))
		require.Equal(t, true, dig(t, saved, "viewerCanChange"))
		id, _ := dig(t, saved, "id").(string)
		by := object{"savedViewId": id}
		for who, want := range map[string]int{"manager": 2, "agent1": 1, "sales1": 1} {
			require.Len(t, w.as(who).found(vars{"view": by}), want, who)
			require.Equal(t, []any{object{"count": number(want)}}, w.as(who).do(`query($v: [InboxView!]!) { inboxCounts(views: $v) { count } }`, vars{"v": []object{by}}).at("inboxCounts"), who)
			node := w.as(who).do(`query($id: ID!) { node(id: $id) { id ... on SavedView { name viewerCanChange } } }`, vars{"id": id})
			require.Equal(t, "With people", node.at("node.name"), who)
			require.Equal(t, false, node.at("node.viewerCanChange"), who)
		}
		figures := w.as("agent1").followCounts(by)
		changes := w.as("agent1").follow(`subscription($v: InboxView!) { inboxChanges(view: $v) { change gap conversation { handler } } }`, vars{"v": by})
		w.owned("agent2")
		require.Equal(t, "ENTERED", dig(t, changes.item(), "change"))
		for !figures.are([]int{2}) {
			figures.apply()
		}
		code, field := w.as("agent1").do(`query($view: InboxView) { payload: conversations(view: $view) { totalCount } }`, vars{"view": object{"savedViewId": id, "starred": true}}).verdict()
		require.Equal(t, "INVALID_INPUT", code)
		require.Equal(t, []any{"savedViewId"}, field)

		own := w.as("agent1").do(create, vars{"input": object{"name": "Parcels", "filter": object{"search": "parcel"}}}).at("payload.savedView.id")
		for _, who := range []string{"agent2", "owner", "ai", "partner"} {
			code, _ := w.as(who).do(`query($view: InboxView) { payload: conversations(view: $view) { totalCount } }`, vars{"view": object{"savedViewId": own}}).verdict()
			require.Equal(t, "NOT_FOUND", code, who)
		}
		refused := w.as("agent1").do(`mutation($id: ID!) { payload: updateSavedView(input: {id: $id, name: "Mine now"}) { userErrors { code } } }`, vars{"id": id})
		code, _ = refused.verdict()
		require.Equal(t, "PERMISSION_DENIED", code)
		team := w.as("agent1").do(`mutation($id: ID!, $team: ID!) { payload: updateSavedView(input: {id: $id, sharing: TEAM, teamId: $team}) { savedView { sharing team { id } filter { search } } userErrors { code } } }`,
			vars{"id": own, "team": w.global("team support")}).at("payload.savedView")
		require.Equal(t, object{"sharing": "TEAM", "team": object{"id": w.global("team support")}, "filter": object{"search": "parcel"}}, team)
		names := func(who string) []string {
			return column(t, w.as(who).do(`{ savedViews { nodes { name } } }`, nil).at("savedViews.nodes"), "name")
		}
		require.Equal(t, []string{"Parcels", "With people"}, names("agent2"))
		require.Equal(t, []string{"With people"}, names("sales1"))
		w.as("agent2").act("deleteSavedView", object{"id": own})
		require.Equal(t, []string{"With people"}, names("agent1"))
	})
}

// A star is seen by its member alone, in lists, figures and streams, in every window,
// and is gone with the right to see. B:V1, B:V4, B:V5
func TestStarsAreOnesOwn(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		id, starred := resolvers.ConversationID(c.ID), object{"starred": true}
		star := func(who string, on bool) answer {
			return w.as(who).do(`mutation($id: ID!, $on: Boolean!) { payload: starConversation(input: {conversationId: $id, starred: $on}) { conversation { version viewerHasStarred } userErrors { code message } } }`, vars{"id": id, "on": on})
		}
		has := func(who string) any {
			return w.as(who).do(`query($id: ID!) { conversation(id: $id) { viewerHasStarred } }`, vars{"id": id}).at("conversation.viewerHasStarred")
		}
		streams, figures := map[string]*stream{}, map[string]*figures{}
		for _, who := range []string{"agent1", "manager"} {
			streams[who] = w.as(who).follow(`subscription($v: InboxView!) { inboxChanges(view: $v) { change gap reason conversationId } }`, vars{"v": starred})
			figures[who] = w.as(who).followCounts(starred)
		}
		before := w.stored(c.ID)
		require.Equal(t, object{"version": number(c.Version), "viewerHasStarred": true}, star("agent1", true).at("payload.conversation"))
		require.Equal(t, before, w.stored(c.ID), "the conversation was changed")
		require.Equal(t, true, dig(t, streams["agent1"].item(), "gap"))
		for !figures["agent1"].are([]int{1}) {
			figures["agent1"].apply()
		}
		require.Equal(t, []any{true, false}, []any{has("agent1"), has("manager")})
		require.Len(t, w.as("agent1").found(vars{"view": starred}), 1)
		require.Empty(t, w.as("manager").found(vars{"view": starred}))
		code, _ := star("sales1", true).verdict()
		require.Equal(t, "PERMISSION_DENIED", code)
		code, _ = star("partner", true).verdict()
		require.Equal(t, "PERMISSION_DENIED", code)

		w.say(c, "Hello?")
		require.Equal(t, "UPDATED", dig(t, streams["agent1"].item(), "change"))
		w.pass(c.ID, access.Owner{Member: w.member("sales1")}, "")
		left := streams["agent1"].item()
		require.Equal(t, []any{"LEFT", "NO_LONGER_PERMITTED"}, []any{left["change"], left["reason"]})
		for !figures["agent1"].are([]int{0}) {
			figures["agent1"].apply()
		}
		require.Empty(t, w.as("agent1").found(vars{"view": starred}))
		code, _ = star("agent1", false).verdict()
		require.Equal(t, "PERMISSION_DENIED", code, "what is out of sight cannot be asked about")
		require.Equal(t, true, star("manager", true).at("payload.conversation.viewerHasStarred"))
		require.Equal(t, true, dig(t, streams["manager"].item(), "gap"), "the first of its own, and nothing of another's")
	})
}
