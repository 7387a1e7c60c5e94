package mongo

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// replaying is a change stream whose changes are bulletins, each sent in the second that
// is its text, and which the driver opens again behind the first.
type replaying struct {
	changeStream
	timed bool
	at    uint32
}

func (s *replaying) ID() int64                 { return int64(min(s.at, 2)) }
func (s *replaying) Err() error                { return nil }
func (*replaying) Close(context.Context) error { return nil }
func (s *replaying) ResumeToken() bson.Raw     { return tokenOf("") }

// TryNext finds nothing when the driver has just opened the stream.
func (s *replaying) TryNext(context.Context) bool {
	s.at++
	return s.at != 2
}

func (s *replaying) Decode(to any) error {
	time := bson.Timestamp{}
	if s.timed {
		time.T = s.at
	}
	fields := bson.D{{Key: bulletinField, Value: append(make([]byte, 12), byte('0'+s.at))}}
	written, err := bson.Marshal(bson.D{
		{Key: "operationType", Value: "update"}, {Key: "clusterTime", Value: time},
		{Key: "updateDescription", Value: bson.D{{Key: "updatedFields", Value: fields}}},
	})
	if err == nil {
		err = bson.Unmarshal(written, to)
	}
	return err
}

// The driver opens a stream again by itself, behind the last change: what was sent until
// then is as old as after any other opening. A server that tells no time is believed.
func TestBulletinsBeforeTheDriverReopened(t *testing.T) {
	for name, row := range map[string]struct {
		timed  bool
		fails  int // so often the time cannot be asked for
		second uint32
		heard  string
	}{
		"the past is left out":        {timed: true, second: 5, heard: "1678"},
		"the time is asked for again": {timed: true, second: 5, fails: 2, heard: "1678"},
		"the server tells no time":    {heard: "1345678"},
	} {
		t.Run(name, func(t *testing.T) {
			changes, heard := &replaying{timed: row.timed}, ""
			ctx, stop := context.WithCancel(t.Context())
			f := &feedStream{changes: changes, cursor: 1, now: func(context.Context) (bson.Timestamp, error) {
				if row.fails--; row.fails >= 0 {
					return bson.Timestamp{}, errors.New("no answer")
				}
				return bson.Timestamp{T: row.second}, nil
			}}
			f.open = func(context.Context, bson.Raw) (changeStream, error) { return changes, nil }
			f.OnBulletin(func(bulletin []byte) {
				if heard += string(bulletin); bulletin[0] == '8' {
					stop()
				}
			})
			_, err := f.Next(ctx)
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, row.heard, heard)
		})
	}
}
