package mongo

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/store/document"
)

func tokenOf(data string) bson.Raw {
	raw, err := bson.Marshal(bson.D{{Key: "_data", Value: data}})
	if err != nil {
		panic(err)
	}
	return raw
}

// The time of a token, as MongoDB writes it.
func TestTokenTime(t *testing.T) {
	at, known := tokenTime(tokenOf("8263A1B2C30000000A2B022C0100296E5A1004"))
	require.True(t, known)
	require.Equal(t, bson.Timestamp{T: 0x63A1B2C3, I: 10}, at)
	for _, other := range []string{"", "82", "8263A1B2C3", "2b00000012730028000000000000001174", "82zzzzzzzzzzzzzzzz"} {
		_, known := tokenTime(tokenOf(other))
		require.False(t, known, other)
	}
	_, known = tokenTime(nil)
	require.False(t, known)
}

// scanning is a change stream of MongoDB that reads a long log: it answers with
// nothing again and again, each time a little further on, and then with one change.
type scanning struct {
	changeStream
	at, end uint32
	given   bool
}

func (s *scanning) TryNext(context.Context) bool {
	s.at = min(s.at+1, s.end)
	if s.at == s.end && !s.given {
		s.given = true
		return true
	}
	return false
}

func (s *scanning) ResumeToken() bson.Raw {
	return tokenOf("82" + "000000" + string("0123456789abcdef"[s.at/16]) + string("0123456789abcdef"[s.at%16]) + "00000001")
}
func (s *scanning) Err() error { return nil }
func (s *scanning) ID() int64  { return 1 }
func (s *scanning) Decode(to any) error {
	document, err := bson.Marshal(document.Event{ID: "e", Record: document.EventRecord, Workspace: "w"})
	*to.(*change) = change{Token: s.ResumeToken(), Operation: "insert", Document: document}
	return err
}

// An answer with nothing in it is not the end of a log that was not read to its end:
// what lies there is missed by nobody. B:V3
func TestNothingYetIsNotTheEnd(t *testing.T) {
	asked := 0
	stream := &feedStream{changes: &scanning{end: 40}, logEnd: func(context.Context) (bson.Timestamp, bool) {
		asked++
		return bson.Timestamp{T: 40, I: 1}, true
	}}
	item, ok, err := stream.TryNext(t.Context())
	require.NoError(t, err)
	require.True(t, ok, "it was left out")
	require.EqualValues(t, "e", item.Event.ID)
	_, ok, err = stream.TryNext(t.Context())
	require.NoError(t, err)
	require.False(t, ok)
	require.Equal(t, 1, asked, "where the log ended is asked once")
}

// What the driver decodes of the two documents that are written again and again: a stream
// that does not see the heartbeats never ends.
func TestUpdatedFieldsAreDecoded(t *testing.T) {
	written, err := bson.Marshal(bson.D{{Key: "updateDescription", Value: bson.D{{Key: "updatedFields", Value: bson.D{
		{Key: "beats", Value: int64(7)}, {Key: "bulletin", Value: []byte("said")},
	}}}}})
	require.NoError(t, err)
	var c change
	require.NoError(t, bson.Unmarshal(written, &c))
	require.Equal(t, updatedFields{Beats: 7, Bulletin: []byte("said")}, c.Update.Fields)
}

// beating is a change stream that always has a heartbeat, as of several servers that write
// them in turn, and no event.
type beating struct {
	changeStream
	token func(n uint32) string
	n     uint32
}

func (s *beating) TryNext(context.Context) bool { s.n++; return s.n < 1000 }
func (s *beating) ResumeToken() bson.Raw        { return tokenOf(s.token(s.n)) }
func (s *beating) Err() error                   { return nil }
func (s *beating) ID() int64                    { return 1 }
func (s *beating) Decode(to any) error {
	*to.(*change) = change{Token: s.ResumeToken(), Operation: "update", Update: struct {
		Fields updatedFields `bson:"updatedFields"`
	}{updatedFields{Beats: int64(s.n)}}}
	return nil
}

// Heartbeats that come without a pause are not taken for more events: a reader of what was
// committed ends, whatever the server's tokens say of the time. B:V3
func TestHeartbeatsHaveAnEnd(t *testing.T) {
	for name, row := range map[string]struct {
		token func(n uint32) string
		end   uint32
	}{
		"tokens with a time": {func(n uint32) string { return fmt.Sprintf("82%08x00000001", n) }, 40},
		"tokens without":     {func(n uint32) string { return fmt.Sprintf("2b%08x", n) }, maxMoves + 8},
	} {
		t.Run(name, func(t *testing.T) {
			changes := &beating{token: row.token}
			stream := &feedStream{changes: changes, logEnd: func(context.Context) (bson.Timestamp, bool) {
				return bson.Timestamp{T: 40, I: 1}, true
			}, beat: func(context.Context) (int64, error) { return int64(changes.n) + 7, nil }}
			_, ok, err := stream.TryNext(t.Context())
			require.NoError(t, err)
			require.False(t, ok)
			require.GreaterOrEqual(t, changes.n, row.end)
			require.Less(t, changes.n, row.end+5)
		})
	}
}
