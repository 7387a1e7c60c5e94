package mongo

import (
	"context"
	"errors"
	"math"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox/workspace"
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

// inWorkspace finds a document of a workspace by its id. Ids are unique, and the workspace is
// the shard key: without it every shard would be asked.
func inWorkspace[ID ~string](ws workspace.WorkspaceID, id ID) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: "workspace", Value: ws}}
}

// byID reads one document of a workspace by its id, and looks at the rest of it here.
func byID[D any, ID ~string](ctx context.Context, s *Store, from *driver.Collection, ws workspace.WorkspaceID, id ID, is func(D) bool) (D, error) {
	doc, err := findOne[D](ctx, s, from, inWorkspace(ws, id), options.FindOne().SetHint("_id_"))
	if err == nil && !is(doc) {
		err = driver.ErrNoDocuments
	}
	return doc, err
}

// all accepts every document.
func all[D any](D) bool { return true }

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

// byIDs reads the documents of a workspace with these ids that satisfy a condition.
func byIDs[D any, ID ~string](ctx context.Context, s *Store, from *driver.Collection, ws workspace.WorkspaceID, ids []ID, is func(D) bool) ([]D, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	some := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "workspace", Value: ws}}
	docs, err := find[D](ctx, s, from, some, options.Find().SetHint("_id_"))
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
