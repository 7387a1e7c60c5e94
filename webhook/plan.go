package webhook

import (
	"context"
	"slices"

	"switchboard/inbox/access"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
)

// plan decides which of some records the endpoint gets, and puts these into their lanes. It
// waits until this server knows the rights that the key had when they were made: attempts
// ask for those of their moment, which are no older.
func (l *line) plan(ctx context.Context, found []eventlog.Record) error {
	if err := l.judged.Await(ctx, found[len(found)-1].Sequence); err != nil {
		return err
	}
	a, err := l.Access(ctx, webhooks.Principal(l.w))
	if err != nil {
		return errChanged // whether it still is sent anything is decided anew
	}
	first, err := l.readOriginals(ctx, found)
	if err != nil {
		return err
	}
	present, err := l.present(ctx, a, found)
	if err != nil {
		return err
	}
	for i := range found {
		l.planOne(a, &found[i], present, first)
	}
	return nil
}

// present reads the conversations of records, if what the key sees depends on them. What
// earlier versions stored of a change does not say who feeds the conversation.
func (l *line) present(ctx context.Context, a access.Access, of []eventlog.Record) (webhooks.Present, error) {
	if !eventlog.OnlyFeeds(a) {
		return nil, nil
	}
	return l.Records.Present(ctx, l.w.Workspace, of)
}

func (l *line) planOne(a access.Access, r *eventlog.Record, present webhooks.Present, first originals) {
	sequence := int64(r.Sequence)
	if d, ok := l.restored[sequence]; ok {
		delete(l.restored, sequence)
		before := d.State
		if d = l.asNow(d, *r); d.State != before {
			l.dirty = append(l.dirty, d)
		}
		l.window.Plan(sequence, d.State != webhooks.Skipped)
		if d.State.Settled() {
			l.window.Settle(sequence, d.State != webhooks.Skipped)
			return
		}
		l.remember(sequence, first)
		l.lanes.add(&task{Delivery: d})
		return
	}
	if !webhooks.Wanted(l.w, *r) || !l.takes(*r, first) {
		l.window.Plan(sequence, false)
		return
	}
	d := webhooks.Delivery{
		Workspace: l.w.Workspace, Webhook: l.w.ID, Record: r.ID, Kind: r.Kind, Sequence: sequence, Replay: l.name(), Lane: webhooks.LaneOf(l.w, *r), State: webhooks.Pending,
	}
	sees := webhooks.Sees(a, *r, present)
	d.Previous = l.window.Plan(sequence, sees)
	if !sees {
		l.dirty = append(l.dirty, d.Skip())
		return
	}
	l.remember(sequence, first)
	t := &task{Delivery: d}
	if l.kept < keptRecords {
		t.record = r
		l.kept++
	}
	l.lanes.add(t)
}

// asNow is a delivery that was stored before, by the settings that the endpoint has now:
// these may have changed since it was planned.
func (l *line) asNow(d webhooks.Delivery, r eventlog.Record) webhooks.Delivery {
	d = d.At(l.w.AddressAt)
	d.Lane = webhooks.LaneOf(l.w, r)
	if !d.State.Settled() && !webhooks.Wanted(l.w, r) {
		return d.Skip()
	}
	return d
}

// takes reports whether a replay is about the record.
func (l *line) takes(r eventlog.Record, first originals) bool {
	if l.replay == nil {
		return true
	}
	if l.replay.Parked && first.stored[int64(r.Sequence)].State != webhooks.Parked {
		return false
	}
	return len(l.replay.Conversations) == 0 || slices.Contains(l.replay.Conversations, string(r.Conversation))
}
