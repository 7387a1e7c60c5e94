package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox/feed"
	"switchboard/store/document"
)

var _ feed.BulletinStream = (*feedStream)(nil)

// bulletinsID is the single document that bulletins are written into, one over the other:
// the change is what servers read, and the document only what is left of the last one.
// Like the heartbeats it belongs to no workspace and is no event.
const (
	bulletinsID   = "bulletins"
	bulletinField = "bulletin"
)

// SendBulletin writes a bulletin over the last one. As the first insert is left out of
// the feed, the first bulletin is written twice.
func (s *Store) SendBulletin(ctx context.Context, bulletin []byte) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	for {
		// The id in front makes each a change, also of two that are alike.
		id := bson.NewObjectID()
		written, err := s.events.UpdateOne(ctx, inWorkspace(noWorkspace, bulletinsID), bson.D{
			{Key: "$set", Value: bson.D{
				{Key: "record", Value: document.HeartbeatRecord}, {Key: bulletinField, Value: append(id[:], bulletin...)},
			}},
		}, options.UpdateOne().SetUpsert(true))
		switch {
		case isDuplicate(err): // another server made it in the same moment
		case err != nil:
			return fault("send a bulletin", err)
		case written.MatchedCount > 0:
			return nil
		}
	}
}

// OnBulletin lets heard be called for each bulletin.
func (f *feedStream) OnBulletin(heard func(bulletin []byte)) { f.bulletin = heard }

// hearBulletin hands on a bulletin as it was written.
func (f *feedStream) hearBulletin(written []byte) {
	if id := len(bson.ObjectID{}); f.bulletin != nil && len(written) >= id {
		f.bulletin(written[id:])
	}
}
