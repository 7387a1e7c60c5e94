package mongo_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// written adds up what commands write: the documents of inserts, and the updates of
// others. A log of them holds little else.
func written(commands []bson.Raw) (bytes int) {
	for _, c := range commands {
		for _, field := range []string{"documents", "updates", "update"} {
			if v, err := c.LookupErr(field); err == nil && v.Type != bson.TypeString {
				bytes += len(v.Value)
			}
		}
	}
	return bytes
}

// The text of a message is written once: a long one costs little more than itself, and a
// change after it no more than after a short one. Measured before: 42 and 11.8 KB.
func TestBytesOfALongMessage(t *testing.T) {
	var r recorder
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: r.monitor()})
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	say := func(id, text string) (message, change int) {
		first := newConversation(id)
		require.NoError(t, s.Commit(t.Context(), first))
		r.taken()
		c := *first.Event.After
		said := inbox.Send(c, inbox.Message{Author: workspace.Actor{Kind: workspace.ActorContact, ID: string(c.Contact)}, Body: text}, turnAt(2))
		commitMove(t, s, said, "said-"+id)
		message = written(r.taken())
		commitMove(t, s, inbox.Close(said.After, turnAt(3)), "closed-"+id)
		return message, written(r.taken())
	}
	message, change := say("short", strings.Repeat("x", 20))
	longMessage, longChange := say("long", strings.Repeat("x", 10_000))
	t.Logf("20 characters: %d bytes, the change after it %d; 10,000 characters: %d bytes, the change after it %d", message, change, longMessage, longChange)
	require.LessOrEqual(t, longMessage, 13_000)
	require.LessOrEqual(t, longChange-change, 2*200)
}

func turnAt(second int) inbox.Command {
	return inbox.Command{By: workspace.System(), At: moment(second), Rules: workspace.DefaultRules()}
}

// commitMove commits m, of which it sets the ids.
func commitMove(t *testing.T, s *mongo.Store, m inbox.Move, id string) {
	t.Helper()
	m.Event.ID = inbox.EventID(id)
	for i := range m.Event.Messages {
		one := &m.Event.Messages[i]
		one.ID, one.Workspace, one.Conversation, one.At = inbox.MessageID("m-"+id), m.After.Workspace, m.After.ID, m.Event.At
		m.After.LastMessage = one
	}
	m.Event.After = &m.After
	require.NoError(t, s.Commit(t.Context(), commit.Change{Conversation: m.After, Event: m.Event}))
}

// long commits a conversation and a long message in it.
func long(t *testing.T, s *mongo.Store) (text string) {
	t.Helper()
	first := newConversation("c")
	require.NoError(t, s.Commit(t.Context(), first))
	text = strings.Repeat("word ", 1000)
	said := inbox.Send(*first.Event.After, inbox.Message{Author: workspace.Actor{Kind: workspace.ActorContact, ID: "p-c"}, Body: text}, turnAt(2))
	commitMove(t, s, said, "said")
	return text
}

// The text of a long message comes with its event: nothing is read for it. Only a stream
// that begins between the two reads it.
func TestTheFeedBringsLongTexts(t *testing.T) {
	var r recorder
	config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: r.monitor()}
	s := open(t, config)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	raw, err := client(t, config.URI).Database(config.Database).Collection("events").Watch(t.Context(), bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "fullDocument._id", Value: "m-said"}}}},
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, raw.Close(context.Background())) }()
	stream, err := s.Watch(t.Context(), "")
	require.NoError(t, err)
	text := long(t, s)
	r.taken()
	said := nextEvent(t, stream)
	for said.ID != "said" {
		said = nextEvent(t, stream)
	}
	require.NotContains(t, names(r.taken()), "find")
	require.Equal(t, text, said.Messages[0].Body)
	require.Equal(t, text, said.After.LastMessage.Body)
	require.NoError(t, stream.Close(t.Context()))

	require.True(t, raw.Next(t.Context()))
	between, err := s.Watch(t.Context(), base64.RawURLEncoding.EncodeToString(raw.ResumeToken()))
	require.NoError(t, err)
	require.Equal(t, said, nextEvent(t, between))
	require.Contains(t, names(r.taken()), "find")
	require.NoError(t, between.Close(t.Context()))
}

func nextEvent(t *testing.T, stream feed.FeedStream) inbox.Event {
	t.Helper()
	item, err := stream.Next(t.Context())
	require.NoError(t, err)
	return item.Event
}

// Documents of before have the whole text in each copy. They read as they are.
func TestTextsFromBefore(t *testing.T) {
	s, db := openBeside(t)
	text := long(t, s)
	var m bson.M
	require.NoError(t, db.Collection("events").FindOne(t.Context(), bson.D{{Key: "_id", Value: "m-said"}}).Decode(&m))
	delete(m, "record")
	delete(m, "long")
	change(t, db, "events", "m-said", bson.D{{Key: "$unset", Value: bson.D{{Key: "long", Value: 1}}}})
	change(t, db, "events", "said", bson.D{
		{Key: "$set", Value: bson.D{{Key: "messages", Value: bson.A{m}}, {Key: "after.lastMessage", Value: m}}}, {Key: "$unset", Value: bson.D{{Key: "afterLast", Value: 1}}},
	})
	change(t, db, "conversations", "c", bson.D{{Key: "$set", Value: bson.D{{Key: "lastMessage", Value: m}}}})

	e, err := s.Event(t.Context(), "w", "said")
	require.NoError(t, err)
	require.Equal(t, text, e.Messages[0].Body)
	require.Equal(t, text, e.After.LastMessage.Body)
	c, err := s.Conversation(t.Context(), "w", "c")
	require.NoError(t, err)
	require.Equal(t, text, c.LastMessage.Body)
	require.False(t, c.LastMessage.Shortened)
	commitMove(t, s, inbox.Close(c, turnAt(3)), "closed")
	closed, err := s.Event(t.Context(), "w", "closed")
	require.NoError(t, err)
	require.Equal(t, inbox.Preview(text), closed.After.LastMessage.Body)
	require.True(t, closed.After.LastMessage.Shortened)
}
