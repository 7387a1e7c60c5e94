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

// past tells what was sent before a stream was opened, by the clock of the database: one
// that goes on behind an old position brings that first.
type past struct {
	// going is true until something came that was sent since, and opened when the stream
	// was opened; zero while that is not known.
	going  bool
	opened bson.Timestamp
}

// goesOn is called when the stream was opened behind a position of before.
func (f *feedStream) goesOn(ctx context.Context) {
	f.past = past{going: true}
	f.past.opened, _ = f.now(ctx) // asked for again with the next bulletin
}

// isPast reports whether the present change was made before the stream was opened. What a
// server says no time of is not.
func (f *feedStream) isPast(ctx context.Context) bool {
	if !f.past.going {
		return false
	}
	if f.past.opened.IsZero() {
		now, err := f.now(ctx)
		if err != nil {
			return true
		}
		f.past.opened = now
	}
	at := f.time()
	f.past.going = !at.IsZero() && !at.After(f.past.opened)
	return f.past.going
}

// hearBulletin hands on a bulletin as it was written, unless it is past.
func (f *feedStream) hearBulletin(ctx context.Context, written []byte) {
	if id := len(bson.ObjectID{}); f.bulletin != nil && len(written) >= id && !f.isPast(ctx) {
		f.bulletin(written[id:])
	}
}
