package move_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/feed"
	"switchboard/inbox/notify"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/document"
	"switchboard/store/mongo"
	"switchboard/store/move"
	"switchboard/store/sqlite"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// engine is a store of either kind.
type engine interface {
	move.Engine
	store.Engine
}

func newSQLite(t *testing.T) engine {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	return s
}

func newMongo(t *testing.T) engine {
	t.Helper()
	s, err := mongo.Open(t.Context(), mongo.Config{URI: testdb.Start(t, testdb.Options{}).URI()})
	require.NoError(t, err)
	require.NoError(t, s.Migrate(t.Context()))
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	return s
}

func at(second int) time.Time {
	return time.Now().UTC().Truncate(time.Second).Add(time.Duration(second) * time.Second)
}

// All data of one engine is read from the other as it was, there and back, and the same
// documents come out again.
func TestThereAndBack(t *testing.T) {
	for name, c := range map[string][3]func(*testing.T) engine{
		"embedded to MongoDB and back": {newSQLite, newMongo, newSQLite},
		"MongoDB to embedded and back": {newMongo, newSQLite, newMongo},
	} {
		t.Run(name, func(t *testing.T) {
			first, second, third := c[0](t), c[1](t), c[2](t)
			want := fill(t, first)
			position := resumable(t, first)
			for _, step := range [][2]engine{{first, second}, {second, third}} {
				done, total := 0, 0
				moved, err := move.Run(t.Context(), step[0], step[1], func(d, of int) { done, total = d, of })
				require.NoError(t, err)
				require.NotEmpty(t, moved)
				require.Equal(t, total, done)
				require.Equal(t, want, read(t, step[1]))
			}
			for _, other := range others(second, third) {
				_, err := other.Watch(t.Context(), position)
				require.ErrorIs(t, err, feed.ErrHistoryLost, "the positions of another engine are a gap")
			}
			require.Equal(t, documents(t, first), documents(t, second))
			require.Equal(t, documents(t, first), documents(t, third))
		})
	}
}

// others are the engines that must not know a position of the first: not a database of
// the same deployment of MongoDB, whose log may reach back to it.
func others(second, third engine) []engine {
	if _, back := third.(*mongo.Store); back {
		return []engine{second}
	}
	return []engine{second, third}
}

// resumable is a position behind an event.
func resumable(t *testing.T, s engine) string {
	t.Helper()
	stream, err := s.Watch(t.Context(), "")
	require.NoError(t, err)
	e := inbox.Event{ID: "star-1", Workspace: "w", Type: inbox.StarEvent, Actor: workspace.System(), At: at(0)}
	require.NoError(t, s.SaveStars(t.Context(), shelf.Stars{Workspace: "w", Member: "mia", Conversations: []inbox.ConversationID{"c1"}, Rev: 1}, e))
	item, err := stream.Next(t.Context())
	require.NoError(t, err)
	require.NoError(t, stream.Close(t.Context()))
	return item.Position
}

// documents are all that an engine exports, by collection and id.
func documents(t *testing.T, s engine) map[string]map[string]bson.M {
	t.Helper()
	out := map[string]map[string]bson.M{}
	for _, c := range document.Collections() {
		out[c] = map[string]bson.M{}
		require.NoError(t, s.Export(t.Context(), c, func(raw bson.Raw) error {
			var d bson.M
			require.NoError(t, bson.Unmarshal(uniform(t, c, raw), &d))
			out[c][d["_id"].(string)] = d
			return nil
		}))
	}
	return out
}

// uniform is a document as it is written whole. MongoDB changes conversations field by
// field, which leaves zeros that are else left out.
func uniform(t *testing.T, collection string, raw bson.Raw) bson.Raw {
	t.Helper()
	if collection != "conversations" {
		return raw
	}
	var d document.Conversation
	require.NoError(t, bson.Unmarshal(raw, &d))
	out, err := bson.Marshal(document.OfConversation(d.State.Conversation()))
	require.NoError(t, err)
	return out
}

