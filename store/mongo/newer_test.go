package mongo_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// openBeside opens a store on a database of the test's own, and that database beside
// it. Both are closed when the test ends.
func openBeside(t *testing.T) (*mongo.Store, *driver.Database) {
	t.Helper()
	config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)}
	s := open(t, config)
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	return s, client(t, config.URI).Database(config.Database)
}

func change(t *testing.T, db *driver.Database, collection, id string, update bson.D) {
	t.Helper()
	res, err := db.Collection(collection).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}}, update)
	require.NoError(t, err)
	require.EqualValues(t, 1, res.MatchedCount)
}

// smallSpace is a workspace with one of each entity.
func smallSpace() workspace.Directory {
	return workspace.Directory{
		Workspace: workspace.Workspace{ID: "w", Name: "Acme", Plan: "free", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{"m": {ID: "m", Workspace: "w", Name: "Mia", Rev: 1}},
		Teams:     map[workspace.TeamID]workspace.Team{"t": {ID: "t", Workspace: "w", Name: "Support", Rev: 1}},
		Agents:    map[workspace.AgentID]workspace.AIAgent{"a": {ID: "a", Workspace: "w", Name: "Bot", Rev: 1}},
	}
}

// What a newer version keeps in a document is still there after this one wrote it, as
// in an upgrade of one server after the other.
func TestFieldsOfANewerVersionAreKept(t *testing.T) {
	s, db := openBeside(t)
	require.NoError(t, s.CreateWorkspace(t.Context(), smallSpace()))
	now := time.Now().UTC().Truncate(time.Millisecond)
	turn := inbox.Command{By: workspace.System(), At: now, Rules: workspace.DefaultRules()}
	write := func(m inbox.Move, c commit.Change, id string) {
		m.Event.ID, m.Event.After = inbox.EventID(id), &m.After
		c.Conversation, c.Event = m.After, m.Event
		require.NoError(t, s.Commit(t.Context(), c))
	}
	first := inbox.Create(inbox.Draft{ID: "c", Workspace: "w", Kind: workspace.Ticket}, "", "", false, turn)
	write(first, commit.Change{Create: true}, "e1")

	newer := bson.D{{Key: "later", Value: 1}}
	set := func(fields ...string) (update bson.D) {
		for _, f := range fields {
			update = append(update, bson.E{Key: f, Value: newer})
		}
		return bson.D{{Key: "$set", Value: update}}
	}
	change(t, db, "conversations", "c", set("future", "own.future"))
	change(t, db, "workspaces", "w", set("future", "rules.future"))
	for collection, id := range map[string]string{"members": "m", "teams": "t", "agents": "a"} {
		change(t, db, collection, id, set("future"))
	}

	write(inbox.Claim(first.After, inbox.Command{By: workspace.Actor{Kind: workspace.ActorMember, ID: "m"}, At: now, Rules: turn.Rules}), commit.Change{Guard: commit.Guard{Version: 1}}, "e2")
	d, err := s.Directory(t.Context(), "w")
	require.NoError(t, err)
	w, m, team, agent := d.Workspace, d.Members["m"], d.Teams["t"], d.Agents["a"]
	w.Rules.UndoWindow, w.Rev = time.Hour, 2
	m.Name, m.Rev, m.OffboardingSince = "Mia Berg", 2, now
	team.Name, team.Rev = "Help", 2
	agent.Name, agent.Rev = "Robot", 2
	save := func(id string, c workspace.DirectoryChange) {
		require.NoError(t, s.SaveDirectory(t.Context(), inbox.Event{ID: inbox.EventID(id), Workspace: "w", Type: inbox.DirectoryEvent, At: now, Directory: &c}))
	}
	save("d1", workspace.DirectoryChange{Workspace: &w})
	save("d2", workspace.DirectoryChange{Member: &m})
	save("d3", workspace.DirectoryChange{Team: &team})
	save("d4", workspace.DirectoryChange{Agent: &agent})
	m.OffboardingSince, m.Rev = time.Time{}, 3 // what is left out is taken away
	save("d5", workspace.DirectoryChange{Member: &m})

	after, err := s.Directory(t.Context(), "w")
	require.NoError(t, err)
	require.Equal(t, w, after.Workspace)
	require.Equal(t, m, after.Members["m"])
	require.Equal(t, team, after.Teams["t"])
	require.Equal(t, agent, after.Agents["a"])
	for _, kept := range [][3]string{
		{"conversations", "c", "own.future"}, {"conversations", "c", "future"}, {"workspaces", "w", "rules.future"},
		{"workspaces", "w", "future"}, {"members", "m", "future"}, {"teams", "t", "future"}, {"agents", "a", "future"},
	} {
		filter := bson.D{{Key: "_id", Value: kept[1]}, {Key: kept[2] + ".later", Value: 1}}
		n, err := db.Collection(kept[0]).CountDocuments(t.Context(), filter)
		require.NoError(t, err)
		require.EqualValues(t, 1, n, "%v was lost", kept)
	}
}

// Every rule that a stored workspace lacks has its default, whichever version wrote it,
// and such a workspace can be changed.
func TestRulesThatAreNotStored(t *testing.T) {
	s, db := openBeside(t)
	require.NoError(t, s.CreateWorkspace(t.Context(), smallSpace()))
	var stored struct {
		Rules bson.M `bson:"rules"`
	}
	require.NoError(t, db.Collection("workspaces").FindOne(t.Context(), bson.D{{Key: "_id", Value: "w"}}).Decode(&stored))
	rules := stored.Rules
	require.Len(t, rules, reflect.TypeFor[workspace.Rules]().NumField(), "each rule has a name of its own")
	for name := range rules {
		change(t, db, "workspaces", "w", bson.D{{Key: "$unset", Value: bson.D{{Key: "rules." + name, Value: ""}}}})
		d, err := s.Directory(t.Context(), "w")
		require.NoError(t, err)
		require.Equal(t, workspace.DefaultRules(), d.Workspace.Rules, "without %s", name)
		require.NoError(t, admin.ValidateRules(d.Workspace.Rules))
		w := d.Workspace
		w.Rev++
		require.NoError(t, s.SaveDirectory(t.Context(), inbox.Event{ID: inbox.EventID("e-" + name), Workspace: "w", Type: inbox.DirectoryEvent, Directory: &workspace.DirectoryChange{Workspace: &w}}))
	}
	change(t, db, "workspaces", "w", bson.D{{Key: "$unset", Value: bson.D{{Key: "rules", Value: ""}}}})
	d, err := s.Directory(t.Context(), "w")
	require.NoError(t, err)
	require.Equal(t, workspace.DefaultRules(), d.Workspace.Rules, "without any")
}
