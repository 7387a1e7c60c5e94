package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// BenchmarkTakeover takes a conversation over by the store and by the driver
// alone, in turn, among more and more conversations. The driver writes the very
// documents that the store wrote, under the same indexes, as one would write it
// first: a collection and a command each for conversation, event, message and
// loads.
func BenchmarkTakeover(b *testing.B) {
	for _, n := range []int{10, 200, 2000} {
		b.Run(fmt.Sprintf("among-%d", n), func(b *testing.B) { takeovers(b, n) })
	}
}

func takeovers(b *testing.B, n int) {
	ctx := context.Background()
	server := testdb.Start(b, testdb.Options{})
	sent := &recorder{}
	s, err := mongo.Open(ctx, mongo.Config{URI: server.URI(), Monitor: sent.monitor()})
	require.NoError(b, err)
	defer func() { require.NoError(b, s.Close(ctx)) }()
	require.NoError(b, s.Migrate(ctx))
	client, err := driver.Connect(options.Client().ApplyURI(server.URI()))
	require.NoError(b, err)
	defer func() { require.NoError(b, client.Disconnect(ctx)) }()
	for i := range n {
		c := newConversation(fmt.Sprintf("c%d", i))
		c.Contact = nil
		require.NoError(b, s.Commit(ctx, c))
	}
	bare := newBareDesk(b, client)

	current := newConversation("c5").Conversation
	var ours, theirs []time.Duration
	for b.Loop() {
		change := takenOver(current, fmt.Sprint(len(ours)))
		sent.taken()
		ours = append(ours, timed(b, func() error { return s.Commit(ctx, change) }))
		written := sent.taken()
		theirs = append(theirs, timed(b, func() error { return bare.commit(ctx, written) }))
		current = change.Conversation
	}
	b.ReportMetric(float64(median(ours).Microseconds()), "store-p50-us")
	b.ReportMetric(float64(median(theirs).Microseconds()), "bare-p50-us")
	b.ReportMetric(float64(median(ours))/float64(median(theirs)), "store/bare")
}

func timed(b *testing.B, f func() error) time.Duration {
	start := time.Now()
	require.NoError(b, f())
	return time.Since(start)
}

func median(all []time.Duration) time.Duration {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// takenOver moves c between two members, with a message to the contact.
func takenOver(c inbox.Conversation, id string) commit.Change {
	to := workspace.MemberID("me")
	if c.Assignee == to {
		to = "you"
	}
	after := c
	after.Ownership = inbox.Ownership{Assignee: to, Status: inbox.Open, AIStopped: true}
	after.Version, after.Epoch = c.Version+1, c.Epoch+1
	m := inbox.Message{ID: inbox.MessageID("m" + id), Workspace: "w", Conversation: c.ID, Body: "Mia has joined the conversation.", At: moment(2)}
	after.LastMessage = &m
	loads := []inbox.LoadChange{{Member: to, Kind: c.Kind, Delta: 1}}
	if c.Assignee != "" {
		loads = append(loads, inbox.LoadChange{Member: c.Assignee, Kind: c.Kind, Delta: -1})
	}
	return commit.Change{
		Conversation: after, Guard: commit.Guard{Version: c.Version}, Loads: loads,
		Event: inbox.Event{
			ID: inbox.EventID("e" + id), Workspace: "w", Type: inbox.OwnershipEvent, Kind: inbox.EventTakenOver, Conversation: c.ID,
			From: c.Ownership, To: after.Ownership, Version: after.Version, Epoch: after.Epoch, At: moment(2), After: &after, Messages: []inbox.Message{m},
		},
	}
}

// bareDesk is the driver without a store around it.
type bareDesk struct {
	client                                 *driver.Client
	conversations, events, messages, loads *driver.Collection
}

// newBareDesk copies the store's conversations and indexes.
func newBareDesk(b *testing.B, client *driver.Client) bareDesk {
	b.Helper()
	ctx := context.Background()
	theirs := client.Database(mongo.DefaultDatabase)
	db := client.Database("bare")
	d := bareDesk{client, db.Collection("conversations"), db.Collection("events"), db.Collection("messages"), db.Collection("loads")}
	for from, to := range map[string][]*driver.Collection{"conversations": {d.conversations}, "events": {d.events, d.messages}} {
		for _, c := range to {
			copyIndexes(b, theirs.Collection(from), c)
		}
	}
	cursor, err := theirs.Collection("conversations").Find(ctx, bson.D{})
	require.NoError(b, err)
	var docs []any
	for cursor.Next(ctx) {
		docs = append(docs, slices.Clone(cursor.Current))
	}
	_, err = d.conversations.InsertMany(ctx, docs)
	require.NoError(b, err)
	return d
}

func copyIndexes(b *testing.B, from, to *driver.Collection) {
	b.Helper()
	ctx := context.Background()
	cursor, err := from.Indexes().List(ctx)
	require.NoError(b, err)
	var specs []struct {
		Name   string
		Key    bson.D
		Unique bool
		Where  bson.D `bson:"partialFilterExpression"`
	}
	require.NoError(b, cursor.All(ctx, &specs))
	for _, i := range specs {
		o := options.Index().SetName(i.Name).SetUnique(i.Unique)
		if i.Where != nil {
			o.SetPartialFilterExpression(i.Where)
		}
		if i.Name != "_id_" {
			_, err := to.Indexes().CreateOne(ctx, driver.IndexModel{Keys: i.Key, Options: o})
			require.NoError(b, err)
		}
	}
}

// commit writes what the store's commands wrote.
func (d bareDesk) commit(ctx context.Context, written []bson.Raw) error {
	var touch struct{ Query, Update bson.Raw }
	var loads struct {
		Updates []struct{ Q, U bson.Raw }
	}
	var insert struct{ Documents []bson.Raw }
	err := errors.Join(bson.Unmarshal(written[0], &touch), bson.Unmarshal(written[2], &loads), bson.Unmarshal(written[1], &insert))
	if err != nil {
		return err
	}
	session, err := d.client.StartSession()
	if err != nil {
		return err
	}
	defer session.EndSession(ctx)
	_, err = session.WithTransaction(ctx, func(tx context.Context) (any, error) {
		if _, err := d.conversations.UpdateOne(tx, touch.Query, touch.Update); err != nil {
			return nil, err
		}
		last := len(insert.Documents) - 1
		if _, err := d.messages.InsertMany(tx, insert.Documents[:last]); err != nil {
			return nil, err
		}
		if _, err := d.events.InsertOne(tx, insert.Documents[last]); err != nil {
			return nil, err
		}
		var models []driver.WriteModel
		for _, u := range loads.Updates {
			models = append(models, driver.NewUpdateOneModel().SetUpsert(true).SetFilter(u.Q).SetUpdate(u.U))
		}
		return d.loads.BulkWrite(tx, models)
	})
	return err
}
