package bench_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// bareURI makes a test binary run the bare driver's side.
const bareURI = "SWITCHBOARD_BENCH_BARE_URI"

// bare does with the driver alone what one takeover writes, as one would write
// it down first: read, update, insert event and message, two counters, commit.
// It writes documents as large as the program's, under the same indexes.
type bare struct {
	client                       *mongo.Client
	conversations, events, loads *mongo.Collection
	id                           string
	// states are what is set for one owner and for the other.
	states         [2]bson.D
	event, message bson.D
	turn           int
}

// runBare reads numbers of transactions and how far apart in nanoseconds they begin, one pair
// a line, runs them and prints how many nanoseconds each took.
func runBare(uri string, in io.Reader, out io.Writer) int {
	ctx := context.Background()
	b, err := openBare(ctx, uri)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var n int
		var apart time.Duration
		if _, err := fmt.Sscan(lines.Text(), &n, &apart); err != nil {
			return 1
		}
		for begin := range beats(n, apart) {
			if err := b.takeOver(ctx); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
			fmt.Fprint(out, time.Since(begin).Nanoseconds(), " ")
		}
		fmt.Fprintln(out)
	}
	return 0
}

// bareDatabase is where the bare driver writes.
const bareDatabase = "bare"

// openBare copies the conversations, and one takeover of the program.
func openBare(ctx context.Context, uri string) (*bare, error) {
	journal := true
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}))
	if err != nil {
		return nil, err
	}
	from, to := client.Database("switchboard"), client.Database(bareDatabase)
	b := &bare{client: client, conversations: to.Collection("conversations"), loads: to.Collection("loads"), events: to.Collection("events")}
	newest := options.FindOne().SetSort(bson.D{{Key: "at", Value: -1}})
	if err := from.Collection("events").FindOne(ctx, bson.D{{Key: "kind", Value: "TAKEN_OVER"}}, newest).Decode(&b.event); err != nil {
		return nil, fmt.Errorf("find an event: %w", err)
	}
	b.id = textOf(b.event, "conversation")
	// The contact is told of the new owner.
	message := bson.D{{Key: "record", Value: "message"}, {Key: "conversation", Value: b.id}}
	if err := from.Collection("events").FindOne(ctx, message, newest).Decode(&b.message); err != nil {
		return nil, fmt.Errorf("find a message: %w", err)
	}
	return b, b.copyConversations(ctx, from.Collection("conversations"))
}

func (b *bare) copyConversations(ctx context.Context, from *mongo.Collection) error {
	cursor, err := from.Find(ctx, bson.D{})
	if err != nil {
		return err
	}
	var docs []bson.D
	if err := cursor.All(ctx, &docs); err != nil {
		return err
	}
	all := make([]any, 0, len(docs))
	for _, doc := range docs {
		all = append(all, doc)
		if textOf(doc, "_id") == b.id {
			b.states[0] = touched(doc)
		}
	}
	if b.states[1], err = swapped(b.states[0]); err != nil {
		return err
	}
	_, err = b.conversations.InsertMany(ctx, all)
	return err
}

// touched are the fields that a takeover sets.
func touched(doc bson.D) bson.D {
	var out bson.D
	for _, e := range doc {
		if slices.Contains([]string{"own", "epoch", "changed", "lastMessage", "formerAssignee", "handler", "places", "unassigned", "queued"}, e.Key) {
			out = append(out, e)
		}
	}
	return out
}

// swapped is doc with the two owners in each other's place.
func swapped(doc bson.D) (out bson.D, err error) {
	text, err := bson.MarshalExtJSON(doc, true, false)
	if err != nil {
		return nil, err
	}
	swap := strings.NewReplacer("demo-manager", "demo-agent1", "demo-agent1", "demo-manager")
	err = bson.UnmarshalExtJSON([]byte(swap.Replace(string(text))), true, &out)
	return out, err
}

func (b *bare) takeOver(ctx context.Context) error {
	session, err := b.client.StartSession()
	if err != nil {
		return err
	}
	defer session.EndSession(ctx)
	_, err = session.WithTransaction(ctx, func(tx context.Context) (any, error) { return nil, b.write(tx) })
	return err
}

func (b *bare) write(tx context.Context) error {
	var c struct {
		Version int `bson:"version"`
	}
	key := bson.D{{Key: "_id", Value: b.id}}
	if err := b.conversations.FindOne(tx, key).Decode(&c); err != nil {
		return err
	}
	guard := bson.D{{Key: "_id", Value: b.id}, {Key: "version", Value: c.Version}}
	b.turn++
	set := append(bson.D{{Key: "version", Value: c.Version + 1}, {Key: "lastActivityAt", Value: time.Now()}}, b.states[b.turn%2]...)
	if res, err := b.conversations.UpdateOne(tx, guard, bson.D{{Key: "$set", Value: set}}); err != nil || res.MatchedCount != 1 {
		return fmt.Errorf("update: %w", err)
	}
	if err := again(tx, b.events, b.event); err != nil {
		return err
	}
	if err := again(tx, b.events, b.message); err != nil {
		return err
	}
	for _, load := range []struct {
		of    string
		delta int
	}{{"one", -1}, {"two", 1}} {
		change := bson.D{{Key: "$inc", Value: bson.D{{Key: "livechats", Value: load.delta}}}}
		if _, err := b.loads.UpdateOne(tx, bson.D{{Key: "_id", Value: load.of}}, change, options.UpdateOne().SetUpsert(true)); err != nil {
			return err
		}
	}
	return nil
}

// again inserts a copy of doc.
func again(tx context.Context, into *mongo.Collection, doc bson.D) error {
	_, err := into.InsertOne(tx, append(bson.D{{Key: "_id", Value: bson.NewObjectID()}}, doc[1:]...))
	return err
}

// textOf is a field of a document; empty when it is none, or no text.
func textOf(doc bson.D, field string) string {
	for _, e := range doc {
		if text, ok := e.Value.(string); ok && e.Key == field {
			return text
		}
	}
	return ""
}
