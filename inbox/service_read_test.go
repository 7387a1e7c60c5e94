package inbox_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// B:V8, B:Z7
func TestContactSeesOneConversationOnly(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: mine")
	another := newConversation(workspace.Livechat)
	another.ID = "another"
	d.put(another)
	contact := asContact("c")
	_, err := d.Messages.Send(t.Context(), asMember(me), desk.SendRequest{Conversation: "c", Body: "between us", Internal: true})
	require.NoError(t, err)
	said, err := d.Messages.Send(t.Context(), contact, say("Hello"))
	require.NoError(t, err)
	moved, err := d.Desk.TakeOver(t.Context(), asMember(senior), r, nil, "")
	require.NoError(t, err)

	c, err := d.Services.Reader.Conversation(t.Context(), contact, "c")
	require.NoError(t, err)
	_, err = d.Services.Reader.Conversation(t.Context(), contact, "another")
	refused(t, err, inbox.NotFound)
	page, err := d.Services.Reader.Conversations(t.Context(), contact, access.View{}, access.Order{}, inbox.PageRequest{})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	n, err := d.Reader.Count(t.Context(), contact, access.View{})
	require.NoError(t, err)
	require.Equal(t, 1, n)

	messages, _, err := d.Services.Reader.Messages(t.Context(), contact, c.ID, inbox.PageRequest{})
	require.NoError(t, err)
	require.Equal(t, []string{"Hello", "Sue is now in the conversation."}, bodies(messages.Items))
	_, _, err = d.Services.Reader.Messages(t.Context(), contact, "another", inbox.PageRequest{})
	refused(t, err, inbox.NotFound)
	_, _, err = d.Reader.History(t.Context(), contact, c.ID, 10, 0)
	refused(t, err, inbox.PermissionDenied)
	_, _, err = d.Services.Reader.Event(t.Context(), contact, moved.Event.ID)
	refused(t, err, inbox.NotFound)
	note := d.messages()[0]
	require.True(t, note.Internal)
	_, _, err = d.Services.Reader.Message(t.Context(), contact, note.ID)
	refused(t, err, inbox.NotFound)
	m, of, err := d.Services.Reader.Message(t.Context(), contact, said.Message.ID)
	require.NoError(t, err)
	require.Equal(t, said.Message, m)
	require.Equal(t, d.stored(t, "c"), of)
}

// B:V2, B:Z1, B:Z7
func TestMemberReads(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: a stranger's")
	taken, err := d.Desk.TakeOver(t.Context(), asMember(senior), r, ptr("Hi"), "")
	require.NoError(t, err)
	left, err := d.Desk.Leave(t.Context(), asMember(senior), r)
	require.NoError(t, err)
	c := left.Conversation

	history, now, err := d.Reader.History(t.Context(), asMember(senior), c.ID, 10, 0)
	require.NoError(t, err)
	require.Equal(t, []inbox.Event{left.Event, taken.Event}, history.Items, "newest first")
	require.Equal(t, c, now)
	older, _, err := d.Reader.History(t.Context(), asMember(senior), c.ID, 10, left.Event.Version)
	require.NoError(t, err)
	require.Equal(t, []inbox.Event{taken.Event}, older.Items)
	e, of, err := d.Services.Reader.Event(t.Context(), asMember(senior), taken.Event.ID)
	require.NoError(t, err)
	require.Equal(t, taken.Event, e)
	require.Equal(t, c, of)
	all, _, err := d.Services.Reader.Messages(t.Context(), asMember(senior), c.ID, inbox.PageRequest{})
	require.NoError(t, err)
	require.Len(t, all.Items, 3)

	// It waits in the queue of another team.
	_, err = d.Services.Reader.Conversation(t.Context(), asMember(me), "c")
	require.Equal(t, "view:livechat:ALL", refused(t, err, inbox.PermissionDenied).Permission)
	_, _, err = d.Reader.History(t.Context(), asMember(me), c.ID, 10, 0)
	refused(t, err, inbox.PermissionDenied)
	_, _, err = d.Services.Reader.Event(t.Context(), asMember(me), taken.Event.ID)
	refused(t, err, inbox.PermissionDenied)
	_, _, err = d.Services.Reader.Message(t.Context(), asMember(me), all.Items[0].ID)
	refused(t, err, inbox.PermissionDenied)
	_, _, err = d.Services.Reader.Event(t.Context(), asMember(me), "made-up")
	refused(t, err, inbox.NotFound)
	_, _, err = d.Services.Reader.Message(t.Context(), asMember(me), "made-up")
	refused(t, err, inbox.NotFound)
	sent, err := d.Messages.Send(t.Context(), asContact("c"), say("?"))
	require.NoError(t, err)
	_, _, err = d.Services.Reader.Event(t.Context(), asMember(senior), sent.Event.ID)
	refused(t, err, inbox.NotFound)

	loads, err := d.Services.Reader.Loads(t.Context(), asMember(me), []workspace.MemberID{stranger, "nobody"})
	require.NoError(t, err)
	require.Equal(t, map[workspace.MemberID]workspace.Load{stranger: {}}, loads)
	contacts, err := d.Services.Contacts.Contacts(t.Context(), asMember(me), []inbox.ContactID{"visitor"})
	require.NoError(t, err)
	require.Empty(t, contacts)
}

