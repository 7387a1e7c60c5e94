package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/store/document"
)

// Export calls each for every document of a collection of document.Collections, by id,
// and ends with the first error. Each keeps nothing of the document that it is given.
// Only ctx bounds it.
func (s *Store) Export(ctx context.Context, collection string, each func(bson.Raw) error) error {
	return s.exportWhere(ctx, collection, portable(collection), each)
}

func (s *Store) exportWhere(ctx context.Context, collection string, where bson.D, each func(bson.Raw) error) error {
	cursor, err := s.db.Collection(collection).Find(ctx, where, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return fault("export "+collection, err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }() // the server frees it in time otherwise
	for cursor.Next(ctx) {
		if err := each(cursor.Current); err != nil {
			return err
		}
	}
	return fault("export "+collection, cursor.Err())
}

// Import inserts documents of a collection, as Export gave them, also that of another
// engine. Migrate comes first.
func (s *Store) Import(ctx context.Context, collection string, docs []bson.Raw) error {
	if collection == s.loads.Name() {
		docs = withWorkspaces(docs)
	}
	_, err := s.db.Collection(collection).InsertMany(ctx, docs)
	return fault("import "+collection, err)
}

// CountExported counts the documents that Export gives, without those that expire
// before a time.
func (s *Store) CountExported(ctx context.Context, collection string, expiring time.Time) (int, error) {
	filter := append(portable(collection), bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: "expires", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "expires", Value: bson.D{{Key: "$gte", Value: expiring}}}},
	}})
	n, err := s.db.Collection(collection).CountDocuments(ctx, filter)
	return int(n), fault("count "+collection, err)
}

// portable leaves out documents that belong to this database alone: the heartbeats of
// the feed, and the versions of its schema and of its search fields.
func portable(collection string) bson.D {
	switch collection {
	case "events":
		return bson.D{{Key: "record", Value: bson.D{{Key: "$ne", Value: document.HeartbeatRecord}}}}
	case "settings":
		return bson.D{{Key: "_id", Value: bson.D{{Key: "$nin", Value: bson.A{"words", schemaID}}}}}
	}
	return bson.D{}
}