// fill writes something of every kind, and returns how it reads.
func fill(t *testing.T, s engine) map[string]any {
	t.Helper()
	ctx := t.Context()
	_, err := s.Secret(ctx)
	require.NoError(t, err)
	require.NoError(t, s.SaveSealingKeys(ctx, []cluster.SealingKey{{ID: 7, Secret: []byte("sealed"), From: at(0)}}, 0))
	require.NoError(t, s.CreateWorkspace(ctx, workspace.Directory{
		Workspace: workspace.Workspace{ID: "w", Name: "W", Plan: "pro", TimeZone: "UTC", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{"mia": {ID: "mia", Workspace: "w", Name: "Mia", Rev: 1, Removed: true, OffboardingSince: at(-5)}},
		Teams:     map[workspace.TeamID]workspace.Team{"t": {ID: "t", Workspace: "w", Name: "T", Rev: 1}},
		Agents:    map[workspace.AgentID]workspace.AIAgent{"a": {ID: "a", Workspace: "w", Rev: 1}},
		Keys:      map[workspace.KeyID]workspace.APIKey{"k": {ID: "k", Workspace: "w", Rev: 1, Hash: "0102"}},
	}, audit.AuditEntry{ID: "x", Workspace: "w", At: at(0), Action: audit.AuditTeamCreate}))
	require.NoError(t, s.KeyUsed(ctx, "w", workspace.KeyUse{Key: "k", Secret: 1, At: at(1)}))
	conversations(t, s)
	require.NoError(t, s.SaveReadMarks(ctx, notify.ReadMarks{Workspace: "w", Member: "mia", UpTo: inbox.PageCursor{Sequence: 1, At: at(0), ID: "n"}, Rev: 1}))
	require.NoError(t, s.SaveSavedViewLists(ctx, shelf.SavedViewList{Workspace: "w", ID: "member:mia", Views: []shelf.SavedView{{ID: "v", Name: "V"}}, Rev: 1}))
	require.NoError(t, s.BeginLinkSession(ctx, cluster.LinkSession{ID: "l", Workspace: "w", Member: "mia", Until: at(1e6)}))
	require.NoError(t, s.ServerHeartbeat(ctx, "dead", true))
	require.NoError(t, s.SavePresence(ctx, cluster.Presence{Workspace: "w", Member: "mia", Server: "dead"}))
	return read(t, s)
}

func conversations(t *testing.T, s engine) {
	t.Helper()
	c := inbox.Conversation{
		ID: "c1", Workspace: "w", Kind: workspace.Livechat, Subject: "Hello World", Contact: "p", ContactName: "Ada", ExternalID: "ext", Version: 1,
		Ownership: inbox.Ownership{Status: inbox.Open}, CreatedAt: at(0), LastActivityAt: at(0),
	}
	contact := inbox.Contact{ID: "p", Workspace: "w", Name: "Ada Lovelace", Email: "ada@example.test", EmailVerified: true, ExternalID: "ada", CreatedAt: at(0), Rev: 1}
	e := inbox.Event{ID: "e1", Workspace: "w", Type: inbox.OwnershipEvent, Kind: "created", Conversation: "c1", Version: 1, At: at(0), After: &c}
	require.NoError(t, s.Commit(t.Context(), commit.Change{Create: true, Conversation: c, Event: e, Contact: &contact}))
	given := inbox.Assign(c, "mia", inbox.Command{By: workspace.System(), At: at(1), Rules: workspace.DefaultRules()})
	given.Event.ID, given.Event.After = "e2", &given.After
	given.Event.Key = inbox.IdempotencyKey{Actor: workspace.System(), Key: "key", Request: "r"}
	given.Event.Messages = []inbox.Message{{ID: "m1", Workspace: "w", Conversation: "c1", Author: workspace.Actor{Kind: workspace.ActorContact, ID: "p"}, Body: "How are you? ", At: at(1), ExternalID: "mx"}}
	require.NoError(t, s.Commit(t.Context(), commit.Change{
		Conversation: given.After, Guard: commit.Guard{Version: 1}, Event: given.Event, Loads: inbox.LoadChanges(c, given.After), Rotation: &inbox.Rotation{Team: "t", Member: "mia", Since: at(0), Count: 1},
	}))
}

// read reads through the ports what was written.
func read(t *testing.T, s engine) map[string]any {
	t.Helper()
	ctx := t.Context()
	out := map[string]any{}
	keep := func(name string) func(v any, err error) {
		return func(v any, err error) {
			t.Helper()
			require.NoError(t, err, name)
			out[name] = v
		}
	}
	all := access.ConversationQuery{Workspace: "w", View: access.View{List: access.ListAll, Search: document.Terms("hel wor")}, Order: access.Order{Field: access.ByCreated}, Visibility: access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeAll}}, Page: inbox.PageRequest{Limit: 10}}
	keep("secret")(call(s.Secret(ctx)))
	keep("directory")(call(s.Directory(ctx, "w")))
	keep("workspace of key")(call(s.WorkspaceOfKey(ctx, "k")))
	keep("conversation")(call(s.Conversation(ctx, "w", "c1")))
	keep("found")(call(s.ListConversations(ctx, all)))
	keep("history")(call(s.ListHistory(ctx, desk.HistoryQuery{Workspace: "w", Conversation: "c1", Limit: 10})))
	keep("messages")(call(s.ListMessages(ctx, desk.MessageQuery{Workspace: "w", Conversation: "c1", Page: inbox.PageRequest{Limit: 10}})))
	keep("message by external id")(call(s.MessageByExternalID(ctx, "w", "c1", "mx")))
	keep("event by key")(call(s.EventByKey(ctx, "w", workspace.System(), "key")))
	keep("contact")(call(s.ContactByExternalID(ctx, "w", "ada")))
	keep("verified")(call(s.VerifiedContacts(ctx, "w", "ada@example.test", "", 5)))
	keep("loads")(call(s.Loads(ctx, "w", []workspace.MemberID{"mia"})))
	keep("notifications")(call(s.ListNotifications(ctx, notify.NotificationQuery{Workspace: "w", Member: "mia", Audiences: []inbox.Audience{"member:mia"}, Page: inbox.PageRequest{Limit: 10}})))
	keep("marks")(call(s.ReadMarks(ctx, "w", "mia")))
	keep("views")(call(s.SavedViewLists(ctx, "w", []shelf.SavedViewListID{"member:mia"})))
	keep("offboardings")(call(s.Offboardings(ctx, 5)))
	keep("presences")(call(s.PresencesOf(ctx, "w", "mia")))
	keep("audit")(call(s.ListAudit(ctx, audit.AuditQuery{Workspace: "w", Page: inbox.PageRequest{Limit: 10}})))
	keys, revision, err := s.SealingKeys(ctx)
	keep("cursor keys")([]any{keys, revision}, err)
	require.ErrorIs(t, s.BeginLinkSession(ctx, cluster.LinkSession{ID: "l", Until: at(1)}), commit.ErrDuplicateKey, "a used link stays used")
	return out
}

