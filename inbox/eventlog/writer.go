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

// writer numbers events and writes them with the progress.
type writer struct {
	*Numberer
	at Progress
	// ends are the last entries of the workspaces that it met.
	ends map[workspace.WorkspaceID]Entry
	kept time.Time // when the position was last written
}

func (n *Numberer) writer(at Progress) *writer {
	return &writer{Numberer: n, at: at, ends: map[workspace.WorkspaceID]Entry{}, kept: n.now()}
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
	if len(entries) == 0 && w.now().Sub(w.kept) < keepPosition {
		return nil
	}
	next := w.at
	_, next.Position = eventsIn(items)
	if len(entries) == 0 {
		return w.append(ctx, next, nil)
	}
	oldest := entries[0].At
	w.lag.begin(oldest)
	if err := w.append(ctx, next, entries); err != nil {
		return err
	}
	w.lag.done(oldest, w.now())
	return nil
}

// append writes entries, which have no numbers yet, and the progress. What is in the log
// already, since the feed and what was stored overlap, is left out.
func (w *writer) append(ctx context.Context, next Progress, entries []Entry) error {
	next.Rev = w.at.Rev + 1
	err := w.try(ctx, next, entries)
	if errors.Is(err, commit.ErrDuplicateKey) {
		if entries, err = w.missing(ctx, entries); err == nil {
			err = w.try(ctx, next, entries)
		}
	}
	if err != nil {
		return err
	}
	w.at, w.kept = next, w.now()
	w.tell(entries)
	return nil
}

// try numbers entries behind those that are there, and writes them. After a failure it
// asks again which are there.
func (w *writer) try(ctx context.Context, next Progress, entries []Entry) error {
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
	// A transaction that is cut off locks the progress, and holds up the feed of everybody,
	// until the database ends it: so this one ends before a server that stops.
	err := w.store.AppendLog(context.WithoutCancel(ctx), next, entries)
	if err != nil {
		clear(w.ends)
	}
	return err
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

// tell tells the observers where each log ends now.
func (w *writer) tell(entries []Entry) {
	ends := map[workspace.WorkspaceID]Entry{}
	for _, n := range entries {
		ends[n.Workspace] = n
	}
	for _, o := range w.observers {
		for _, newest := range ends {
			o.Numbered(newest)
		}
	}
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
