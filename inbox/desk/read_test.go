package desk_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// B:V8, B:Z7
func TestContactSeesOneConversationOnly(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	another := world.NewConversation(workspace.Livechat)
	another.ID = "another"
	d.Put(another)
	contact := world.AsContact("c")
	_, err := d.Messages.Send(t.Context(), world.AsMember(world.Me), desk.SendRequest{Conversation: "c", Body: "between us", Internal: true})
	require.NoError(t, err)
	said, err := d.Messages.Send(t.Context(), contact, say("Hello"))
	require.NoError(t, err)
	moved, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Senior), r, nil, "")
	require.NoError(t, err)

	c, err := d.Services.Reader.Conversation(t.Context(), contact, "c")
	require.NoError(t, err)
	_, err = d.Services.Reader.Conversation(t.Context(), contact, "another")
	world.Refused(t, err, inbox.NotFound)
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
	world.Refused(t, err, inbox.NotFound)
	_, _, err = d.Reader.History(t.Context(), contact, c.ID, 10, 0)
	world.Refused(t, err, inbox.PermissionDenied)
	_, _, err = d.Services.Reader.Event(t.Context(), contact, moved.Event.ID)
	world.Refused(t, err, inbox.NotFound)
	note := d.Said()[0]
	require.True(t, note.Internal)
	_, _, err = d.Services.Reader.Message(t.Context(), contact, note.ID)
	world.Refused(t, err, inbox.NotFound)
	m, of, err := d.Services.Reader.Message(t.Context(), contact, said.Message.ID)
	require.NoError(t, err)
	require.Equal(t, said.Message, m)
	require.Equal(t, d.Stored(t, "c"), of)
}

// B:V2, B:Z1, B:Z7
func TestMemberReads(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: a stranger's")
	taken, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Senior), r, world.Ptr("Hi"), "")
	require.NoError(t, err)
	left, err := d.Desk.Leave(t.Context(), world.AsMember(world.Senior), r)
	require.NoError(t, err)
	c := left.Conversation

	history, now, err := d.Reader.History(t.Context(), world.AsMember(world.Senior), c.ID, 10, 0)
	require.NoError(t, err)
	require.Equal(t, []inbox.Event{left.Event, taken.Event}, history.Items, "newest first")
	require.Equal(t, c, now)
	older, _, err := d.Reader.History(t.Context(), world.AsMember(world.Senior), c.ID, 10, left.Event.Version)
	require.NoError(t, err)
	require.Equal(t, []inbox.Event{taken.Event}, older.Items)
	e, of, err := d.Services.Reader.Event(t.Context(), world.AsMember(world.Senior), taken.Event.ID)
	require.NoError(t, err)
	require.Equal(t, taken.Event, e)
	require.Equal(t, c, of)
	all, _, err := d.Services.Reader.Messages(t.Context(), world.AsMember(world.Senior), c.ID, inbox.PageRequest{})
	require.NoError(t, err)
	require.Len(t, all.Items, 3)

	// It waits in the queue of another team.
	_, err = d.Services.Reader.Conversation(t.Context(), world.AsMember(world.Me), "c")
	require.Equal(t, "view:livechat:ALL", world.Refused(t, err, inbox.PermissionDenied).Permission)
	_, _, err = d.Reader.History(t.Context(), world.AsMember(world.Me), c.ID, 10, 0)
	world.Refused(t, err, inbox.PermissionDenied)
	_, _, err = d.Services.Reader.Event(t.Context(), world.AsMember(world.Me), taken.Event.ID)
	world.Refused(t, err, inbox.PermissionDenied)
	_, _, err = d.Services.Reader.Message(t.Context(), world.AsMember(world.Me), all.Items[0].ID)
	world.Refused(t, err, inbox.PermissionDenied)
	_, _, err = d.Services.Reader.Event(t.Context(), world.AsMember(world.Me), "made-up")
	world.Refused(t, err, inbox.NotFound)
	_, _, err = d.Services.Reader.Message(t.Context(), world.AsMember(world.Me), "made-up")
	world.Refused(t, err, inbox.NotFound)
	sent, err := d.Messages.Send(t.Context(), world.AsContact("c"), say("?"))
	require.NoError(t, err)
	_, _, err = d.Services.Reader.Event(t.Context(), world.AsMember(world.Senior), sent.Event.ID)
	world.Refused(t, err, inbox.NotFound)

	loads, err := d.Services.Reader.Loads(t.Context(), world.AsMember(world.Me), []workspace.MemberID{world.Stranger, "nobody"})
	require.NoError(t, err)
	require.Equal(t, map[workspace.MemberID]workspace.Load{world.Stranger: {}}, loads)
	contacts, err := d.Services.Contacts.Contacts(t.Context(), world.AsMember(world.Me), []inbox.ContactID{"visitor"})
	require.NoError(t, err)
	require.Empty(t, contacts)
}

