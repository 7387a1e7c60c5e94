package sqlite_test

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/store/sqlite"
	"switchboard/store/storetest"
)

// A file of version 1 gets what it lacks when it is opened for writing, and the log then
// numbers what it holds. Until then it is refused to those who only read.
func TestAFileOfVersion1IsBroughtUpToDate(t *testing.T) {
	config := sqlite.Config{Dir: t.TempDir()}
	s := open(t, config)
	ws := storetest.Furnished(t, s)
	require.NoError(t, s.Close(t.Context()))
	raw, err := sql.Open("sqlite", filepath.Join(config.Dir, sqlite.FileName))
	require.NoError(t, err)
	_, err = raw.Exec("DROP TABLE log; DROP TABLE log_progress; DROP TABLE offers; ALTER TABLE messages DROP COLUMN delivered_at; ALTER TABLE messages DROP COLUMN read_at; PRAGMA user_version = 1")
	require.NoError(t, err)
	require.NoError(t, raw.Close())

	_, err = sqlite.OpenReadOnly(t.Context(), config)
	require.ErrorIs(t, err, sqlite.ErrOlderVersion)
	s = open(t, config)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- eventlog.NewNumberer(s, s, time.Now, slog.New(slog.DiscardHandler)).Run(ctx)
	}()
	require.Eventually(t, func() bool {
		b, err := eventlog.New(s, time.Now).Bounds(t.Context(), ws)
		return err == nil && b.Newest > 0
	}, time.Minute, time.Millisecond)
	cancel()
	require.NoError(t, <-ended)
	found, err := s.ListOffers(t.Context(), desk.OfferQuery{Workspace: ws})
	require.NoError(t, err)
	require.Empty(t, found.Items)
}

// A file of version 3 does not say which key began a conversation, which is found in the
// event that created it. B:V12
func TestAFileOfVersion3LearnsWhoBeganConversations(t *testing.T) {
	config := sqlite.Config{Dir: t.TempDir()}
	s := open(t, config)
	ws := storetest.Furnished(t, s)
	all, err := s.ListConversations(t.Context(), everything(ws))
	require.NoError(t, err)
	require.NotEmpty(t, all.Items)
	require.NoError(t, s.Close(t.Context()))
	raw, err := sql.Open("sqlite", filepath.Join(config.Dir, sqlite.FileName))
	require.NoError(t, err)
	begun := map[inbox.ConversationID]workspace.KeyID{}
	for i, c := range all.Items {
		begun[c.ID] = []workspace.KeyID{"", "k"}[i%2]
		rewriteBody(t, raw, "conversations", "id = ?", c.ID, func(doc bson.M) { delete(doc, "feeder") })
		rewriteBody(t, raw, "events", "version = 1 AND conversation = (SELECT n FROM conversations WHERE id = ?)", c.ID, func(doc bson.M) {
			if i%2 == 1 {
				doc["actor"] = bson.M{"kind": "PARTNER", "id": "k"}
			}
		})
	}
	_, err = raw.Exec("PRAGMA user_version = 3")
	require.NoError(t, err)
	require.NoError(t, raw.Close())

	_, err = sqlite.OpenReadOnly(t.Context(), config)
	require.ErrorIs(t, err, sqlite.ErrOlderVersion)
	s = open(t, config)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	after, err := s.ListConversations(t.Context(), everything(ws))
	require.NoError(t, err)
	for i, c := range after.Items {
		require.Equal(t, begun[c.ID], c.Feeder)
		c.Feeder = all.Items[i].Feeder
		require.Equal(t, all.Items[i], c, "nothing else changed")
	}
}

func everything(ws workspace.WorkspaceID) access.ConversationQuery {
	scopes := map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll, workspace.Ticket: workspace.ScopeAll}
	return access.ConversationQuery{
		Workspace: ws, View: access.View{List: access.ListAll, Asleep: true}, Visibility: access.VisibilityFilter{Scopes: scopes},
		Order: access.Order{Field: access.ByCreated}, Page: inbox.PageRequest{Limit: 100},
	}
}

// rewriteBody edits the document of the row that a condition selects.
func rewriteBody(t *testing.T, raw *sql.DB, table, where string, id inbox.ConversationID, edit func(bson.M)) {
	t.Helper()
	var body []byte
	require.NoError(t, raw.QueryRow("SELECT body FROM "+table+" WHERE "+where, string(id)).Scan(&body))
	var doc bson.M
	require.NoError(t, bson.Unmarshal(body, &doc))
	edit(doc)
	body, err := bson.Marshal(doc)
	require.NoError(t, err)
	_, err = raw.Exec("UPDATE "+table+" SET body = ? WHERE "+where, body, string(id))
	require.NoError(t, err)
}
