package store

import (
	"context"
	"encoding/binary"
	"encoding/hex"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

// MongoDB answers with nothing when it read its log for as long as it may wait,
// whether it came to the end of the log or not. Whoever wants to know that there
// is no more has to compare where the stream stands with where the log ended.

// reachedEnd reports whether the stream has come to where the log ended when it first
// found nothing. A server whose tokens hold no time is believed at once.
func (f *feedStream) reachedEnd(ctx context.Context) bool {
	at, known := tokenTime(f.changes.ResumeToken())
	if !known || f.logEnd == nil {
		return true
	}
	if f.until == nil {
		end, known := f.logEnd(ctx)
		if !known {
			return true
		}
		f.until = &end
	}
	if at.Before(*f.until) {
		return false
	}
	f.until = nil
	return true
}

// timestampKey begins a token of MongoDB: the type of a time in a sort key.
const timestampKey = 0x82

// tokenTime reads the time of the log entry that a token of MongoDB stands
// behind. It is not known for tokens of other servers.
func tokenTime(token bson.Raw) (at primitive.Timestamp, known bool) {
	data, _ := token.Lookup("_data").StringValueOK()
	if len(data) < 18 {
		return at, false
	}
	key, err := hex.DecodeString(data[:18])
	if err != nil || key[0] != timestampKey {
		return at, false
	}
	return primitive.Timestamp{T: binary.BigEndian.Uint32(key[1:]), I: binary.BigEndian.Uint32(key[5:])}, true
}

// logEnd asks the server for the time of the newest entry of its log that a
// majority has. A router does not know it.
func (s *Store) logEnd(ctx context.Context) (end primitive.Timestamp, known bool) {
	var hello struct {
		LastWrite struct {
			Majority struct {
				Time primitive.Timestamp `bson:"ts"`
			} `bson:"majorityOpTime"`
		} `bson:"lastWrite"`
	}
	err := s.engine.Client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	end = hello.LastWrite.Majority.Time
	return end, err == nil && !end.IsZero()
}
