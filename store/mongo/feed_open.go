package mongo

import (
	"context"
	"errors"
	"fmt"
	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Watch opens the feed behind position, or at its present end when position is
// empty. Errors: ErrHistoryLost, ErrBadPosition, UNAVAILABLE. The stream rides
// over one short loss of the connection by itself; after a second one before anything was
// read Next gives an error, and the caller opens the feed again at the stream's Position.
//
// MongoDB reads its log in the call that opens a stream until a first batch is
// full, however long that takes. An empty first batch is full at once, and the
// log is read in the calls that follow. So only ctx bounds the opening.
//
// A *SetupError with ErrNotMigrated while indexes are missing: see Writable.
func (s *Store) Watch(ctx context.Context, position string) (feed.FeedStream, error) {
	if err := s.unindexed.check(ctx, s); err != nil {
		return nil, err
	}
	stream, err := s.watch(ctx, "", position, true, options.ChangeStream().SetBatchSize(0).SetMaxAwaitTime(s.feedWait))
	if err != nil {
		s.unindexed.lost.Store(true)
		return nil, err
	}
	stream.broke, stream.dropped = func() { s.unindexed.lost.Store(true) }, s.unindexed.dropped
	stream.position = stream.Position() // the present end stays where it was
	return stream, nil
}

// WatchWorkspace is Watch for the events of one workspace, for a reader of events
// that are committed already: see inbox.WorkspaceFeed.
func (s *Store) WatchWorkspace(ctx context.Context, ws workspace.WorkspaceID, position string) (feed.FeedStream, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	stream, err := s.watch(ctx, ws, position, false, options.ChangeStream().SetMaxAwaitTime(briefly))
	if err != nil {
		return nil, err
	}
	return stream, nil
}

// WatchPast is Watch for a reader of what is committed already. It hears no bulletins.
func (s *Store) WatchPast(ctx context.Context, position string) (feed.FeedStream, error) {
	stream, err := s.watch(ctx, "", position, false, options.ChangeStream().SetBatchSize(0).SetMaxAwaitTime(briefly))
	if err != nil {
		return nil, err
	}
	return stream, nil
}

// WatchRecent is Watch for what was committed in the last back, for a reader of events
// that are committed already. MongoDB cannot find the newest most.
func (s *Store) WatchRecent(ctx context.Context, back time.Duration, _ int) (feed.FeedStream, error) {
	now, err := clusterTime(ctx, s.client)
	if err != nil || now.IsZero() {
		return nil, fmt.Errorf("store: open the feed in the past: %w: the server does not say what time it is", feed.ErrHistoryLost)
	}
	now.T -= min(now.T, uint32(back/time.Second)) //nolint:gosec // some minutes
	stream, err := s.watch(ctx, "", "", false, options.ChangeStream().SetBatchSize(0).SetMaxAwaitTime(briefly).SetStartAtOperationTime(&now))
	if err != nil {
		return nil, err
	}
	return stream, nil
}

// watch opens the feed, with bulletins for a reader who hears them when they are sent.
func (s *Store) watch(ctx context.Context, ws workspace.WorkspaceID, position string, bulletins bool, o *options.ChangeStreamOptionsBuilder) (*feedStream, error) {
	timed := false
	if position != "" {
		after, err := decodePosition(position)
		if err != nil {
			return nil, err
		}
		_, timed = tokenTime(after)
		o.SetResumeAfter(after)
	}
	stages := feedStages(ws, !timed, bulletins)
	changes, err := s.events.Watch(ctx, stages, o)
	if err != nil {
		return nil, watchFault(ctx, s.events, position, err)
	}
	cursor := changes.ID()
	if ws == "" {
		cursor = 0 // the first batch is empty because we asked for that
	}
	out := &feedStream{
		changes: changes, cursor: cursor, position: position, unproven: ws != "" && position != "",
		logEnd: func(ctx context.Context) (bson.Timestamp, bool) { return logEnd(ctx, s.client) },
		beat:   func(ctx context.Context) (int64, error) { return beat(ctx, s) },
		now:    func(ctx context.Context) (bson.Timestamp, error) { return clusterTime(ctx, s.client) },
		open: func(ctx context.Context, after bson.Raw) (changeStream, error) {
			return s.events.Watch(ctx, stages, o.SetResumeAfter(after).SetStartAtOperationTime(nil))
		},
		passing: passingTexts{s: s}, dropped: func(bson.Timestamp) {}, // readers of the past tell nothing of now
	}
	if bulletins && position != "" {
		out.goesOn(ctx)
	}
	return out, nil
}

// watchFault is the failure to open the feed at position. A server that refuses to open
// it at its present end too says nothing about the position.
func watchFault(ctx context.Context, events *driver.Collection, position string, err error) error {
	found := openFault(position, err)
	if !errors.Is(found, feed.ErrBadPosition) {
		return found
	}
	atEnd, failed := events.Watch(ctx, feedStages("", false, false), options.ChangeStream().SetBatchSize(0))
	if failed != nil {
		return newUnavailable(fmt.Errorf("store: open the feed: %w", err))
	}
	_ = atEnd.Close(ctx) // the server frees it after a while
	return found
}

// openFault tells a position that the server does not accept from other failures to
// open the feed. Servers refuse a damaged token with dozens of codes, of which not all
// are documented; so any answer is about the position that does not pass, and is not
// about the deployment.
func openFault(position string, err error) error {
	if position != "" && answered(err) && !passes(err) && !hasCode(err, lostCodes...) && !hasCode(err, setupCodes...) {
		return fmt.Errorf("store: open the feed: %w (%w)", feed.ErrBadPosition, err)
	}
	return feedFault("open the feed", err)
}

// feedStages filters on the server: it drops messages whose events carry them, changes of
// notifications and removals, and with ws the events of other workspaces. Heartbeats of the
// feed of one workspace, and bulletins, are left out unless they are asked for.
func feedStages(ws workspace.WorkspaceID, heartbeats, bulletins bool) bson.A {
	others := bson.A{"insert", "delete"}
	event := bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "fullDocument.record", Value: document.EventRecord}},
		bson.D{{Key: "fullDocument.long", Value: true}},
	}}}
	if ws != "" && !heartbeats {
		others = append(others, "update", "replace")
	}
	if ws != "" {
		event = append(event, bson.E{Key: "fullDocument.workspace", Value: ws})
	}
	none := bson.D{{Key: "$exists", Value: false}}
	other := bson.D{
		{Key: "operationType", Value: bson.D{{Key: "$nin", Value: others}}},
		{Key: "updateDescription.updatedFields.place", Value: none}, // notifications that get their places
		{Key: "updateDescription.updatedFields." + forgotten, Value: none},
		{Key: "updateDescription.updatedFields.deliveredAt", Value: none}, // messages that a receipt is about
		{Key: "updateDescription.updatedFields.readAt", Value: none},
	}
	if !bulletins {
		other = append(other, bson.E{Key: "updateDescription.updatedFields." + bulletinField, Value: none})
	}
	return bson.A{bson.D{{Key: "$match", Value: bson.D{{Key: "$or", Value: bson.A{other, event}}}}}}
}
