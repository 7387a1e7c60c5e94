package mongo

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// Earlier versions stored loads, rotations and sequence counters without their workspace,
// so that no query of this version finds them. Migrate and Prepare add it. While a server
// of such a version still runs it may write more of them, each once: the commit that
// meets one adds its workspace and begins again.

// adoptEvery is how long commits do not look for such loads after one found none.
const adoptEvery = time.Second

// ofNoWorkspace finds them.
func ofNoWorkspace() bson.E {
	return bson.E{Key: "workspace", Value: bson.D{{Key: "$exists", Value: false}}}
}

// adoption adds workspaces to loads.
type adoption struct {
	loads *driver.Collection
	// vain is when a commit last looked for such a load and found none.
	vain atomic.Int64
}

// all adds their workspaces to all loads without one.
func (a *adoption) all(ctx context.Context) error {
	found, err := a.loads.Find(ctx, bson.D{ofNoWorkspace()}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return fault("look for loads without a workspace", err)
	}
	defer func() { _ = found.Close(context.WithoutCancel(ctx)) }()
	for {
		batch, err := next[loadID](ctx, found, rebuildBatch)
		if err != nil || len(batch) == 0 {
			return fault("look for loads without a workspace", err)
		}
		if _, err := a.some(ctx, batch); err != nil {
			return fault("add the workspaces of loads", err)
		}
	}
}

type loadID struct {
	ID string `bson:"_id"`
}

// some adds their workspaces to some loads, unless they have them. It reports whether one
// had none.
func (a *adoption) some(ctx context.Context, ids []loadID) (bool, error) {
	models := make([]driver.WriteModel, 0, len(ids))
	for _, d := range ids {
		set := bson.D{{Key: "$set", Value: bson.D{{Key: "workspace", Value: document.WorkspaceOfLoad(d.ID)}}}}
		models = append(models, driver.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: d.ID}, ofNoWorkspace()}).SetUpdate(set))
	}
	res, err := a.loads.BulkWrite(ctx, models)
	return err == nil && res.ModifiedCount > 0, err
}

// after returns the error of an attempt to commit, or errAgain if it failed because a load
// had no workspace. ctx is not that of the transaction, which has failed.
func (a *adoption) after(ctx context.Context, err error, ids ...string) error {
	if !errors.Is(err, commit.ErrAtCap) && !errors.Is(err, errAgain) && !errors.Is(err, errBelowZero) || len(ids) == 0 {
		return err
	}
	if last := time.Unix(0, a.vain.Load()); time.Since(last) < adoptEvery && !errors.Is(err, errBelowZero) {
		return err
	}
	of := make([]loadID, 0, len(ids))
	for _, id := range ids {
		of = append(of, loadID{id})
	}
	had, failure := a.some(ctx, of)
	if failure == nil && had {
		return errAgain
	}
	a.vain.Store(time.Now().UnixNano())
	return err
}

// loadsOf are the ids of the loads and the rotations that changes move.
func loadsOf(changes ...commit.Change) (ids []string) {
	for _, c := range changes {
		ws := c.Conversation.Workspace
		for _, l := range c.Loads {
			ids = append(ids, document.LoadID(ws, l.Member))
		}
		if c.Rotation != nil {
			ids = append(ids, document.RotationID(ws, c.Rotation.Team))
		}
	}
	return ids
}

// withWorkspaces adds their workspaces to exported loads without one.
func withWorkspaces(docs []bson.Raw) []bson.Raw {
	docs = slices.Clone(docs)
	for i, d := range docs {
		id, isLoad := d.Lookup("_id").StringValueOK()
		if _, err := d.LookupErr("workspace"); err == nil || !isLoad {
			continue
		}
		var fields bson.D
		if bson.Unmarshal(d, &fields) != nil {
			continue // the insert will say so
		}
		if with, err := bson.Marshal(append(fields, bson.E{Key: "workspace", Value: document.WorkspaceOfLoad(id)})); err == nil {
			docs[i] = with
		}
	}
	return docs
}
