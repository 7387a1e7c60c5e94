package mongo

import (
	"context"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// notificationsOf are the notifications of events: those to insert, and digests, each once
// with all that the events add to it.
func notificationsOf(events []inbox.Event) (single []any, digests []inbox.Notification) {
	joined := map[inbox.NotificationID]inbox.Notification{}
	for _, e := range events {
		for _, n := range inbox.NotificationsOf(e) {
			before, there := joined[n.ID]
			switch {
			case !n.IsDigest():
				single = append(single, document.OfNotification(n))
			case there:
				joined[n.ID] = before.Joined(n)
			default:
				joined[n.ID] = n
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(joined)) {
		digests = append(digests, joined[id])
	}
	return single, digests
}

// joinDigests adds to the digests that are there, and inserts the others. Commits of one
// server that add to one digest wait for each other, see jobOf.
func (s *Store) joinDigests(tx context.Context, digests []inbox.Notification) error {
	if len(digests) == 0 {
		return nil
	}
	models := make([]driver.WriteModel, 0, len(digests))
	for _, n := range digests {
		update, err := joining(n)
		if err != nil {
			return err
		}
		one := driver.NewUpdateOneModel().SetUpsert(true).SetFilter(inWorkspace(n.Workspace, n.ID))
		models = append(models, one.SetUpdate(update))
	}
	_, err := s.events.BulkWrite(tx, models, options.BulkWrite().SetOrdered(true))
	if isDuplicate(err) {
		return errAgain // two made it at once
	}
	return err
}

// joining is the update by which n is added to its digest.
func joining(n inbox.Notification) (bson.D, error) {
	d := document.OfNotification(n)
	d.Count = 0
	raw, err := bson.Marshal(d)
	if err != nil {
		return nil, err
	}
	var set bson.D
	if err := bson.Unmarshal(raw, &set); err != nil {
		return nil, err
	}
	set = slices.DeleteFunc(set, func(e bson.E) bool { return e.Key == "_id" || e.Key == "workspace" })
	return bson.D{{Key: "$set", Value: set}, {Key: "$inc", Value: bson.D{{Key: "count", Value: n.Count}}}}, nil
}

// takeFromDigests counts conversations less in digests that announced them, and removes
// those in which none is left.
func (s *Store) takeFromDigests(
	tx context.Context, ws workspace.WorkspaceID, smaller map[inbox.NotificationID]int,
) error {
	if len(smaller) == 0 {
		return nil
	}
	var models []driver.WriteModel
	for _, id := range slices.Sorted(maps.Keys(smaller)) {
		less := bson.D{{Key: "$inc", Value: bson.D{{Key: "count", Value: -smaller[id]}}}}
		models = append(models, driver.NewUpdateOneModel().SetFilter(inWorkspace(ws, id)).SetUpdate(less))
		empty := append(inWorkspace(ws, id), bson.E{Key: "count", Value: bson.D{{Key: "$lte", Value: 0}}})
		models = append(models, driver.NewDeleteOneModel().SetFilter(empty))
	}
	_, err := s.events.BulkWrite(tx, models, options.BulkWrite().SetOrdered(true))
	return err
}

// digestsOf are the digests that a change adds to or takes from.
func digestsOf(c commit.Change) []inbox.NotificationID {
	var out []inbox.NotificationID
	if gone, ok := inbox.Withdrawn(c.Event); ok && gone.IsDigest() {
		out = append(out, gone.ID)
	}
	for _, n := range inbox.NotificationsOf(c.Event) {
		if n.IsDigest() {
			out = append(out, n.ID)
		}
	}
	return out
}
