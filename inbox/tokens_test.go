package inbox_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// revokeIn ends the contact tokens of a conversation while the next commit is under
// way.
func (d *deskWorld) revokeIn(t *testing.T, id inbox.ConversationID) {
	t.Helper()
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Desk.RevokeContactTokens(ctx, asMember(manager), desk.ConversationRef{ID: id}, "")
		return err
	})
}

// Ending tokens changes nothing that anybody is told of.
func TestEndTokens(t *testing.T) {
	for name, c := range states(me) {
		m := inbox.EndTokens(c, inbox.Command{By: asMember(manager).Actor, At: start()})
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
	for name, ask := range map[string]func(*deskWorld, context.Context) error{
		"send": func(d *deskWorld, ctx context.Context) error {
			_, err := d.Messages.Send(ctx, asContact("c"), say("Still me"))
			return err
		},
		"reopen": func(d *deskWorld, ctx context.Context) error {
			_, err := d.Messages.ReopenAndReply(ctx, asContact("c"), say("Still me"))
			return err
		},
		"start anew": func(d *deskWorld, ctx context.Context) error {
			_, err := d.Messages.StartNew(ctx, asContact("c"), "c", "Still me", "")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			c := formerlyMine()
			if name == "send" {
				c = newConversation(workspace.Livechat)
			}
			d.put(c)
			d.revokeIn(t, c.ID)
			refused(t, ask(d, t.Context()), inbox.Unauthenticated)
			require.Len(t, d.recorded(), 1, "nothing but the revocation")
			require.Equal(t, inbox.ContactTokensEvent, d.recorded()[0].Type)
			refused(t, ask(d, t.Context()), inbox.Unauthenticated)
		})
	}
}

// What a key posts in a contact's name needs no token of the contact.
func TestPostsNeedNoToken(t *testing.T) {
	d := newDesk(t)
	c := newConversation(workspace.Livechat)
	c.TokenIssue = 7
	d.put(c)
	d.revokeIn(t, c.ID)
	sent, err := d.Messages.Post(t.Context(), asPartner(), desk.Posting{Conversation: desk.ConversationRef{ID: c.ID}, Body: "Hello"})
	require.NoError(t, err)
	require.Equal(t, workspace.ActorContact, sent.Message.Author.Kind)
	require.Equal(t, 8, d.stored(t, c.ID).TokenIssue)
}

func TestRevokeContactTokens(t *testing.T) {
	d := newDesk(t)
	c := d.put(newConversation(workspace.Livechat))
	ref := desk.ConversationRef{ID: c.ID}
	for range 2 { // a repeat ends nothing that was made since
		after, err := d.Desk.RevokeContactTokens(t.Context(), asMember(manager), ref, "once")
		require.NoError(t, err)
		require.Equal(t, 1, after.TokenIssue)
	}
	require.Len(t, d.audit, 1)
	d.revokeIn(t, c.ID)
	after, err := d.Desk.RevokeContactTokens(t.Context(), asPartner(), ref, "")
	require.NoError(t, err)
	require.Equal(t, 3, after.TokenIssue, "two at once are two")
	require.Len(t, d.audit, 3)
	_, err = d.Desk.RevokeContactTokens(t.Context(), asMember(me), ref, "")
	require.Equal(t, "contacts.manage", refused(t, err, inbox.PermissionDenied).Permission)
	_, err = d.Desk.RevokeContactTokens(t.Context(), asMember(manager), desk.ConversationRef{ID: "nowhere"}, "")
	refused(t, err, inbox.NotFound)
	_, err = d.Desk.RevokeContactTokens(t.Context(), asMember(manager), desk.ConversationRef{}, "")
	refused(t, err, inbox.InvalidInput)
	for range 20 {
		d.refuse = append(d.refuse, commit.ErrStale)
	}
	_, err = d.Desk.RevokeContactTokens(t.Context(), asMember(manager), ref, "")
	refused(t, err, inbox.Unavailable)
}

// Closing ends tokens in the same transaction when it is asked to.
func TestCloseEndingTokens(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: mine")
	d.revokeIn(t, r.Conversation)
	out, err := d.Desk.Close(t.Context(), asMember(me), r, desk.Closing{EndTokens: true})
	require.NoError(t, err)
	require.Equal(t, 2, out.Conversation.TokenIssue)
	require.Equal(t, out.Conversation, d.stored(t, r.Conversation))
	require.Equal(t, 2, out.Event.After.TokenIssue)
	require.Len(t, d.audit, 2)
	_, err = d.Desk.Close(t.Context(), asMember(me), r, desk.Closing{EndTokens: true})
	refused(t, err, inbox.ConversationClosed)
}
