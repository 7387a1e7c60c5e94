package mongo

import (
	"bytes"
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

var (
	_ feed.HeartbeatStream = (*feedStream)(nil)
	_ feed.MovingStream    = (*feedStream)(nil)
)

// heartbeatID is the single document for the heartbeats of all servers. It is in
// the collection events, because that is the one that is watched, and belongs to no
// workspace: no query for events finds it, and feeds skip changes that are not
// inserts. Its workspace is noWorkspace, by which a shard has it. Earlier versions count
// in a document with the id "heartbeat", which has none.
const (
	heartbeatID                       = "heartbeats"
	noWorkspace workspace.WorkspaceID = ""
)

// FeedHeartbeat counts one heartbeat up. The document is made by an insert, which servers
// leave out of the feed as they do messages; so the first beat is a second one.
func (s *Store) FeedHeartbeat(ctx context.Context) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	for {
		counted, err := s.events.UpdateOne(ctx, inWorkspace(noWorkspace, heartbeatID), bson.D{
			{Key: "$inc", Value: bson.D{{Key: "beats", Value: int64(1)}}},
			{Key: "$set", Value: bson.D{{Key: "record", Value: document.HeartbeatRecord}}},
		}, options.UpdateOne().SetUpsert(true))
		switch {
		case isDuplicate(err): // another server made it in the same moment
		case err != nil:
			return fault("write a heartbeat", err)
		case counted.MatchedCount > 0:
			return nil
		}
	}
}

// beats is how many heartbeats there were.
type beats struct {
	Beats int64 `bson:"beats"`
}

// beat writes a heartbeat, and returns its number or that of a later one.
func beat(ctx context.Context, s *Store) (number int64, err error) {
	if err := s.FeedHeartbeat(ctx); err != nil {
		return 0, err
	}
	newest, err := findOne[beats](ctx, s, s.events, inWorkspace(noWorkspace, heartbeatID))
	return newest.Beats, fault("read the heartbeats", err)
}

// OnHeartbeat lets heard be called for each change that is no event.
func (f *feedStream) OnHeartbeat(heard func(position string)) { f.heard = heard }

// OnMove lets moved be called for each answer without changes whose token is another
// than before: servers move it past what the stream leaves out.
func (f *feedStream) OnMove(moved func()) { f.moved = moved }

// advanced looks at the token of an answer without changes.
func (f *feedStream) advanced() {
	before := f.passed
	proves := f.nothing()
	f.passed = f.changes.ResumeToken()
	if proves && f.moved != nil && before != nil && !bytes.Equal(before, f.passed) {
		f.moved()
	}
}

// nothing reports whether an answer without changes proves that there was none before its
// token, where the stream stands then. A token with the time of a log entry does. Others may
// tell what time it is, or where the log ends, of a log that was not read so far: one that
// waits for a transaction to end.
func (f *feedStream) nothing() (proves bool) {
	token := f.changes.ResumeToken()
	if _, proves = tokenTime(token); proves {
		f.stands = token
	}
	return proves
}

// skipped reports a change that is no event, by its own token: that of the stream
// depends on when the stream was read. A bulletin is no news for positions.
func (f *feedStream) skipped(ctx context.Context, c change) {
	if written := c.Update.Fields.Bulletin; written != nil {
		f.hearBulletin(ctx, written)
		return
	}
	f.beats = max(f.beats, c.Update.Fields.Beats)
	if f.heard != nil {
		f.heard(encodePosition(c.Token))
	}
}
