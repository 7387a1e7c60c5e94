package mongo

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// MongoDB returns an empty batch when it has read its log for the time allowed,
// whether or not it reached the end of the log. A reader that needs to know that
// there is no more must compare the stream's position with the end of the log.

// reachedEnd reports whether the stream has reached the point where the log ended
// when it first returned nothing.
func (f *feedStream) reachedEnd(ctx context.Context) (bool, error) {
	at, known := tokenTime(f.changes.ResumeToken())
	if !known {
		return f.reachedMark(ctx)
	}
	end, known := f.logEnded(ctx)
	if known && at.Before(end) {
		return false, nil
	}
	f.until = nil
	return true, nil
}

// passedEnd is reachedEnd behind a change that is no event. While several servers write
// heartbeats, no answer may ever be empty. An event of the same commit may follow.
func (f *feedStream) passedEnd(ctx context.Context) (bool, error) {
	token := f.changes.ResumeToken()
	if bytes.Equal(f.passed, token) {
		return false, nil // the text of a message, whose event follows
	}
	at, known := tokenTime(token)
	if !known {
		return f.reachedMark(ctx)
	}
	if end, known := f.logEnded(ctx); !known || !end.Before(at) {
		return false, nil
	}
	f.until = nil
	return true, nil
}

// logEnded is where the log ended when TryNext first had nothing to return.
func (f *feedStream) logEnded(ctx context.Context) (end bson.Timestamp, known bool) {
	if f.until == nil {
		if end, known = f.logEnd(ctx); !known {
			return end, false
		}
		f.until = &end
	}
	return *f.until, true
}

// maxMoves is how many empty answers may move the token before a mark is written.
const maxMoves = 4

// reachedMark is reachedEnd for a server whose tokens hold no time. A token that stays
// is at the end of the log. While others write, it moves there as it does before; then
// a heartbeat marks where the log ended, and is read.
func (f *feedStream) reachedMark(ctx context.Context) (end bool, err error) {
	token := f.changes.ResumeToken()
	end = bytes.Equal(f.passed, token) || f.mark != 0 && f.beats >= f.mark
	f.passed = token
	switch {
	case end:
		f.mark, f.moves = 0, 0
	case f.mark != 0:
	case f.moves == maxMoves:
		f.mark, err = f.beat(ctx)
	default:
		f.moves++
	}
	return end, err
}

// timestampKey begins a token of MongoDB: the type of a time in a sort key.
const timestampKey = 0x82

// tokenTime reads the time of the log entry that a token of MongoDB stands
// behind. It is not known for tokens of other servers.
func tokenTime(token bson.Raw) (at bson.Timestamp, known bool) {
	data, _ := token.Lookup("_data").StringValueOK()
	if len(data) < 18 {
		return at, false
	}
	key, err := hex.DecodeString(data[:18])
	if err != nil || key[0] != timestampKey {
		return at, false
	}
	return bson.Timestamp{T: binary.BigEndian.Uint32(key[1:]), I: binary.BigEndian.Uint32(key[5:])}, true
}

// clusterTime asks a member or a router for the time that its answers hold for; zero from
// a server that does not say so.
func clusterTime(ctx context.Context, client *driver.Client) (bson.Timestamp, error) {
	var hello struct {
		Time bson.Timestamp `bson:"operationTime"`
	}
	err := client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	return hello.Time, err
}

// logEnd asks the server for the time of the newest entry of its log that a
// majority has. A router does not know it.
func logEnd(ctx context.Context, client *driver.Client) (end bson.Timestamp, known bool) {
	var hello struct {
		LastWrite struct {
			Majority struct {
				Time bson.Timestamp `bson:"ts"`
			} `bson:"majorityOpTime"`
		} `bson:"lastWrite"`
	}
	err := client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	end = hello.LastWrite.Majority.Time
	return end, err == nil && !end.IsZero()
}
