package eventlog

import (
	"context"
	"errors"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
)

// attempts is how often entries are numbered again because some are in the log already.
const attempts = 10

// writer numbers events and writes them. No two writers can number twice, since neither a
// number nor a record can be in the log twice; so the progress, which costs a transaction, is
// written now and then, and who begins behind it finds what is there.
type writer struct {
	*Numberer
	at     Progress // as it is stored
	behind string   // the position behind the last event that was numbered
	// ends are the last entries of the workspaces that it met.
	ends map[workspace.WorkspaceID]Entry
	kept time.Time // when the progress was last written
}

func (n *Numberer) writer(at Progress) *writer {
	return &writer{Numberer: n, at: at, behind: at.Position, ends: map[workspace.WorkspaceID]Entry{}, kept: n.now()}
}

// write numbers the events of items in their order.
func (w *writer) write(ctx context.Context, items []feed.FeedItem) error {
	var entries []Entry
	for _, item := range items {
		for _, n := range Of(item.Event) {
			n.Position = item.Position
			entries = append(entries, n)
		}
	}
	_, position := eventsIn(items)
	every := keepPosition
	if len(entries) > 0 {
		every = keepProgress
		w.lag.begin(entries[0].At)
	}
	write := func(some []Entry) error {
		if len(some) == 0 {
			return nil
		}
		return w.store.ExtendLog(context.WithoutCancel(ctx), some)
	}
	if err := w.put(ctx, entries, write); err != nil {
		return err
	}
	w.behind = position
	if len(entries) > 0 {
		w.lag.done(entries[0].At, w.now())
	}
	if w.now().Sub(w.kept) < every {
		return nil
	}
	return w.keep(ctx)
}

// keep writes the progress.
func (w *writer) keep(ctx context.Context) error {
	next := w.at
	next.Position = w.behind
	return w.append(ctx, next, nil)
}

// append writes entries, which have no numbers yet, with the progress.
func (w *writer) append(ctx context.Context, next Progress, entries []Entry) error {
	next.Rev = w.at.Rev + 1
	write := func(some []Entry) error { return w.store.AppendLog(context.WithoutCancel(ctx), next, some) }
	if err := w.put(ctx, entries, write); err != nil {
		return err
	}
	w.at, w.behind, w.kept = next, next.Position, w.now()
	return nil
}

// put numbers entries and has them written, also if none is left of them. What is in the log already, since the feed and what
// was stored overlap or another server numbers as well, is left out. Observers hear where
// the logs end in any case: whoever wrote it may have died before it told them.
func (w *writer) put(ctx context.Context, entries []Entry, write func([]Entry) error) error {
	met := map[workspace.WorkspaceID]bool{}
	for _, n := range entries {
		met[n.Workspace] = true
	}
	for attempt := 1; ; attempt++ {
		err := w.number(ctx, entries)
		if err == nil {
			err = write(entries)
		}
		if err == nil {
			break
		}
		clear(w.ends)
		if attempt == attempts || !errors.Is(err, commit.ErrDuplicateKey) {
			return err
		}
		if entries, err = w.missing(ctx, entries); err != nil {
			return err
		}
	}
	return w.tell(ctx, met)
}

// number numbers entries behind those that are there.
func (w *writer) number(ctx context.Context, entries []Entry) error {
	for i := range entries {
		n := &entries[i]
		last, err := w.last(ctx, n.Workspace)
		if err != nil {
			return err
		}
		n.Sequence, n.Clock = last.Sequence+1, n.At
		if last.Clock.After(n.At) {
			n.Clock = last.Clock
		}
		w.ends[n.Workspace] = *n
	}
	return nil
}

func (w *writer) last(ctx context.Context, ws workspace.WorkspaceID) (Entry, error) {
	if last, known := w.ends[ws]; known {
		return last, nil
	}
	ends, err := w.store.LogEnds(ctx, ws)
	if err != nil || len(ends) == 0 {
		return Entry{}, err
	}
	return ends[len(ends)-1], nil
}

// missing returns those of entries that are not in the log.
func (w *writer) missing(ctx context.Context, entries []Entry) ([]Entry, error) {
	ids := map[workspace.WorkspaceID][]string{}
	for _, n := range entries {
		ids[n.Workspace] = append(ids[n.Workspace], n.ID)
	}
	there := map[string]Sequence{}
	for ws, some := range ids {
		found, err := w.store.LogSequences(ctx, ws, some)
		if err != nil {
			return nil, err
		}
		for id, n := range found {
			there[id] = n
		}
	}
	return slices.DeleteFunc(entries, func(n Entry) bool { return there[n.ID] != 0 }), nil
}

// tell tells the observers where the logs of some workspaces end now.
func (w *writer) tell(ctx context.Context, met map[workspace.WorkspaceID]bool) error {
	for ws := range met {
		newest, err := w.last(ctx, ws)
		if err != nil {
			return err
		}
		for _, o := range w.observers {
			o.Numbered(newest)
		}
	}
	return nil
}

// stored numbers events that were read from where they are stored.
func (w *writer) stored(ctx context.Context, next Progress, events []inbox.Event) error {
	var entries []Entry
	for _, e := range events {
		entries = append(entries, Of(e)...)
	}
	entries, err := w.missing(ctx, entries)
	if err != nil {
		return err
	}
	return w.append(ctx, next, entries)
}