func call[T any](v T, err error) (any, error) { return v, err }

// A target with data, a source that changes, and a target that loses something are
// reported.
func TestMovesThatAreRefused(t *testing.T) {
	from := newSQLite(t)
	fill(t, from)
	t.Run("not empty", func(t *testing.T) {
		to := newSQLite(t)
		_, err := to.Secret(t.Context())
		require.NoError(t, err)
		before := documents(t, to)
		_, err = move.Run(t.Context(), from, to, nil)
		require.ErrorIs(t, err, move.ErrNotEmpty)
		require.Equal(t, before, documents(t, to))
	})
	t.Run("lost", func(t *testing.T) {
		_, err := move.Run(t.Context(), from, losing{newSQLite(t)}, nil)
		require.ErrorIs(t, err, move.ErrIncomplete)
	})
	t.Run("failed", func(t *testing.T) {
		to := newSQLite(t)
		_, err := move.Run(t.Context(), from, failing{to}, nil)
		require.ErrorIs(t, err, errFailed)
		found, err := to.Workspaces(t.Context())
		require.NoError(t, err)
		require.Empty(t, found, "nobody can use half of the data")
	})
	t.Run("changed", func(t *testing.T) {
		n := 0
		_, err := move.Run(t.Context(), from, newSQLite(t), func(int, int) {
			if n++; n == 1 {
				require.NoError(t, from.AppendAudit(t.Context(), audit.AuditEntry{ID: "new", Workspace: "w", At: at(0)}))
			}
		})
		require.ErrorIs(t, err, move.ErrChanged)
	})
}

type losing struct{ engine }

func (l losing) Import(ctx context.Context, collection string, docs []bson.Raw) error {
	if collection == "audit" {
		return nil
	}
	return l.engine.Import(ctx, collection, docs)
}

var errFailed = errors.New("failed")

type failing struct{ engine }

func (f failing) Import(ctx context.Context, collection string, docs []bson.Raw) error {
	if collection == "members" {
		return errFailed
	}
	return f.engine.Import(ctx, collection, docs)
}
