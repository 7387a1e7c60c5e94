package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/cluster"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/notify"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// estate is a workspace that has one of everything, beside another that has none
// of it.
type estate struct {
	*fixture
	other    *fixture
	dir      workspace.Directory
	member   workspace.MemberID
	key      workspace.KeyID
	talk     inbox.Conversation
	waiting  inbox.Conversation
	contact  inbox.Contact
	said     inbox.Message
	given    inbox.Event // told to the member
	told     inbox.NotificationID
	rotation inbox.Rotation
	hook     workspace.Webhook
	offer    inbox.Offer
}

func newEstate(t *testing.T, open Opener) *estate {
	t.Helper()
	e := &estate{fixture: newDesk(t, open)}
	e.other = &fixture{Engine: e.Engine, t: t, ws: workspace.WorkspaceID(id("ws"))}
	e.other.staffed()
	e.dir = e.staffed()
	e.member, e.key = only(e.dir.Members).ID, only(e.dir.Keys).ID
	e.converse()
	e.waiting = e.created(func(c *inbox.Conversation) {
		c.Ownership = inbox.Ownership{Status: inbox.Open, AIStopped: true, WaitingSince: at(1)}
	})
	e.offer = e.commit(offering(e.commit(stepped(e.created(), "noa", 1, given(e.member))), "noa")).Offer
	require.NoError(t, e.KeyUsed(soon(t), e.ws, workspace.KeyUse{Key: e.key, Secret: 1, At: at(1)}))
	require.NoError(t, e.AppendAudit(soon(t), auditEntry(e.ws)))
	require.NoError(t, e.SaveReadMarks(soon(t), notify.ReadMarks{Workspace: e.ws, Member: e.member, Rev: 1}))
	require.NoError(t, e.SavePresence(soon(t), e.presence(e.ws)))
	e.logged()
	require.NoError(t, e.SaveStars(soon(t), e.stars(e.ws, 1), starred(e.ws, e.member)))
	require.NoError(t, e.SaveSavedViewLists(soon(t), e.shelf(e.ws, 1)))
	e.hooked()
	return e
}

// converse makes a conversation that was said something in, and given to the
// member by a turn of the rotation.
func (e *estate) converse() {
	c := e.conversation()
	c.ExternalID = "conversation"
	e.contact = inbox.Contact{ID: c.Contact, Workspace: e.ws, ExternalID: "contact", Email: "ada@example.test", EmailVerified: true, Rev: 1}
	e.said = message(c, "hi")
	e.said.ExternalID = "message"
	change := creation(c)
	change.Contact, change.Event.Messages = &e.contact, []inbox.Message{e.said}
	change.Event.Key = inbox.IdempotencyKey{Actor: workspace.System(), Key: "key", Request: "r"}
	e.commit(change)
	next := stepped(c, "noa", 1, given(e.member))
	e.rotation = inbox.Rotation{Member: e.member, Since: at(1), Count: 1}
	next.Rotation, next.Loads = &e.rotation, []inbox.LoadChange{{Member: e.member, Kind: c.Kind, Delta: 1}}
	e.talk, e.given = e.commit(next), next.Event
	e.told = inbox.NotificationsOf(e.given)[0].ID
}

// logged gives the change a number.
func (e *estate) logged() {
	p, err := e.LogProgress(soon(e.t))
	require.NoError(e.t, err)
	p.Rev, p.Position = p.Rev+1, "position"
	entry := eventlog.Of(e.given)[0]
	entry.Sequence, entry.Clock = 1, entry.At
	require.NoError(e.t, e.AppendLog(soon(e.t), p, []eventlog.Entry{entry}))
}

func (e *estate) presence(ws workspace.WorkspaceID) cluster.Presence {
	return cluster.Presence{Workspace: ws, Member: e.member, Server: "server"}
}

func (e *estate) stars(ws workspace.WorkspaceID, rev int) shelf.Stars {
	return shelf.Stars{Workspace: ws, Member: e.member, Conversations: []inbox.ConversationID{e.talk.ID}, Rev: rev}
}

func starred(ws workspace.WorkspaceID, m workspace.MemberID) inbox.Event {
	return inbox.Event{ID: inbox.EventID(id("e")), Workspace: ws, Type: inbox.StarEvent, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(m)}, At: at(1)}
}

func (e *estate) shelf(ws workspace.WorkspaceID, rev int) shelf.SavedViewList {
	return shelf.SavedViewList{Workspace: ws, ID: "shelf", Views: []shelf.SavedView{{ID: "view", Name: "Mine"}}, Rev: rev}
}

// everything is a query that sees all of a workspace.
func everything(ws workspace.WorkspaceID) access.ConversationQuery {
	return access.ConversationQuery{
		Workspace: ws, View: access.View{List: access.ListAll}, Order: access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: 10},
		Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll, workspace.Ticket: workspace.ScopeAll}},
	}
}

// named asks for what the estate has, by name, with the reach of its contact.
func (e *estate) named(ws workspace.WorkspaceID) access.ConversationQuery {
	q := everything(ws)
	q.View.Assignees, q.View.Contacts = []workspace.MemberID{e.member}, []inbox.ContactID{e.contact.ID}
	q.Visibility = access.VisibilityFilter{Conversation: e.talk.ID}
	return q
}
