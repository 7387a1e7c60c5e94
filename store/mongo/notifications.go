package mongo

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// settleNotifications removes the notifications that events of one workspace withdraw,
// leaves out of others the members who declined, and marks those that they settle, in one
// round trip for each of the three: only events that do so cost one. The index is that of a
// conversation's records, as a member may have any number of notifications.
func (s *Store) settleNotifications(tx context.Context, events []inbox.Event) error {
	var withdrawn, settled []inbox.ConversationID
	var pairs bson.A // of a conversation and the member for whom it is settled
	var over []inbox.NotificationKind
	smaller := map[inbox.NotificationID]int{}
	var left []driver.WriteModel
	for _, e := range events {
		if gone, ok := inbox.Withdrawn(e); ok {
			withdrawn = append(withdrawn, e.Conversation)
			if gone.IsDigest() {
				smaller[gone.ID]++
			}
		}
		if gone, ok := inbox.TakenBack(e); ok {
			left = append(left, takingBack(gone))
		}
		if to, kinds, ok := inbox.Settled(e); ok {
			settled, over = append(settled, e.Conversation), kinds
			pairs = append(pairs, bson.D{{Key: "conversation", Value: e.Conversation}, {Key: "audience", Value: to}})
		}
	}
	if err := s.takeFromDigests(tx, events[0].Workspace, smaller); err != nil {
		return err
	}
	if len(left) > 0 {
		if _, err := s.events.BulkWrite(tx, left); err != nil {
			return err
		}
	}
	if len(withdrawn) > 0 {
		filter := recordsIn(events[0].Workspace, withdrawn, document.ClaimableRecord)
		if _, err := s.events.DeleteMany(tx, filter, options.DeleteMany().SetHint(messageIndex)); err != nil {
			return err
		}
	}
	if len(settled) == 0 {
		return nil
	}
	filter := append(recordsIn(events[0].Workspace, settled, document.NotificationRecord),
		bson.E{Key: "$or", Value: pairs}, bson.E{Key: "kind", Value: bson.D{{Key: "$in", Value: over}}})
	update := bson.D{{Key: "$set", Value: bson.D{{Key: "over", Value: true}}}}
	_, err := s.events.UpdateMany(tx, filter, update, options.UpdateMany().SetHint(messageIndex))
	return err
}

// takingBack leaves the actor of gone out of the notification.
func takingBack(gone inbox.Notification) driver.WriteModel {
	update := bson.D{{Key: "$addToSet", Value: bson.D{{Key: "except", Value: gone.Actor.Member()}}}}
	return driver.NewUpdateOneModel().SetFilter(inWorkspace(gone.Workspace, gone.ID)).SetUpdate(update)
}

// recordsIn are the records of one sort in conversations.
func recordsIn(ws workspace.WorkspaceID, in []inbox.ConversationID, sort document.Record) bson.D {
	return bson.D{
		{Key: "workspace", Value: ws}, {Key: "conversation", Value: bson.D{{Key: "$in", Value: in}}}, {Key: "record", Value: sort},
	}
}

// ListNotifications lists a page of a member's notifications, by place, newest
// first: see inbox.Notifications.
func (s *Store) ListNotifications(ctx context.Context, q notify.NotificationQuery) (inbox.Page[inbox.Notification], error) {
	filter := notificationConditions(q)
	if filter.never {
		return inbox.Page[inbox.Notification]{}, nil
	}
	page, err := s.notificationPage(ctx, filter, q.Page)
	if err == nil && slices.ContainsFunc(page.Items, func(d document.Notification) bool { return d.Place == inbox.Unsequenced }) {
		if err = s.sequenceNotifications(ctx, q); err == nil {
			unplaced := bson.D{{Key: "$gte", Value: inbox.Unsequenced}}
			filter.add("place", bson.D{{Key: "$not", Value: unplaced}}) // later arrivals are for the next list
			page, err = s.notificationPage(ctx, filter, q.Page)
		}
	}
	return store.Convert(page, document.Notification.Notification), fault("list notifications", err)
}

func (s *Store) notificationPage(ctx context.Context, filter conditions, page inbox.PageRequest) (inbox.Page[document.Notification], error) {
	return list[document.Notification](ctx, s, listing{
		from: s.events, filter: filter, lead: "place", field: "at", desc: true, index: notificationIndex,
		walked: []string{"workspace", "audience"}, page: page,
	})
}

// CountNotifications counts a member's notifications, up to limit.
func (s *Store) CountNotifications(ctx context.Context, q notify.NotificationQuery, limit int) (int, error) {
	filter := notificationConditions(q)
	if filter.never || limit <= 0 {
		return 0, nil
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	n, err := s.events.CountDocuments(ctx, filter.filter(), options.Count().SetLimit(int64(limit)).SetHint(notificationIndex))
	return int(n), fault("count notifications", err)
}

// notificationIndex holds notifications only.
const notificationIndex = "notifications_by_place"

func notificationConditions(q notify.NotificationQuery) conditions {
	var c conditions
	c.never = len(q.Audiences) == 0
	c.add("workspace", q.Workspace)
	among(&c, "audience", q.Audiences)
	c.add("except", bson.D{{Key: "$ne", Value: q.Member}})
	if q.Unread == nil {
		return c
	}
	c.add("over", bson.D{{Key: "$ne", Value: true}})
	if upTo := q.Unread.UpTo; upTo.ID != "" {
		c = narrowedBySequence(c, "place", "at", *storedCursor(&upTo), true, false)
	}
	if read := q.Unread.Single; len(read) > 0 {
		ids := make([]string, 0, len(read))
		for _, p := range read {
			ids = append(ids, p.ID)
		}
		c.add("_id", bson.D{{Key: "$nin", Value: ids}})
	}
	return c
}

// NotificationsByID finds several notifications at once. Ids that do not exist have
// no entry.
func (s *Store) NotificationsByID(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.NotificationID) (map[inbox.NotificationID]inbox.Notification, error) {
	docs, err := byIDs(ctx, s, s.events, ws, ids, document.Notification.IsNotification)
	out := make(map[inbox.NotificationID]inbox.Notification, len(docs))
	for _, d := range docs {
		out[d.ID] = d.Notification()
	}
	return out, fault("read notifications", err)
}

// Events finds several events at once. Ids that do not exist have no entry.
func (s *Store) Events(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.EventID) (map[inbox.EventID]inbox.Event, error) {
	docs, err := byIDs(ctx, s, s.events, ws, ids, isEvent)
	if err == nil {
		docs, err = whole(ctx, s, docs)
	}
	out := make(map[inbox.EventID]inbox.Event, len(docs))
	for _, d := range docs {
		out[d.ID] = d.Event()
	}
	return out, fault("read events", err)
}

// ReadMarks reads a member's marks; Rev is 0 when there are none.
func (s *Store) ReadMarks(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) (notify.ReadMarks, error) {
	doc, err := byID(ctx, s, s.readMarks, ws, document.LoadID(ws, m), all[document.ReadMarks])
	if errors.Is(err, driver.ErrNoDocuments) {
		return notify.ReadMarks{Workspace: ws, Member: m}, nil
	}
	return doc.Marks(), fault("read the read marks", err)
}

// SaveReadMarks replaces the marks, whose Rev must be one more than the stored
// one. ErrStale otherwise.
func (s *Store) SaveReadMarks(ctx context.Context, marks notify.ReadMarks) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc := document.OfReadMarks(marks)
	return fault("save the read marks", replace(ctx, s.readMarks, inWorkspace(doc.Workspace, doc.ID), doc.Rev, doc))
}
