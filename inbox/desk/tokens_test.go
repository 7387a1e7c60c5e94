package desk_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// revokeIn ends the contact tokens of a conversation while the next commit is under
// way.
func revokeIn(t *testing.T, d *world.Inbox, id inbox.ConversationID) {
	t.Helper()
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.RevokeContactTokens(ctx, world.AsMember(world.Manager), desk.ConversationRef{ID: id}, "")
		return err
	})
}

// Ending tokens changes nothing that anybody is told of.
func TestEndTokens(t *testing.T) {
	for name, c := range world.States(world.Me) {
		m := inbox.EndTokens(c, inbox.Command{By: world.AsMember(world.Manager).Actor, At: world.Start()})
		require.Equal(t, c.TokenIssue+1, m.After.TokenIssue, name)
		m.After.TokenIssue = c.TokenIssue
		require.Equal(t, c, m.After, name)
		m.Event.After = &m.After
		require.Empty(t, inbox.NotificationsOf(m.Event), name)
		_, withdrawn := inbox.Withdrawn(m.Event)
		require.False(t, withdrawn, name)
	}
}

// A contact whose tokens are revoked in the middle of an operation writes nothing
// behind the revocation. B:Z4
func TestARevocationIsFasterThanACommit(t *testing.T) {
	for name, ask := range map[string]func(*world.Inbox, context.Context) error{
		"send": func(d *world.Inbox, ctx context.Context) error {
			_, err := d.Messages.Send(ctx, world.AsContact("c"), say("Still me"))
			return err
		},
		"reopen": func(d *world.Inbox, ctx context.Context) error {
			_, err := d.Messages.ReopenAndReply(ctx, world.AsContact("c"), say("Still me"))
			return err
		},
		"start anew": func(d *world.Inbox, ctx context.Context) error {
			_, err := d.Messages.StartNew(ctx, world.AsContact("c"), "c", "Still me", "")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			c := formerlyMine()
			if name == "send" {
				c = world.NewConversation(workspace.Livechat)
			}
			d.Put(c)
			revokeIn(t, d, c.ID)
			world.Refused(t, ask(d, t.Context()), inbox.Unauthenticated)
			require.Len(t, d.Recorded(), 1, "nothing but the revocation")
			require.Equal(t, inbox.ContactTokensEvent, d.Recorded()[0].Type)
			world.Refused(t, ask(d, t.Context()), inbox.Unauthenticated)
		})
	}
}

// What a key posts in a contact's name needs no token of the contact.
func TestPostsNeedNoToken(t *testing.T) {
	d := world.New(t)
	c := world.NewConversation(workspace.Livechat)
	c.TokenIssue = 7
	d.Put(c)
	revokeIn(t, d, c.ID)
	sent, err := d.Messages.Post(t.Context(), world.AsPartner(), desk.Posting{Conversation: desk.ConversationRef{ID: c.ID}, Body: "Hello"})
	require.NoError(t, err)
	require.Equal(t, workspace.ActorContact, sent.Message.Author.Kind)
	require.Equal(t, 8, d.Stored(t, c.ID).TokenIssue)
}

func TestRevokeContactTokens(t *testing.T) {
	d := world.New(t)
	c := d.Put(world.NewConversation(workspace.Livechat))
	ref := desk.ConversationRef{ID: c.ID}
	for range 2 { // a repeat ends nothing that was made since
		after, err := d.Desk.RevokeContactTokens(t.Context(), world.AsMember(world.Manager), ref, "once")
		require.NoError(t, err)
		require.Equal(t, 1, after.TokenIssue)
	}
	require.Len(t, d.AuditLog, 1)
	revokeIn(t, d, c.ID)
	after, err := d.Desk.RevokeContactTokens(t.Context(), world.AsPartner(), ref, "")
	require.NoError(t, err)
	require.Equal(t, 3, after.TokenIssue, "two at once are two")
	require.Len(t, d.AuditLog, 3)
	_, err = d.Desk.RevokeContactTokens(t.Context(), world.AsMember(world.Me), ref, "")
	require.Equal(t, "contacts.manage", world.Refused(t, err, inbox.PermissionDenied).Permission)
	_, err = d.Desk.RevokeContactTokens(t.Context(), world.AsMember(world.Manager), desk.ConversationRef{ID: "nowhere"}, "")
	world.Refused(t, err, inbox.NotFound)
	_, err = d.Desk.RevokeContactTokens(t.Context(), world.AsMember(world.Manager), desk.ConversationRef{}, "")
	world.Refused(t, err, inbox.InvalidInput)
	for range 20 {
		d.Refuse = append(d.Refuse, commit.ErrStale)
	}
	_, err = d.Desk.RevokeContactTokens(t.Context(), world.AsMember(world.Manager), ref, "")
	world.Refused(t, err, inbox.Unavailable)
}

// Closing ends tokens in the same transaction when it is asked to.
func TestCloseEndingTokens(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	revokeIn(t, d, r.Conversation)
	out, err := d.Desk.Close(t.Context(), world.AsMember(world.Me), r, desk.Closing{EndTokens: true})
	require.NoError(t, err)
	require.Equal(t, 2, out.Conversation.TokenIssue)
	require.Equal(t, out.Conversation, d.Stored(t, r.Conversation))
	require.Equal(t, 2, out.Event.After.TokenIssue)
	require.Len(t, d.AuditLog, 2)
	_, err = d.Desk.Close(t.Context(), world.AsMember(world.Me), r, desk.Closing{EndTokens: true})
	world.Refused(t, err, inbox.ConversationClosed)
}
