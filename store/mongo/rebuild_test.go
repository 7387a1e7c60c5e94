package mongo_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// raw is the database beneath a store.
type raw struct {
	set    func(collection string, filter, update bson.D) error
	remove func(collection string, filter bson.D) error
}

func beneath(db lungo.IDatabase) raw {
	ctx := context.Background()
	return raw{
		func(c string, filter, update bson.D) error {
			_, err := db.Collection(c).UpdateOne(ctx, filter, update)
			return err
		},
		func(c string, filter bson.D) error { _, err := db.Collection(c).DeleteOne(ctx, filter); return err },
	}
}

// Conversations that an earlier version wrote are found by what they were found by,
// and by what they are found by now, once Migrate has run. B:V1
func TestWordsAreMadeAgain(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		testdb.Record(t, testdb.Embedded)
		client, engine, err := lungo.Open(t.Context(), lungo.Options{Store: lungo.NewMemoryStore()})
		require.NoError(t, err)
		defer engine.Close()
		s := mongo.New(mongo.Engine{Client: client, Database: mongo.DefaultDatabase, InProcess: true})
		require.NoError(t, s.Migrate(t.Context()))
		requireMadeAgain(t, s, beneath(client.Database(mongo.DefaultDatabase)))
	})
	t.Run("wire", func(t *testing.T) {
		config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)}
		s := open(t, config)
		defer func() { require.NoError(t, s.Close(context.Background())) }()
		under := client(t, config.URI).Database(config.Database)
		ctx := context.Background()
		requireMadeAgain(t, s, raw{
			func(c string, filter, update bson.D) error {
				_, err := under.Collection(c).UpdateOne(ctx, filter, update)
				return err
			},
			func(c string, filter bson.D) error { _, err := under.Collection(c).DeleteOne(ctx, filter); return err },
		})
	})
}

func requireMadeAgain(t *testing.T, s *mongo.Store, db raw) {
	t.Helper()
	for id, subject := range map[string]string{"c1": "東京都の小包 ???", "c2": "Lost parcel"} {
		c := newConversation(id)
		c.Conversation.Subject, c.Conversation.ContactName = subject, ""
		c.Event.After = &c.Conversation
		require.NoError(t, s.Commit(t.Context(), c))
	}
	found := func(search string) (ids []inbox.ConversationID) {
		page, err := s.ListConversations(t.Context(), access.ConversationQuery{
			Workspace: "w", View: access.View{List: access.ListAll, Search: mongo.Terms(search)},
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
	require.NoError(t, db.set("conversations", bson.D{{Key: "_id", Value: "c1"}}, old))
	require.NoError(t, s.Migrate(t.Context()))
	require.Empty(t, found("小包"), "it is done once")

	// A contact as the version before there were lists of contacts wrote it.
	require.NoError(t, db.set("contacts", bson.D{{Key: "_id", Value: inbox.ContactID("p-c1")}}, bson.D{{Key: "$unset", Value: bson.D{
		{Key: "words", Value: ""}, {Key: "createdAt", Value: ""}, {Key: "rev", Value: ""}, {Key: "phone", Value: ""},
		{Key: "emailVerified", Value: ""}, {Key: "phoneVerified", Value: ""},
	}}}))
	forget := bson.D{{Key: "$unset", Value: bson.D{{Key: "awaitingReplySince", Value: ""}, {Key: "closedAt", Value: ""}, {Key: "contactEmail", Value: ""}}}}
	for _, id := range []string{"c1", "c2"} {
		require.NoError(t, db.set("conversations", bson.D{{Key: "_id", Value: id}}, forget))
	}
	require.NoError(t, db.remove("settings", bson.D{{Key: "_id", Value: "words"}}))
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
	q := contacts.ContactQuery{Workspace: "w", Search: mongo.Terms("ada"), Page: inbox.PageRequest{Limit: 1}}
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
