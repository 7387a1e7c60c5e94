package mongo

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

var _ eventlog.Store = (*Store)(nil)

// logIndex is the unique index of the numbers. The ids of entries are unique by
// themselves.
const logIndex = "sequence"

// LogEntries returns entries of a workspace in their order, behind or before a sequence.
func (s *Store) LogEntries(
	ctx context.Context, ws workspace.WorkspaceID, from eventlog.Sequence, backward bool, limit int,
) ([]eventlog.Entry, error) {
	if limit < 1 {
		return nil, nil
	}
	than, order := "$gt", 1
	if backward {
		than, order = "$lt", -1
	}
	filter := bson.D{{Key: "workspace", Value: ws}, {Key: "sequence", Value: bson.D{{Key: than, Value: int64(from)}}}}
	sorted := options.Find().SetSort(bson.D{{Key: "sequence", Value: order}}).SetLimit(int64(limit)).SetHint(logIndex)
	docs, err := find[document.LogEntry](ctx, s, s.entries, filter, sorted)
	out := make([]eventlog.Entry, 0, len(docs))
	for _, d := range docs {
		out = append(out, d.Entry())
	}
	if backward {
		slices.Reverse(out)
	}
	return out, fault("read the log", err)
}

// LogEnds returns the first and the last entry of a workspace; none for an empty log.
func (s *Store) LogEnds(ctx context.Context, ws workspace.WorkspaceID) ([]eventlog.Entry, error) {
	var out []eventlog.Entry
	for _, order := range []int{1, -1} {
		first := options.FindOne().SetSort(bson.D{{Key: "sequence", Value: order}}).SetHint(logIndex)
		doc, err := findOne[document.LogEntry](ctx, s, s.entries, bson.D{{Key: "workspace", Value: ws}}, first)
		if errors.Is(err, driver.ErrNoDocuments) {
			return nil, nil
		}
		if err != nil {
			return nil, fault("read the ends of the log", err)
		}
		out = append(out, doc.Entry())
	}
	return out, nil
}

// LogSequences returns the sequences of entries by their ids.
func (s *Store) LogSequences(
	ctx context.Context, ws workspace.WorkspaceID, ids []string,
) (map[string]eventlog.Sequence, error) {
	docs, err := byIDs(ctx, s, s.entries, ws, ids, all[document.LogEntry])
	out := make(map[string]eventlog.Sequence, len(docs))
	for _, d := range docs {
		out[d.ID] = eventlog.Sequence(d.Sequence)
	}
	return out, fault("read sequences", err)
}

// TrimLog removes the entries before a sequence.
func (s *Store) TrimLog(ctx context.Context, ws workspace.WorkspaceID, before eventlog.Sequence) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	_, err := s.entries.DeleteMany(ctx, bson.D{
		{Key: "workspace", Value: ws}, {Key: "sequence", Value: bson.D{{Key: "$lt", Value: int64(before)}}},
	})
	return fault("remove the beginning of the log", err)
}
