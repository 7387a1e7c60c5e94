package mongo

import (
	"context"
	"errors"
	"math"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// findOne reads the document that the filter finds; driver.ErrNoDocuments when
// there is none.
func findOne[D any](ctx context.Context, s *Store, from *driver.Collection, filter bson.D, opts ...options.Lister[options.FindOneOptions]) (D, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return decoded[D](from.FindOne(ctx, filter, opts...))
}

// decoded reads the document of a result. It does not use the decoders of results and
// cursors, which make a buffer of 4 KB for each document.
func decoded[D any](found *driver.SingleResult) (doc D, err error) {
	raw, err := found.Raw()
	if err != nil {
		return doc, err
	}
	err = bson.Unmarshal(raw, &doc)
	return doc, err
}

// byID reads one document by its id, and looks at the rest of it here: servers
// are quickest when they are asked for an id alone.
func byID[D any, ID ~string](ctx context.Context, s *Store, from *driver.Collection, id ID, is func(D) bool) (D, error) {
	doc, err := findOne[D](ctx, s, from, bson.D{{Key: "_id", Value: id}})
	if err == nil && !is(doc) {
		err = driver.ErrNoDocuments
	}
	return doc, err
}

// find reads all documents that the filter finds.
func find[D any](ctx context.Context, s *Store, from *driver.Collection, filter bson.D, opts ...options.Lister[options.FindOptions]) ([]D, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	cursor, err := from.Find(ctx, filter, opts...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = cursor.Close(ctx) }()
	return next[D](ctx, cursor, math.MaxInt)
}

// next reads up to n documents; none at the end.
func next[D any](ctx context.Context, cursor *driver.Cursor, n int) ([]D, error) {
	var out []D
	for len(out) < n && cursor.Next(ctx) {
		var d D
		if err := bson.Unmarshal(cursor.Current, &d); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, cursor.Err()
}

// byIDs reads the documents with these ids that satisfy a condition.
func byIDs[D any, ID ~string](ctx context.Context, s *Store, from *driver.Collection, ids []ID, is func(D) bool) ([]D, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	docs, err := find[D](ctx, s, from, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	return slices.DeleteFunc(docs, func(d D) bool { return !is(d) }), err
}

// exists reports whether the filter finds anything.
func exists(ctx context.Context, in *driver.Collection, filter bson.D, opts ...options.Lister[options.FindOneOptions]) (bool, error) {
	opts = append(opts, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	err := in.FindOne(ctx, filter, opts...).Err()
	if errors.Is(err, driver.ErrNoDocuments) {
		return false, nil
	}
	return err == nil, err
}
