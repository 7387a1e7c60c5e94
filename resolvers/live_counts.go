package resolvers

import (
	"context"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/live"
)

type countsChanges = []*model.InboxCountsChange

// betweenFigures is how long a subscriber rests after figures, so that ten a
// second come at most.
const betweenFigures = 100 * time.Millisecond

// countStream keeps the figures of some views for one caller.
type countStream struct {
	visibleViews
	stream  *stream[*model.InboxCountsChange]
	tallies []*live.Tally
	// shown are the figures that the client was told last; nil before the first.
	shown []int
	// stale says that the figures have to be counted anew.
	stale bool
}

// inboxCounted follows the figures of views. B:V5.
func (r *Resolver) inboxCounted(ctx context.Context, in []*model.InboxView) (<-chan *model.InboxCountsChange, error) {
	views, err := r.viewsOf(ctx, in)
	if err != nil {
		return nil, err
	}
	c := &countStream{visibleViews: newVisibleViews(views...), stale: true}
	for _, view := range views {
		c.tallies = append(c.tallies, live.NewTally(view, commit.CountLimit))
	}
	if c.stream, _, err = watch[*model.InboxCountsChange](ctx, r, &c.visibleViews, nil); err != nil {
		return nil, err
	}
	c.stream.gap("")
	c.stream.emit = c.emit
	c.stream.start(ctx)
	return c.stream.out, nil
}

func (r *Resolver) viewsOf(ctx context.Context, in []*model.InboxView) ([]access.View, error) {
	if len(in) > maxViews {
		return nil, inbox.Invalid("views", "views has %d entries; at most %d are allowed.", len(in), maxViews)
	}
	views := make([]access.View, 0, len(in))
	for _, v := range in {
		view, _, err := r.viewIn(ctx, v, nil)
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, nil
}

func (c *countStream) emit(ctx context.Context, s *scope, item *live.Item) (countsChanges, bool, error) {
	if err := s.access.ViewsAny(); err != nil {
		return nil, false, err
	}
	if c.refresh(s.access, item.Event.Type == inbox.DirectoryEvent) || item.Gap || c.starsChanged(s, item.Event) {
		c.stale = true
	}
	var err error
	switch {
	case c.stale:
		err = c.recount(ctx)
	case item.Event.After != nil:
		err = c.apply(ctx, item.Event)
	}
	if err != nil {
		return nil, false, err
	}
	return c.figures(), true, nil
}

// recount listens first and counts then: what comes meanwhile is applied to what
// was counted.
func (c *countStream) recount(ctx context.Context) error {
	c.stale = true // until all of it is done
	if err := resubscribe(ctx, c.stream, &c.visibleViews); err != nil {
		return err
	}
	for i := range c.tallies {
		if err := c.load(ctx, i); err != nil {
			return err
		}
	}
	c.stale = false
	return nil
}

func (c *countStream) load(ctx context.Context, i int) error {
	all, err := c.stream.r.Inbox.Reader.OwnershipSnapshots(ctx, c.stream.principal, c.views[i], c.tallies[i].Wants())
	if err == nil {
		c.tallies[i].Load(all)
	}
	return err
}

func (c *countStream) apply(ctx context.Context, e inbox.Event) error {
	for i, t := range c.tallies {
		if t.Apply(c.filter, e, c.stream.r.Words) {
			continue
		}
		if err := c.load(ctx, i); err != nil {
			c.stale = true // what is not known is counted with the next attempt
			return err
		}
	}
	return nil
}

// figures are those that changed since the client was told, once it has rested.
func (c *countStream) figures() countsChanges {
	if c.stream.pause != nil {
		return nil
	}
	out := &model.InboxCountsChange{Cursor: c.stream.cursor(c.stream.position), Counts: []*model.InboxCount{}}
	first := c.shown == nil
	if first {
		c.shown = make([]int, len(c.tallies))
	}
	for i, t := range c.tallies {
		if n := t.Count(); first || n != c.shown[i] {
			c.shown[i] = n
			out.Counts = append(out.Counts, &model.InboxCount{View: i, Count: n})
		}
	}
	if !first && len(out.Counts) == 0 {
		return nil
	}
	c.stream.pause = time.After(betweenFigures)
	return countsChanges{out}
}
