package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// DemoMade returns the demo workspaces that were made at some time.
func (s *Store) DemoMade(ctx context.Context) ([]workspace.WorkspaceID, error) {
	doc, err := findOne[document.Demo](ctx, s, s.settings, bson.D{{Key: "_id", Value: document.DemoID}})
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, nil
	}
	return doc.Workspaces, fault("read which demo workspaces were made", err)
}

// NoteDemo adds a workspace to them.
func (s *Store) NoteDemo(ctx context.Context, ws workspace.WorkspaceID) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	update := bson.D{{Key: "$addToSet", Value: bson.D{{Key: "workspaces", Value: ws}}}}
	note := func() error {
		_, err := s.settings.UpdateOne(ctx, bson.D{{Key: "_id", Value: document.DemoID}}, update, options.UpdateOne().SetUpsert(true))
		return err
	}
	err := note()
	if isDuplicate(err) { // another process made the document at the same time
		err = note()
	}
	return fault("note that a demo workspace was made", err)
}
