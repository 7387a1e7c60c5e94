package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// moveLoads moves all counters and the rotation in one round trip. It returns
// ErrAtCap if a load would exceed its cap or the rotation has moved, and also if
// another transaction is moving a load that was chosen: waiting for it would
// usually end in the same error, later. All steps of a rotation meet there, and do
// wait.
func (s *Store) moveLoads(tx context.Context, c commit.Change) error {
	ws, changes, turn := c.Conversation.Workspace, c.Loads, c.Rotation
	models := make([]driver.WriteModel, 0, len(changes)+1)
	for _, c := range changes {
		models = append(models, loadModel(ws, c))
	}
	if turn != nil {
		models = append(models, turnModel(ws, *turn))
	}
	if len(models) == 0 {
		return nil
	}
	res, err := s.loads.BulkWrite(tx, models, options.BulkWrite().SetOrdered(true))
	switch {
	case turn == nil && choosesAgain(c) && hasCode(err, codeWriteConflict):
		return commit.ErrAtCap
	case isDuplicate(err) && (failed(err) == len(changes) || changes[failed(err)].Cap > 0):
		return commit.ErrAtCap
	case isDuplicate(err):
		return errAgain // two inserted the same member's first load at once
	case err != nil:
		return err
	case int(res.MatchedCount+res.UpsertedCount) < len(models):
		return fmt.Errorf("%w: %+v", errBelowZero, changes)
	}
	return nil
}

// errBelowZero is a load that would count less than nothing.
var errBelowZero = errors.New("store: a load would fall below zero")

// choosesAgain reports whether a commit that lost a member to another commit will
// choose once more, so that it need not wait for the other's outcome.
func choosesAgain(c commit.Change) bool {
	return slices.ContainsFunc(c.Loads, func(l inbox.LoadChange) bool { return l.Cap > 0 && (l.Seen != nil || c.Yields) })
}

// failed is the index of the statement that was refused.
func failed(err error) int {
	var bulk driver.BulkWriteException
	var plain driver.WriteErrors
	switch {
	case errors.As(err, &bulk) && len(bulk.WriteErrors) > 0:
		return bulk.WriteErrors[0].Index
	case errors.As(err, &plain) && len(plain) > 0:
		return plain[0].Index
	}
	return 0
}

// loadModel moves one counter. At the cap its filter finds nothing, so that the
// upsert inserts a second document of that id, which the index refuses.
func loadModel(ws workspace.WorkspaceID, c inbox.LoadChange) driver.WriteModel {
	filter := inWorkspace(ws, document.LoadID(ws, c.Member))
	update := bson.D{
		{Key: "$set", Value: bson.D{{Key: "member", Value: c.Member}}},
		{Key: "$inc", Value: increments(c)},
	}
	if !c.AutoAssignedAt.IsZero() {
		update = append(update, bson.E{Key: "$max", Value: bson.D{{Key: "lastAutoAssigned", Value: c.AutoAssignedAt}}})
	}
	switch {
	case c.Delta < 0:
		filter = append(filter, bson.E{Key: document.CounterOf(c.Kind), Value: bson.D{{Key: "$gte", Value: -c.Delta}}})
	case c.Cap > 0:
		filter = append(filter, bson.E{Key: document.CappedCounter(c.Counted), Value: bson.D{{Key: "$lt", Value: c.Cap}}})
		if c.Seen != nil {
			seen := bson.D{{Key: "open", Value: bson.D{{Key: "$lte", Value: *c.Seen}}}}
			filter = append(filter, bson.E{Key: "$and", Value: bson.A{seen}}) // open may be the capped counter too
		}
	}
	return driver.NewUpdateOneModel().SetFilter(filter).SetUpdate(update).SetUpsert(c.Delta >= 0)
}

// increments names every counter, so that each exists once the document does.
func increments(c inbox.LoadChange) bson.D {
	moved := map[string]int{document.CounterOf(c.Kind): c.Delta}
	return bson.D{
		{Key: "livechats", Value: moved["livechats"]},
		{Key: "tickets", Value: moved["tickets"]},
		{Key: "open", Value: c.Delta},
	}
}

// Loads returns the counters of the members. Members who never owned a conversation
// have no entry.
func (s *Store) Loads(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error) {
	loads, _, err := s.LoadsAndRotations(ctx, ws, members, nil)
	return loads, err
}
