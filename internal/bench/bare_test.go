package bench_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
)

// bareURI makes a test binary run the bare driver's side.
const bareURI = "SWITCHBOARD_BENCH_BARE_URI"

// bare does with the driver alone what one takeover writes, as one would write
// it down first: read, update, insert event and message, two counters, commit.
type bare struct {
	client               *mongo.Client
	conversations, loads *mongo.Collection
	events, messages     *mongo.Collection
	id                   string
	own, event, message  bson.D
}

// runBare reads numbers of transactions, one a line, runs them and prints how
// many nanoseconds each took.
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
		if _, err := fmt.Sscan(lines.Text(), &n); err != nil {
			return 1
		}
		for range n {
			begin := time.Now()
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

// openBare copies a conversation and an event of the database under test, so
// that documents are as large on both sides.
func openBare(ctx context.Context, uri string) (*bare, error) {
	journal := true
	client, err := mongo.Connect(ctx, options.Client().ApplyURI(uri).SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}))
	if err != nil {
		return nil, err
	}
	from, to := client.Database("switchboard"), client.Database("bare")
	b := &bare{client: client, conversations: to.Collection("conversations"), loads: to.Collection("loads"), events: to.Collection("events"), messages: to.Collection("messages")}
	if err := from.Collection("events").FindOne(ctx, bson.D{{Key: "kind", Value: "TAKEN_OVER"}}, options.FindOne().SetSort(bson.D{{Key: "at", Value: -1}})).Decode(&b.event); err != nil {
		return nil, fmt.Errorf("find an event: %w", err)
	}
	// The contact is told of the new owner.
	if err := from.Collection("events").FindOne(ctx, bson.D{{Key: "record", Value: "message"}, {Key: "conversation", Value: b.event.Map()["conversation"]}}).Decode(&b.message); err != nil {
		return nil, fmt.Errorf("find a message: %w", err)
	}
	var conversation bson.D
	b.id = b.event.Map()["conversation"].(string)
	if err := from.Collection("conversations").FindOne(ctx, bson.D{{Key: "_id", Value: b.id}}).Decode(&conversation); err != nil {
		return nil, fmt.Errorf("find its conversation: %w", err)
	}
	b.own = conversation.Map()["own"].(bson.D)
	_, err = b.conversations.InsertOne(ctx, conversation)
	return b, err
}

func (b *bare) takeOver(ctx context.Context) error {
	session, err := b.client.StartSession()
	if err != nil {
		return err
	}
	defer session.EndSession(ctx)
	_, err = session.WithTransaction(ctx, func(tx mongo.SessionContext) (any, error) { return nil, b.write(tx) })
	return err
}

func (b *bare) write(tx mongo.SessionContext) error {
	var c struct {
		Version int `bson:"version"`
	}
	key := bson.D{{Key: "_id", Value: b.id}}
	if err := b.conversations.FindOne(tx, key).Decode(&c); err != nil {
		return err
	}
	guard := bson.D{{Key: "_id", Value: b.id}, {Key: "version", Value: c.Version}}
	set := bson.D{{Key: "own", Value: b.own}, {Key: "version", Value: c.Version + 1}, {Key: "lastActivityAt", Value: time.Now()}, {Key: "handler", Value: "HUMAN"}}
	if res, err := b.conversations.UpdateOne(tx, guard, bson.D{{Key: "$set", Value: set}}); err != nil || res.MatchedCount != 1 {
		return fmt.Errorf("update: %w", err)
	}
	if err := again(tx, b.events, b.event); err != nil {
		return err
	}
	if err := again(tx, b.messages, b.message); err != nil {
		return err
	}
	for _, load := range []struct {
		of    string
		delta int
	}{{"one", -1}, {"two", 1}} {
		change := bson.D{{Key: "$inc", Value: bson.D{{Key: "livechats", Value: load.delta}}}}
		if _, err := b.loads.UpdateOne(tx, bson.D{{Key: "_id", Value: load.of}}, change, options.Update().SetUpsert(true)); err != nil {
			return err
		}
	}
	return nil
}

// again inserts a copy of doc.
func again(tx mongo.SessionContext, into *mongo.Collection, doc bson.D) error {
	_, err := into.InsertOne(tx, append(bson.D{{Key: "_id", Value: primitive.NewObjectID()}}, doc[1:]...))
	return err
}