// B:Q7
func TestQueuePosition(t *testing.T) {
	d := world.New(t)
	first := world.Queued(world.NewConversation(workspace.Livechat), world.Billing)
	second := first
	second.ID, second.WaitingSince = "later", world.Start()
	d.Put(first)
	d.Put(second)
	position, ok, err := d.Services.Reader.QueuePosition(t.Context(), second)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, 2, position)
	_, ok, err = d.Services.Reader.QueuePosition(t.Context(), world.States(world.Me)["chat: mine"])
	require.NoError(t, err)
	require.False(t, ok)
	d.Fault = errors.New("the disk is gone")
	_, ok, err = d.Services.Reader.QueuePosition(t.Context(), second)
	require.ErrorIs(t, err, d.Fault)
	require.False(t, ok)
}

// Who is nobody reads nothing, and a fault is handed on.
func TestReadsNeedAnIdentity(t *testing.T) {
	d := world.New(t)
	c := d.Put(world.States(world.Me)["chat: mine"])
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
		require.NoError(t, read(world.AsMember(world.Me)), name)
		world.Refused(t, read(world.AsMember("nobody")), inbox.Unauthenticated)
		world.Refused(t, read(world.AsContact("")), inbox.Unauthenticated)
	}
	d.Fault = errors.New("the disk is gone")
	for name, read := range reads {
		require.ErrorIs(t, read(world.AsMember(world.Me)), d.Fault, name)
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
		{"chat: mine", world.AsMember(world.Me), "enterprise", ""},
		{"chat: a teammate's", world.AsMember(world.Me), "free", ""},
		{"chat: closed and a teammate's", world.AsMember(world.Me), "enterprise", ""},
		{"chat: a stranger's", world.AsMember(world.Me), "enterprise", inbox.PermissionDenied},
		{"chat: a stranger's", world.AsMember(world.Senior), "enterprise", ""}, // may transfer once taken over
		{"chat: a stranger's", world.AsMember(world.Senior), "free", ""},       // may take it over
		{"chat: mine", world.AsMember(world.Observer), "enterprise", inbox.PermissionDenied},
		{"chat: mine", world.AsAgent(world.Bot), "enterprise", inbox.PermissionDenied},
		{"chat: mine", world.AsContact("c"), "enterprise", inbox.PermissionDenied},
		{"chat: mine", world.AsMember("nobody"), "enterprise", inbox.Unauthenticated},
	} {
		d := world.New(t)
		d.Roster.Workspace.Plan = c.plan
		r := d.Begin(t, c.state)
		got, err := d.Reader.Assignable(t.Context(), c.by, r.Conversation)
		require.Equal(t, c.want, inbox.CodeOf(err), "%+v", c)
		require.Equal(t, err == nil, got.ID == r.Conversation)
	}
	d := world.New(t)
	_, err := d.Reader.Assignable(t.Context(), world.AsMember(world.Me), "made-up")
	world.Refused(t, err, inbox.NotFound)
}

// Who sees nothing of any kind may not follow lists; neither may a contact.
func TestViewsAny(t *testing.T) {
	w := world.NewWorld(t)
	w.Member(world.Mate, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"partner"} })
	for _, p := range []inbox.Principal{world.AsMember(world.Me), world.AsMember(world.Observer), world.AsAgent(world.Bot), world.AsSystem()} {
		require.NoError(t, w.Access(t, p).ViewsAny(), p)
	}
	world.Refused(t, w.Access(t, world.AsMember(world.Mate)).ViewsAny(), inbox.PermissionDenied)
	world.Refused(t, w.Access(t, world.AsContact("c")).ViewsAny(), inbox.PermissionDenied)
	world.Refused(t, w.Access(t, world.AsPartner()).ViewsAny(), inbox.PermissionDenied)
}

// B:V1
func TestSortKey(t *testing.T) {
	c := world.Queued(world.NewConversation(workspace.Livechat), "")
	c.LastActivityAt, c.CreatedAt, c.WaitingSince = world.Start().Add(1), world.Start().Add(2), world.Start().Add(3)
	require.Equal(t, c.LastActivityAt, access.SortKey(c, access.ByLastActivity))
	require.Equal(t, c.CreatedAt, access.SortKey(c, access.ByCreated))
	require.Equal(t, c.WaitingSince, access.SortKey(c, access.ByWaiting))
}
