package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// SaveDirectory writes one changed entity together with its event.
func (s *Store) SaveDirectory(ctx context.Context, e inbox.Event) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	changed, err := document.EntityOf(e)
	if err != nil {
		return err
	}
	err = s.transact(ctx, transaction{
		do: func(tx context.Context) error {
			if err := writeEntities(tx, s.db, []document.Entity{changed}); err != nil {
				return err
			}
			return s.record(tx, e)
		},
		done: func(ctx context.Context) (bool, error) { return s.recorded(ctx, e) },
	})
	if errors.Is(err, commit.ErrStale) {
		err = s.whyStale(ctx, changed)
	}
	return fault("save the directory", err)
}

// writeEntities gives ErrStale when a revision is not one more than the stored one. It
// sends one command for each collection.
func writeEntities(tx context.Context, db *driver.Database, changed []document.Entity) error {
	var names []string
	models := map[string][]driver.WriteModel{}
	for _, d := range changed {
		if models[d.Collection] == nil {
			names = append(names, d.Collection)
		}
		models[d.Collection] = append(models[d.Collection], writing(d))
	}
	for _, name := range names {
		res, err := db.Collection(name).BulkWrite(tx, models[name], options.BulkWrite().SetOrdered(true))
		if isDuplicate(err) || err == nil && int(res.MatchedCount+res.InsertedCount) < len(models[name]) {
			return commit.ErrStale
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writing inserts the first revision, and finds nothing when a later one does not follow
// the stored one.
func writing(d document.Entity) driver.WriteModel {
	if d.Rev == 1 {
		return driver.NewInsertOneModel().SetDocument(d.Doc)
	}
	guard := append(own(d), bson.E{Key: "rev", Value: d.Rev - 1})
	return driver.NewUpdateOneModel().SetFilter(guard).SetUpdate(amend("", d.Doc).update())
}

// own finds an entity in its workspace only. The collection of the workspaces themselves
// is not sharded.
func own(d document.Entity) bson.D {
	if d.ID == string(d.Workspace) {
		return bson.D{{Key: "_id", Value: d.ID}}
	}
	return inWorkspace(d.Workspace, d.ID)
}

func (s *Store) whyStale(ctx context.Context, d document.Entity) error {
	there, err := exists(ctx, s.db.Collection(d.Collection), own(d))
	if err != nil {
		return err
	}
	return d.WhyStale(there)
}
