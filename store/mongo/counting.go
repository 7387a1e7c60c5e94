package mongo

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/store/document"
)

// counting returns the changes to the counters for an update that writes messages
// into a conversation: fields to increment, and fields to set.
func counting(messages []inbox.Message) (inc, set bson.D) {
	inc = bson.D{{Key: "revision", Value: 1}}
	if len(messages) == 0 {
		return inc, nil
	}
	written := slices.Clone(messages)
	after := inbox.Conversation{}.Number(written)
	after.LastMessage = document.LastPublic(written)
	n := document.CountsOf(after)
	inc = append(inc, bson.E{Key: "said", Value: n.Said}, bson.E{Key: "saidPublicly", Value: n.Public})
	behind := bson.D{{Key: "saidSince", Value: n.Since}, {Key: "saidPubliclySince", Value: n.PublicSince}}
	if after.LastMessage == nil {
		return append(inc, behind...), nil
	}
	return inc, behind
}
