package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/eventlog"
	"switchboard/store/document"
)

// LogProgress returns how far the feed was numbered.
func (s *Store) LogProgress(ctx context.Context) (eventlog.Progress, error) {
	doc, err := findOne[document.LogProgress](ctx, s, s.leases, bson.D{{Key: "_id", Value: document.LogProgressID}})
	if errors.Is(err, driver.ErrNoDocuments) {
		err = nil
	}
	return doc.Progress(), fault("read the progress of the log", err)
}

// AppendLog writes entries and the progress in one transaction. The progress comes first,
// so that a server that no longer numbers fails at once.
func (s *Store) AppendLog(ctx context.Context, next eventlog.Progress, entries []eventlog.Entry) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return fault("write the log", s.transact(ctx, transaction{
		do: func(tx context.Context) error { return appendLog(tx, s, next, entries) },
		done: func(ctx context.Context) (bool, error) {
			now, err := s.LogProgress(ctx)
			return now == next, err
		},
	}))
}

func appendLog(tx context.Context, s *Store, next eventlog.Progress, entries []eventlog.Entry) error {
	if err := moveLog(tx, s, next); err != nil {
		return err
	}
	return insertLog(tx, s, entries)
}

func insertLog(ctx context.Context, s *Store, entries []eventlog.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	docs := make([]any, 0, len(entries))
	for _, n := range entries {
		docs = append(docs, document.OfLogEntry(n))
	}
	_, err := s.entries.InsertMany(ctx, docs, options.InsertMany().SetOrdered(true))
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	return err
}

// ExtendLog writes entries one after the other, up to the first that cannot be written.
func (s *Store) ExtendLog(ctx context.Context, entries []eventlog.Entry) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if err := s.unindexed.refusal(); err != nil {
		return err
	}
	return fault("write the log", insertLog(ctx, s, entries))
}

// moveLog replaces the progress of the revision before next.
func moveLog(tx context.Context, s *Store, next eventlog.Progress) error {
	doc := document.OfLogProgress(next)
	if next.Rev == 1 {
		_, err := s.leases.InsertOne(tx, doc)
		if isDuplicate(err) {
			return commit.ErrStale
		}
		return err
	}
	seen := bson.D{{Key: "_id", Value: doc.ID}, {Key: "rev", Value: doc.Rev - 1}}
	res, err := s.leases.ReplaceOne(tx, seen, doc)
	if err == nil && res.MatchedCount == 0 {
		return commit.ErrStale
	}
	return err
}

// StoredEvents returns the next events by id: ids that the program makes sort by time.
func (s *Store) StoredEvents(ctx context.Context, behind string, limit int) ([]inbox.Event, string, error) {
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: behind}}}, {Key: "record", Value: document.EventRecord}}
	sorted := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)).SetHint("_id_")
	docs, err := find[document.Event](ctx, s, s.events, filter, sorted)
	if err != nil {
		return nil, "", fault("read what is stored", err)
	}
	out := make([]inbox.Event, 0, len(docs))
	for _, d := range docs {
		out = append(out, d.Event())
	}
	if len(docs) < limit {
		return out, "", nil
	}
	return out, string(docs[len(docs)-1].ID), nil
}
