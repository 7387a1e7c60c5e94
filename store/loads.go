package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"

	"switchboard/inbox"
)

// loadDoc is a member's load. It is a document of the collection conversations,
// so that one command moves a conversation and the counters. It has no
// workspace field, so no list and no index on one ever meets it.
type loadDoc struct {
	ID               string         `bson:"_id"`
	Member           inbox.MemberID `bson:"loadOf"`
	Livechats        int            `bson:"livechats"`
	Tickets          int            `bson:"tickets"`
	Open             int            `bson:"open"` // both kinds, to compare with a cap
	LastAutoAssigned time.Time      `bson:"lastAutoAssigned"`
}

func loadID(ws inbox.WorkspaceID, m inbox.MemberID) string {
	return "load/" + url.PathEscape(string(ws)) + "/" + url.PathEscape(string(m))
}

func counterOf(k inbox.Kind) string {
	if k == inbox.Ticket {
		return "tickets"
	}
	return "livechats"
}

// cappedCounter is the counter that a cap on these kinds is compared with.
func cappedCounter(counted []inbox.Kind) string {
	if len(counted) == 1 {
		return counterOf(counted[0])
	}
	return "open"
}

func loadModels(ws inbox.WorkspaceID, changes []inbox.LoadChange) []mongo.WriteModel {
	models := make([]mongo.WriteModel, 0, len(changes))
	for _, c := range changes {
		models = append(models, loadModel(ws, c))
	}
	return models
}

// loadModel moves one counter. At the cap its filter finds nothing, so that the
// upsert inserts a second document of that id, which the index refuses.
func loadModel(ws inbox.WorkspaceID, c inbox.LoadChange) mongo.WriteModel {
	filter := bson.D{{Key: "_id", Value: loadID(ws, c.Member)}}
	update := bson.D{
		{Key: "$set", Value: bson.D{{Key: "loadOf", Value: c.Member}}},
		{Key: "$inc", Value: increments(c)},
	}
	if !c.AutoAssignedAt.IsZero() {
		update = append(update, bson.E{Key: "$max", Value: bson.D{{Key: "lastAutoAssigned", Value: c.AutoAssignedAt}}})
	}
	switch {
	case c.Delta < 0:
		filter = append(filter, bson.E{Key: counterOf(c.Kind), Value: bson.D{{Key: "$gte", Value: -c.Delta}}})
	case c.Cap > 0:
		filter = append(filter, bson.E{Key: cappedCounter(c.Counted), Value: bson.D{{Key: "$lt", Value: c.Cap}}})
	}
	return mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(update).SetUpsert(c.Delta >= 0)
}

// increments names every counter, so that each exists once the document does.
func increments(c inbox.LoadChange) bson.D {
	moved := map[string]int{counterOf(c.Kind): c.Delta}
	return bson.D{
		{Key: "livechats", Value: moved["livechats"]},
		{Key: "tickets", Value: moved["tickets"]},
		{Key: "open", Value: c.Delta},
	}
}

// whichDuplicate tells from the statement that was refused what the refusal
// means. Statement 0 is the conversation, the others are the loads.
func whichDuplicate(err error, c inbox.Change) error {
	if !isDuplicate(err) {
		return err
	}
	index := 0
	var bulk mongo.BulkWriteException
	var plain mongo.WriteErrors
	switch {
	case errors.As(err, &bulk) && len(bulk.WriteErrors) > 0:
		index = bulk.WriteErrors[0].Index
	case errors.As(err, &plain) && len(plain) > 0:
		index = plain[0].Index
	}
	switch {
	case index == 0:
		return inbox.ErrDuplicateKey
	case c.Loads[index-1].Cap > 0:
		return inbox.ErrAtCap
	default:
		return errAgain // two inserted the same member's first load at once
	}
}

// whyUnmatched finds out which statement found nothing.
func (s *Store) whyUnmatched(ctx context.Context, c inbox.Change) error {
	if !c.Create {
		stored, err := s.Conversation(ctx, c.Conversation.Workspace, c.Conversation.ID)
		if err != nil {
			return err
		}
		if !holds(c.Guard, stored) {
			return inbox.ErrStale
		}
	}
	loads, err := s.Loads(ctx, c.Conversation.Workspace, membersOf(c.Loads))
	if err != nil {
		return err
	}
	for _, l := range c.Loads {
		have := map[string]int{"livechats": loads[l.Member].Livechats, "tickets": loads[l.Member].Tickets}[counterOf(l.Kind)]
		if have+l.Delta < 0 {
			return fmt.Errorf("store: commit: the load of member %q in %s is %d and cannot change by %d", l.Member, counterOf(l.Kind), have, l.Delta)
		}
	}
	return errAgain // somebody mended it meanwhile
}

// holds says of one conversation what guardFilter says as a filter.
func holds(g inbox.Guard, c inbox.Conversation) bool {
	return (g.Version == 0 || g.Version == c.Version) && (g.Epoch == 0 || g.Epoch == c.Epoch) && !(g.NotClosed && c.Status == inbox.Closed)
}

func membersOf(changes []inbox.LoadChange) []inbox.MemberID {
	members := make([]inbox.MemberID, 0, len(changes))
	for _, c := range changes {
		members = append(members, c.Member)
	}
	return members
}

// Loads gives the counters of the members; who never owned anything is left out.
func (s *Store) Loads(ctx context.Context, ws inbox.WorkspaceID, members []inbox.MemberID) (map[inbox.MemberID]inbox.Load, error) {
	ids := make([]string, 0, len(members))
	for _, m := range members {
		ids = append(ids, loadID(ws, m))
	}
	docs, err := byIDs(ctx, s, s.conversations, ids, func(loadDoc) bool { return true })
	if err != nil {
		return nil, fault("read loads", err)
	}
	loads := make(map[inbox.MemberID]inbox.Load, len(docs))
	for _, d := range docs {
		loads[d.Member] = inbox.Load{Livechats: d.Livechats, Tickets: d.Tickets, LastAutoAssigned: d.LastAutoAssigned}
	}
	return loads, nil
}
