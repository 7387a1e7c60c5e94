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

// moveLoads moves the counters and rotations of all changes in one round trip. Which
// change failed is said by *dropped: ErrAtCap if a load would exceed its cap or the
// rotation has moved, and also if another transaction is moving a load that was chosen:
// waiting for it would usually end in the same error, later. All steps of a rotation meet
// there, and do wait.
func (c *committer) moveLoads(tx context.Context, changes ...commit.Change) error {
	var models []driver.WriteModel
	var of []int // the change of each model
	for i, change := range changes {
		for _, m := range loadModels(change) {
			models, of = append(models, m), append(of, i)
		}
	}
	if len(models) == 0 {
		return nil
	}
	res, err := c.store.loads.BulkWrite(tx, models, options.BulkWrite().SetOrdered(true))
	switch {
	case hasCode(err, codeWriteConflict) && slices.ContainsFunc(changes, choosesAgain):
		return &dropped{choosesAgain, commit.ErrAtCap}
	case isDuplicate(err):
		first := of[failed(err)]
		return refusedLoad(changes[first:], failed(err)-slices.Index(of, first))
	case err != nil:
		return err
	case int(res.MatchedCount+res.UpsertedCount) < len(models):
		return fmt.Errorf("%w: %+v", errBelowZero, changes)
	}
	return nil
}

// errBelowZero is a load that would count less than nothing.
var errBelowZero = errors.New("store: a load would fall below zero")

// loadModels are the updates of a change: its loads, and its rotation last.
func loadModels(c commit.Change) []driver.WriteModel {
	models := make([]driver.WriteModel, 0, len(c.Loads)+1)
	for _, l := range c.Loads {
		models = append(models, loadModel(c.Conversation.Workspace, l))
	}
	if c.Rotation != nil {
		models = append(models, turnModel(c.Conversation.Workspace, *c.Rotation))
	}
	return models
}

// refusedLoad says what follows when update n of the first change met a document that is
// not as it demands: those behind it that demand no less of it fail as well.
func refusedLoad(changes []commit.Change, n int) error {
	first := changes[0]
	if n < len(first.Loads) && first.Loads[n].Cap == 0 {
		return errAgain // two inserted the same member's first load at once
	}
	refused := map[inbox.EventID]bool{}
	for _, c := range changes {
		switch {
		case c.Event.ID == first.Event.ID:
			refused[c.Event.ID] = true
		case n == len(first.Loads):
			refused[c.Event.ID] = c.Rotation != nil && c.Rotation.Team == first.Rotation.Team
		default:
			refused[c.Event.ID] = slices.ContainsFunc(c.Loads, func(l inbox.LoadChange) bool { return demandsNoLess(l, first.Loads[n]) })
		}
	}
	return &dropped{func(c commit.Change) bool { return refused[c.Event.ID] }, commit.ErrAtCap}
}

// choosesAgain reports whether a commit that lost a member to another commit will
// choose once more, so that it need not wait for the other's outcome.
func choosesAgain(c commit.Change) bool {
	chosen := func(l inbox.LoadChange) bool { return l.Cap > 0 && (l.Seen != nil || c.Yields) }
	return c.Rotation == nil && slices.ContainsFunc(c.Loads, chosen)
}

// demandsNoLess reports whether l fails because refused did, right before it.
func demandsNoLess(l, refused inbox.LoadChange) bool {
	sameCap := l.Member == refused.Member && l.Cap > 0 && l.Cap <= refused.Cap
	return sameCap && (refused.Seen == nil || l.Seen != nil && *l.Seen <= *refused.Seen)
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
	case c.Held() < 0:
		filter = append(filter, bson.E{Key: document.CounterOf(c.Kind), Value: bson.D{{Key: "$gte", Value: -c.Held()}}})
	case c.Held() > 0 && c.Cap > 0:
		filter = append(filter, bson.E{Key: document.CappedCounter(c.Counted), Value: bson.D{{Key: "$lt", Value: c.Cap}}})
		if c.Seen != nil {
			seen := bson.D{{Key: "open", Value: bson.D{{Key: "$lte", Value: *c.Seen}}}}
			filter = append(filter, bson.E{Key: "$and", Value: bson.A{seen}}) // open may be the capped counter too
		}
	}
	if c.Reserved < 0 {
		filter = append(filter, bson.E{Key: document.ReservedCounterOf(c.Kind), Value: bson.D{{Key: "$gte", Value: -c.Reserved}}})
	}
	return driver.NewUpdateOneModel().SetFilter(filter).SetUpdate(update).SetUpsert(c.Held() >= 0 && c.Reserved >= 0)
}

// increments names every counter of what is held, so that each exists once the document
// does. Those include what is reserved.
func increments(c inbox.LoadChange) bson.D {
	moved := map[string]int{document.CounterOf(c.Kind): c.Held()}
	out := bson.D{
		{Key: "livechats", Value: moved["livechats"]},
		{Key: "tickets", Value: moved["tickets"]},
		{Key: "open", Value: c.Held()},
	}
	if c.Reserved != 0 {
		out = append(out, bson.E{Key: document.ReservedCounterOf(c.Kind), Value: c.Reserved})
	}
	return out
}

// Loads returns the counters of the members. Members who never owned a conversation
// have no entry.
func (s *Store) Loads(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error) {
	loads, _, err := s.LoadsAndRotations(ctx, ws, members, nil)
	return loads, err
}
