package mongo_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
	"switchboard/store/mongo"
)

// Conversations that an earlier version wrote are found by what they were found by,
// and by what they are found by now, once Migrate has run. B:V1
func TestWordsAreMadeAgain(t *testing.T) {
	s, db := openBeside(t)
	for id, subject := range map[string]string{"c1": "東京都の小包 ???", "c2": "Lost parcel"} {
		c := newConversation(id)
		c.Conversation.Subject, c.Conversation.ContactName = subject, ""
		c.Event.After = &c.Conversation
		require.NoError(t, s.Commit(t.Context(), c))
	}
	found := func(search string) (ids []inbox.ConversationID) {
		page, err := s.ListConversations(t.Context(), access.ConversationQuery{
			Workspace: "w", View: access.View{List: access.ListAll, Search: document.Terms(search)},
			Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll, workspace.Ticket: workspace.ScopeAll}},
			Order:      access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: 10},
		})
		require.NoError(t, err)
		for _, c := range page.Items {
			ids = append(ids, c.ID)
		}
		return ids
	}
	old := bson.D{{Key: "$set", Value: bson.D{{Key: "words", Value: bson.A{"東京都の小包"}}}}}
	change(t, db, "conversations", "c1", old)
	require.NoError(t, s.Migrate(t.Context()))
	require.Empty(t, found("小包"), "it is done once")

	// A contact as the version before there were lists of contacts wrote it.
	change(t, db, "contacts", "p-c1", bson.D{{Key: "$unset", Value: bson.D{
		{Key: "words", Value: ""}, {Key: "createdAt", Value: ""}, {Key: "rev", Value: ""}, {Key: "phone", Value: ""},
		{Key: "emailVerified", Value: ""}, {Key: "phoneVerified", Value: ""},
	}}})
	forget := bson.D{{Key: "$unset", Value: bson.D{{Key: "awaitingReplySince", Value: ""}, {Key: "closedAt", Value: ""}, {Key: "contactEmail", Value: ""}}}}
	for _, id := range []string{"c1", "c2"} {
		change(t, db, "conversations", id, forget)
	}
	_, err := db.Collection("settings").DeleteOne(t.Context(), bson.D{{Key: "_id", Value: "words"}})
	require.NoError(t, err)
	for range 2 { // it may run again
		require.NoError(t, s.Migrate(t.Context()))
		for search, want := range map[string]inbox.ConversationID{"東京都": "c1", "小包": "c1", "???": "c1", "parcel": "c2", "lost": "c2"} {
			require.Equal(t, []inbox.ConversationID{want}, found(search), search)
		}
		require.Equal(t, 2, listedContacts(t, s))
		require.Equal(t, []inbox.ConversationID{"c2"}, found("ada parcel"), "by the address of the contact, which was not kept beside it")
		awaiting := true
		page, err := s.ListConversations(t.Context(), access.ConversationQuery{
			Workspace: "w", View: access.View{Awaiting: &awaiting, ContactEmails: []string{"ada@example.org"}}, Order: access.Order{Field: access.ByAwaitingReply},
			Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll}}, Page: inbox.PageRequest{Limit: 10},
		})
		require.NoError(t, err)
		require.Len(t, page.Items, 2)
		require.Equal(t, moment(1), page.Items[0].AwaitingReplySince, "the last message, which is the contact's")
		require.Empty(t, found("大阪"))
		require.Empty(t, found("😀"))
	}
}

// listedContacts pages through the contacts that a search finds, one by one, and
// changes the first as a server of this version does.
func listedContacts(t *testing.T, s *mongo.Store) (n int) {
	t.Helper()
	q := contacts.ContactQuery{Workspace: "w", Search: document.Terms("ada"), Page: inbox.PageRequest{Limit: 1}}
	for more := true; more; n++ {
		page, err := s.ListContacts(t.Context(), q)
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		c := page.Items[0]
		more = page.HasNext
		at := contacts.ContactCursor(c)
		q.Page.After = &at
		c.Rev++
		_, err = s.SaveContacts(t.Context(), commit.ContactSave{Workspace: "w", Contacts: []inbox.Contact{c}})
		require.NoError(t, err)
	}
	return n
}
