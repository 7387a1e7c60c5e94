package mongo_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/feed"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// A stream stands where it was read up to and understood, wherever it breaks: whoever goes
// on at its position misses nothing and hears nothing twice. Servers and the driver are
// elsewhere when they have opened a stream, or begun to read a change. B:V9
func TestAStreamStandsWhereItWasRead(t *testing.T) {
	ctx := t.Context()
	server, s := onServer(t, testdb.Options{})
	commits := 0
	happen := func(t *testing.T) {
		commits++
		require.NoError(t, s.Commit(ctx, newConversation(fmt.Sprint("c", commits))))
	}
	watch := func(t *testing.T, position string) feed.FeedStream {
		stream, err := s.Watch(ctx, position)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, stream.Close(context.Background())) })
		return stream
	}
	for name, breaks := range map[string]func(t *testing.T) (position string){
		"it was only opened": func(t *testing.T) string {
			position := watch(t, "").Position()
			happen(t)
			return watch(t, position).Position()
		},
		"it was opened and cannot be read": func(t *testing.T) string {
			position := watch(t, "").Position()
			happen(t)
			stream := watch(t, position)
			breaksReading(t, server, stream)
			return stream.Position()
		},
		"it was opened at the end, and cannot be read": func(t *testing.T) string {
			stream := watch(t, "")
			happen(t)
			breaksReading(t, server, stream)
			return stream.Position()
		},
		"it was read, and then cannot be": func(t *testing.T) string {
			stream := watch(t, "")
			happen(t)
			_, err := stream.Next(ctx)
			require.NoError(t, err)
			happen(t)
			breaksReading(t, server, stream)
			return stream.Position()
		},
	} {
		t.Run(name, func(t *testing.T) {
			position := breaks(t)
			stream := watch(t, position)
			item, err := stream.Next(ctx)
			require.NoError(t, err)
			require.Equal(t, inbox.ConversationID(fmt.Sprint("c", commits)), item.Event.Conversation)
		})
	}
}

// A stream that breaks once is read on from where it stands, not from where the driver opens
// it: nothing is left out. B:V9
func TestAStreamThatBreaksOnceIsReadOn(t *testing.T) {
	for name, reads := range map[string]bool{"before it was read": false, "after it was read": true} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // it would wait for what it left out
			defer cancel()
			server, s := onServer(t, testdb.Options{})
			stream, err := s.Watch(ctx, "")
			require.NoError(t, err)
			if reads {
				require.NoError(t, s.Commit(ctx, newConversation("first")))
				require.Equal(t, inbox.ConversationID("first"), nextEvent(t, stream).Conversation)
			}
			position := stream.Position()
			require.NoError(t, s.Commit(ctx, newConversation("second")))
			again, err := s.Watch(ctx, position)
			require.NoError(t, err)
			server.FailCommand(ctx, testdb.Failure{Commands: []string{"getMore"}, CloseConnection: true, Times: 1})
			item, err := again.Next(ctx)
			require.NoError(t, err)
			require.Equal(t, inbox.ConversationID("second"), item.Event.Conversation)
			require.NoError(t, stream.Close(ctx))
			require.NoError(t, again.Close(ctx))
		})
	}
}

// breaksReading lets the reads of the stream break until it gives up.
func breaksReading(t *testing.T, server *testdb.Server, stream feed.FeedStream) {
	t.Helper()
	server.FailCommand(t.Context(), testdb.Failure{Commands: []string{"getMore"}, CloseConnection: true})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // it would wait for what it left out
	defer cancel()
	_, err := stream.Next(ctx)
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
	server.Heal(t.Context())
}

// An event whose text cannot be read just now is not behind the stream. B:V9
func TestAStreamStandsBeforeWhatItCannotComplete(t *testing.T) {
	server, s := onServer(t, testdb.Options{})
	raw, err := client(t, server.URI()).Database(mongo.DefaultDatabase).Collection("events").Watch(t.Context(), bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "fullDocument._id", Value: "m-said"}}}},
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, raw.Close(context.Background())) }()
	text := long(t, s)
	require.True(t, raw.Next(t.Context()))
	between, err := s.Watch(t.Context(), base64.RawURLEncoding.EncodeToString(raw.ResumeToken()))
	require.NoError(t, err)
	server.FailCommand(t.Context(), testdb.Failure{Commands: []string{"find"}, ErrorCode: 262}) // it took too long
	_, err = between.Next(t.Context())
	require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
	server.Heal(t.Context())
	again, err := s.Watch(t.Context(), between.Position())
	require.NoError(t, err)
	require.Equal(t, text, nextEvent(t, again).Messages[0].Body)
	require.NoError(t, between.Close(t.Context()))
	require.NoError(t, again.Close(t.Context()))
}
