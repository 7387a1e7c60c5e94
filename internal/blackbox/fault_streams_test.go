package blackbox_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
	"switchboard/internal/streamcheck"
)

// The subscriptions. Each has one root field.
const (
	faultEventsQuery  = `subscription($after: Cursor) { root: assignmentEvents(after: $after) { cursor gap node { id } } }`
	faultChangesQuery = `subscription($view: InboxView!, $after: Cursor) {
		root: inboxChanges(view: $view, after: $after) { cursor gap change conversationId conversation { revision } } }`
	faultUpdatesQuery = `subscription($id: ID!, $after: Cursor) { root: conversationUpdates(id: $id, after: $after) { cursor gap event { id } message { id } } }`
	faultContactQuery = `subscription($id: ID!, $after: Cursor) { root: conversationUpdates(id: $id, after: $after) { cursor gap message { id } } }`
	faultNewsQuery    = `subscription { root: notifications { id gone bulkId } }`
)

// faultViews are the views that are followed, as clients and as stores say it.
var faultViews = []struct {
	asked object
	means access.View
}{
	{object{"list": "ALL"}, access.View{List: access.ListAll}},
	{object{"list": "MINE"}, access.View{List: access.ListMine}},
	{object{"list": "UNASSIGNED"}, access.View{List: access.ListUnassigned}},
	{object{"list": "QUEUED"}, access.View{List: access.ListQueued}},
	{object{"list": "MY_TEAMS"}, access.View{List: access.ListMyTeams}},
	{object{"statuses": []string{"CLOSED"}}, access.View{List: access.ListAll, Statuses: []inbox.Status{inbox.Closed}}},
	{object{"handlers": []string{"HUMAN"}, "kinds": []string{"LIVECHAT"}}, access.View{List: access.ListAll, Handlers: []inbox.Handler{inbox.HandledByPerson}, Kinds: []workspace.Kind{workspace.Livechat}}},
}

// listen makes the subscribers. All begin at one place, at which nothing moves.
func (r *faultRun) listen(tokens func(inbox.Principal) string, contacts map[string]string) {
	log := histcheck.History{Start: r.start}
	require.NoError(r.t, log.Read(r.t.Context(), r.stored, r.position))
	r.began = len(log.Events)
	chats := slices.Sorted(maps.Keys(contacts))
	for n := range faultSubscribers {
		member := faultMember(n % faultMembers)
		p := faultPrincipal(workspace.ActorMember, string(member))
		s := &faultStream{anyone: r.any, token: tokens(p)}
		switch kind := n % 20; {
		case kind < 8:
			s.name, s.query = "events of "+string(member), faultEventsQuery
			s.item = func(item object) string { return plainID(dig(item, "node", "id")) }
			s.want = streamcheck.Events(r.access(p))
		case kind < 14:
			view := faultViews[n%len(faultViews)]
			s.name, s.query, s.variables = fmt.Sprintf("view %v of %s", view.asked, member), faultChangesQuery, object{"view": view.asked}
			s.item = faultChange
			s.want = streamcheck.Changes(r.access(p), view.means)
		case kind < 16:
			r.asManager(s, tokens, chats[n%len(chats)], n)
		case kind < 18:
			chat := chats[n%len(chats)]
			s.token = contacts[chat]
			s.name, s.query, s.variables = "contact of "+chat, faultContactQuery, object{"id": chat}
			s.item = faultUpdate
			s.want = streamcheck.Messages(inbox.ConversationID(plainID(chat)))
		default:
			s.name, s.query, s.anew = "notifications of "+string(member), faultNewsQuery, true
			s.item = faultNews
			s.want = streamcheck.Notifications(r.access(p))
		}
		s.name = fmt.Sprintf("%d, %s", n, s.name)
		s.cursor = r.place(tokens(p), s.variables["view"])
		r.streams = append(r.streams, s)
	}
}

// asManager follows one conversation for somebody who always sees it.
func (r *faultRun) asManager(s *faultStream, tokens func(inbox.Principal) string, chat string, n int) {
	s.token = tokens(faultPrincipal(workspace.ActorMember, string(faultMember(n%8))))
	s.name, s.query, s.variables = "conversation "+chat, faultUpdatesQuery, object{"id": chat}
	s.item = faultUpdate
	s.want = streamcheck.Updates(inbox.ConversationID(plainID(chat)))
}

// place is a cursor behind everything so far.
func (r *faultRun) place(token string, view any) (cursor string) {
	if view == nil {
		view = object{"list": "ALL"}
	}
	c := &client{server: &server{addr: r.any(), http: faultHTTP(r.t, 1)}, t: r.t, token: token}
	eventually(r.t, "the server names its place", func() bool {
		cursor, _ = c.do(`query($view: InboxView) { conversations(view: $view, first: 1) { liveCursor } }`, object{"view": view}).at("conversations.liveCursor").(string)
		return cursor != ""
	})
	return cursor
}

// access is what somebody may see: roles and teams do not change in the run.
func (r *faultRun) access(p inbox.Principal) access.Access {
	p.Workspace = r.start.Workspace.ID
	a, err := access.NewAccess(p, r.start, r.policy)
	require.NoError(r.t, err)
	return a
}

func faultChange(item object) string {
	change, ok := item["change"].(string)
	if !ok {
		return ""
	}
	revision, _ := dig(item, "conversation", "revision").(float64)
	return streamcheck.ChangeText(change, inbox.ConversationID(plainID(item["conversationId"])), int(revision))
}

func faultUpdate(item object) string {
	return streamcheck.UpdateText(plainID(dig(item, "event", "id")), plainID(dig(item, "message", "id")))
}

// faultNews leaves out what sums up a call with many conversations: it comes again as it
// grows, and some of that at once.
func faultNews(item object) string {
	if item["bulkId"] != nil {
		return ""
	}
	return streamcheck.NotificationText(inbox.NotificationID(plainID(item["id"])), item["gone"] == true)
}
