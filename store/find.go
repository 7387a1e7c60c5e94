package store

import (
	"context"
	"errors"

	"github.com/256dpi/lungo"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// findOne reads the document that the filter finds; mongo.ErrNoDocuments when
// there is none.
func findOne[D any](ctx context.Context, s *Store, from lungo.ICollection, filter bson.D) (D, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	var doc D
	err := from.FindOne(ctx, filter).Decode(&doc)
	return doc, err
}

// find reads all documents that the filter finds.
func find[D any](ctx context.Context, s *Store, from lungo.ICollection, filter bson.D, opts ...*options.FindOptions) ([]D, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	cursor, err := from.Find(ctx, filter, opts...)
	if err != nil {
		return nil, err
	}
	var docs []D
	err = cursor.All(ctx, &docs) // closes the cursor
	return docs, err
}

// byIDs reads the documents with these ids that match filter as well.
func byIDs[D any, ID ~string](ctx context.Context, s *Store, from lungo.ICollection, filter bson.D, ids []ID) ([]D, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	in := bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}
	return find[D](ctx, s, from, append(bson.D{in}, filter...))
}

// exists reports whether the filter finds anything.
func exists(ctx context.Context, in lungo.ICollection, filter bson.D) (bool, error) {
	err := in.FindOne(ctx, filter, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	return err == nil, err
}
