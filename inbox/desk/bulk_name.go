package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// name gives the call its id. With a key the id follows from it, so that a repeat is part
// of the same call: its events carry the same id, and its digest grows.
func (b *Bulk) name(run *bulkRun) error {
	r := run.request
	if err := inbox.CheckKey("idempotencyKey", r.Key); err != nil || r.DryRun {
		return err
	}
	run.answer.ID = inbox.BulkID(b.base.NewID())
	if r.Key != "" {
		run.answer.ID = inbox.BulkID(digest(string(run.by.Workspace), string(run.by.Actor.Kind), run.by.Actor.ID, r.Key))
		run.keys = keysOf(run.answer.ID)
	}
	return nil
}

// keysOf is what the idempotency keys of the items of a call begin with. It has one
// length, so that no call's keys begin as those of another.
func keysOf(id inbox.BulkID) string { return "bulk:" + string(id) + ":" }

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// items are the conversations of the call. A view is read once, and each conversation
// must still be as it was read: what has changed meanwhile may no longer belong to the
// view. A repeat begins with what the first call did, which the view need not hold any
// more.
func (b *Bulk) items(ctx context.Context, a access.Access, run *bulkRun) (items []BulkItem, more bool, err error) {
	if items, err = b.doneBefore(ctx, run); err != nil {
		return nil, false, err
	}
	if run.request.View == nil {
		return run.request.Items, false, nil
	}
	page, err := b.first(ctx, a, *run.request.View, run.request.Order)
	if err != nil {
		return nil, false, err
	}
	for _, c := range page.Items {
		if more = len(items) == MaxBulk; more {
			break
		}
		if !run.done[c.ID] {
			items = append(items, BulkItem{Conversation: c.ID, ExpectedVersion: &c.Version})
		}
	}
	return items, more || page.HasNext, nil
}

// doneBefore are the conversations that calls with the same key changed, the first one
// first; none if the call depends on them neither for its items nor for its choices.
func (b *Bulk) doneBefore(ctx context.Context, run *bulkRun) ([]BulkItem, error) {
	if run.keys == "" || run.request.View == nil && !run.request.Verb.chooses() {
		return nil, nil
	}
	run.done = map[inbox.ConversationID]bool{}
	events, err := b.store.EventsByKeys(ctx, run.by.Workspace, run.by.Actor, run.keys, MaxBulk)
	slices.SortFunc(events, func(a, b inbox.Event) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	out := make([]BulkItem, 0, len(events))
	for _, e := range events {
		run.done[e.Conversation] = true
		out = append(out, BulkItem{Conversation: e.Conversation})
	}
	return out, err
}

// first are the first MaxBulk conversations of a view.
func (b *Bulk) first(
	ctx context.Context, a access.Access, v access.View, in access.Order,
) (inbox.Page[inbox.Conversation], error) {
	reach, err := b.shelf.Reach(ctx, a, v)
	if err != nil {
		return inbox.Page[inbox.Conversation]{}, err
	}
	return b.store.ListConversations(ctx, access.ConversationQuery{
		Workspace: a.Principal.Workspace, View: v, Visibility: reach,
		Order: in, Page: inbox.PageRequest{Limit: MaxBulk},
	})
}