// B:Q7
func TestQueuePosition(t *testing.T) {
	d := newDesk(t)
	first := queued(newConversation(workspace.Livechat), billing)
	second := first
	second.ID, second.WaitingSince = "later", start()
	d.put(first)
	d.put(second)
	position, ok, err := d.Services.Reader.QueuePosition(t.Context(), second)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, 2, position)
	_, ok, err = d.Services.Reader.QueuePosition(t.Context(), states(me)["chat: mine"])
	require.NoError(t, err)
	require.False(t, ok)
	d.fault = errors.New("the disk is gone")
	_, ok, err = d.Services.Reader.QueuePosition(t.Context(), second)
	require.ErrorIs(t, err, d.fault)
	require.False(t, ok)
}

// Who is nobody reads nothing, and a fault is handed on.
func TestReadsNeedAnIdentity(t *testing.T) {
	d := newDesk(t)
	c := d.put(states(me)["chat: mine"])
	reads := map[string]func(p inbox.Principal) error{
		"conversation": func(p inbox.Principal) error {
			_, err := d.Services.Reader.Conversation(t.Context(), p, "c")
			return err
		},
		"conversations": func(p inbox.Principal) error {
			_, err := d.Services.Reader.Conversations(t.Context(), p, access.View{}, access.Order{}, inbox.PageRequest{})
			return err
		},
		"count": func(p inbox.Principal) error { _, err := d.Reader.Count(t.Context(), p, access.View{}); return err },
		"messages": func(p inbox.Principal) error {
			_, _, err := d.Services.Reader.Messages(t.Context(), p, c.ID, inbox.PageRequest{})
			return err
		},
		"history": func(p inbox.Principal) error { _, _, err := d.Reader.History(t.Context(), p, c.ID, 1, 0); return err },
	}
	for name, read := range reads {
		require.NoError(t, read(asMember(me)), name)
		refused(t, read(asMember("nobody")), inbox.Unauthenticated)
		refused(t, read(asContact("")), inbox.Unauthenticated)
	}
	d.fault = errors.New("the disk is gone")
	for name, read := range reads {
		require.ErrorIs(t, read(asMember(me)), d.fault, name)
	}
}

// Who may change the owner may look whom to. B:A2
func TestAssignable(t *testing.T) {
	for _, c := range []struct {
		state string
		by    inbox.Principal
		plan  workspace.PlanName
		want  inbox.Code
	}{
		{"chat: mine", asMember(me), "enterprise", ""},
		{"chat: a teammate's", asMember(me), "free", ""},
		{"chat: closed and a teammate's", asMember(me), "enterprise", ""},
		{"chat: a stranger's", asMember(me), "enterprise", inbox.PermissionDenied},
		{"chat: a stranger's", asMember(senior), "enterprise", ""}, // may transfer once taken over
		{"chat: a stranger's", asMember(senior), "free", ""},       // may take it over
		{"chat: mine", asMember(observer), "enterprise", inbox.PermissionDenied},
		{"chat: mine", asAgent(bot), "enterprise", inbox.PermissionDenied},
		{"chat: mine", asContact("c"), "enterprise", inbox.PermissionDenied},
		{"chat: mine", asMember("nobody"), "enterprise", inbox.Unauthenticated},
	} {
		d := newDesk(t)
		d.directory().Workspace.Plan = c.plan
		r := d.begin(t, c.state)
		got, err := d.Reader.Assignable(t.Context(), c.by, r.Conversation)
		require.Equal(t, c.want, inbox.CodeOf(err), "%+v", c)
		require.Equal(t, err == nil, got.ID == r.Conversation)
	}
	d := newDesk(t)
	_, err := d.Reader.Assignable(t.Context(), asMember(me), "made-up")
	refused(t, err, inbox.NotFound)
}

// Who sees nothing of any kind may not follow lists; neither may a contact.
func TestViewsAny(t *testing.T) {
	w := newWorld(t)
	w.member(mate, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"partner"} })
	for _, p := range []inbox.Principal{asMember(me), asMember(observer), asAgent(bot), asSystem()} {
		require.NoError(t, w.access(t, p).ViewsAny(), p)
	}
	refused(t, w.access(t, asMember(mate)).ViewsAny(), inbox.PermissionDenied)
	refused(t, w.access(t, asContact("c")).ViewsAny(), inbox.PermissionDenied)
	refused(t, w.access(t, asPartner()).ViewsAny(), inbox.PermissionDenied)
}

// B:V1
func TestSortKey(t *testing.T) {
	c := queued(newConversation(workspace.Livechat), "")
	c.LastActivityAt, c.CreatedAt, c.WaitingSince = start().Add(1), start().Add(2), start().Add(3)
	require.Equal(t, c.LastActivityAt, access.SortKey(c, access.ByLastActivity))
	require.Equal(t, c.CreatedAt, access.SortKey(c, access.ByCreated))
	require.Equal(t, c.WaitingSince, access.SortKey(c, access.ByWaiting))
}
