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
	"switchboard/store/document"
)

// errGuards says that the guard of at least one of several changes does not hold.
var errGuards = errors.New("store: a conversation changed meanwhile")

// dropped are changes that cannot be written, by the reason; the others can go on.
type dropped struct {
	those  func(commit.Change) bool
	reason error
}

func (d *dropped) Error() string { return d.reason.Error() }

func (d *dropped) Unwrap() error { return d.reason }

// together writes changes of different conversations in one transaction, in their order.
// Those that cannot be written are left out, each with its own error, and the rest is
// tried again; if it is unknown which these are, each half is tried by itself.
func (c *committer) together(ctx context.Context, all []*pending) {
	for len(all) > 1 {
		err := c.store.transact(ctx, transaction{
			do: func(tx context.Context) error {
				return c.store.adoption.after(ctx, c.write(tx, all), loadsOf(changesOf(all)...)...)
			},
			done: func(ctx context.Context) (bool, error) { return c.recorded(ctx, all) },
		})
		var some *dropped
		switch {
		case err == nil:
			return
		case errors.As(err, &some):
			all = leave(all, some)
		case errors.Is(err, errGuards):
			all = c.leaveStale(ctx, all)
		case ctx.Err() != nil || passes(err) || inbox.CodeOf(err) == inbox.Unavailable:
			for _, p := range all {
				p.err = err
			}
			return
		default:
			half := len(all) / 2
			c.together(ctx, all[:half])
			all = all[half:]
		}
	}
	if len(all) == 1 {
		c.alone(ctx, all[0])
	}
}

// leave returns the changes that are not dropped.
func leave(all []*pending, some *dropped) (rest []*pending) {
	for _, p := range all {
		if some.those(p.change) {
			p.err = some.reason
			continue
		}
		rest = append(rest, p)
	}
	return rest
}

// leaveStale returns the changes whose guard holds. If all of them hold by now, the last
// is left for a transaction of its own, so that this ends.
func (c *committer) leaveStale(ctx context.Context, all []*pending) (rest []*pending) {
	guards := make(bson.A, 0, len(all))
	for _, p := range all {
		guards = append(guards, guardFilter(p.change))
	}
	docs, err := find[document.ConversationState](ctx, c.store, c.store.conversations,
		bson.D{{Key: "workspace", Value: all[0].change.Conversation.Workspace}, {Key: "$or", Value: guards}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	those := map[inbox.ConversationID]bool{}
	for _, d := range docs {
		those[d.ID] = true
	}
	for _, p := range all {
		switch {
		case err != nil:
			p.err = err
		case !those[p.change.Conversation.ID]:
			p.err = c.whyStale(ctx, p.change)
		default:
			rest = append(rest, p)
		}
	}
	if len(rest) == len(all) {
		last := rest[len(rest)-1]
		rest = rest[:len(rest)-1]
		c.alone(ctx, last)
	}
	return rest
}

// write makes one attempt. The loads and rotations come first: they are why these changes
// are written together, and what another server may be at, which is known after one round
// trip then. A transaction that meets another fails wherever it writes the document.
func (c *committer) write(tx context.Context, all []*pending) error {
	if err := c.moveLoads(tx, changesOf(all)...); err != nil {
		return err
	}
	return c.writeEvents(tx, all)
}

// writeEvents writes the conversations and their events.
func (c *committer) writeEvents(tx context.Context, all []*pending) error {
	after, err := c.writeConversations(tx, all)
	if err != nil {
		return err
	}
	events := make([]inbox.Event, 0, len(all))
	for _, p := range all {
		p.event = document.Left(p.change.Event, after[p.change.Conversation.ID])
		events = append(events, p.event)
	}
	return c.store.record(tx, events...)
}

func changesOf(all []*pending) []commit.Change {
	out := make([]commit.Change, 0, len(all))
	for _, p := range all {
		out = append(out, p.change)
	}
	return out
}

// writeConversations returns the conversations as it leaves them.
func (c *committer) writeConversations(
	tx context.Context, all []*pending,
) (map[inbox.ConversationID]inbox.Conversation, error) {
	models, ids := make([]driver.WriteModel, 0, len(all)), make([]inbox.ConversationID, 0, len(all))
	for _, p := range all {
		models = append(models, driver.NewUpdateOneModel().SetFilter(guardFilter(p.change)).SetUpdate(touching(p.change)))
		ids = append(ids, p.change.Conversation.ID)
	}
	res, err := c.store.conversations.BulkWrite(tx, models, options.BulkWrite().SetOrdered(true))
	switch {
	case hasCode(err, codeWriteConflict) && slices.ContainsFunc(all, func(p *pending) bool { return p.change.Yields }):
		return nil, &dropped{func(c commit.Change) bool { return c.Yields }, commit.ErrStale}
	case err != nil:
		return nil, err
	case int(res.MatchedCount) < len(models):
		return nil, errGuards
	}
	written := bson.D{
		{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "workspace", Value: all[0].change.Conversation.Workspace},
	}
	docs, err := find[document.ConversationState](tx, c.store, c.store.conversations, written, options.Find().SetProjection(withoutDerived()))
	if err == nil && len(docs) < len(ids) {
		err = fmt.Errorf("store: %d of %d conversations were read back", len(docs), len(ids))
	}
	after := make(map[inbox.ConversationID]inbox.Conversation, len(docs))
	for _, d := range docs {
		after[d.ID] = d.Conversation()
	}
	return after, err
}

// recorded reports whether an earlier attempt was committed, which recorded all events.
func (c *committer) recorded(ctx context.Context, all []*pending) (ok bool, err error) {
	for _, p := range all {
		if p.event, ok, err = c.store.recordedAs(ctx, p.change.Event); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}
