package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/notify"
	"switchboard/store/document"
)

// sequenceNotifications assigns the next place to all notifications without one in the
// audiences of q. Commits cannot do that: those that notify would have to run one
// by one to know their order. The first list after a commit knows enough of the
// order: everything that it finds was committed before everything that it does not
// find. Transactions that assign places run one by one, as each moves the counter.
func (s *Store) sequenceNotifications(ctx context.Context, q notify.NotificationQuery) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return s.transact(ctx, transaction{
		do: func(tx context.Context) error {
			return s.adoption.after(ctx, s.assignSequence(tx, q), document.SequenceCounterID(q.Workspace))
		},
		done: func(context.Context) (bool, error) { return false, nil }, // nothing is refused
	})
}

func (s *Store) assignSequence(tx context.Context, q notify.NotificationQuery) error {
	var counter struct {
		Places int `bson:"places"`
	}
	err := s.loads.FindOneAndUpdate(tx,
		inWorkspace(q.Workspace, document.SequenceCounterID(q.Workspace)),
		bson.D{{Key: "$inc", Value: bson.D{{Key: "places", Value: 1}}}},
		options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After),
	).Decode(&counter)
	if isDuplicate(err) {
		return errAgain // two made the counter at once
	}
	if err != nil {
		return err
	}
	var c conditions
	c.add("workspace", q.Workspace)
	among(&c, "audience", q.Audiences)
	c.add("place", inbox.Unsequenced)
	_, err = s.events.UpdateMany(tx, c.filter(), bson.D{{Key: "$set", Value: bson.D{{Key: "place", Value: counter.Places}}}})
	return err
}
