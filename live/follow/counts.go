package follow

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/live/feed"
)

// betweenFigures is how long a stream rests after figures, so that ten a second come
// at most.
const betweenFigures = 100 * time.Millisecond

// ViewCount is how many conversations a view holds, counted to commit.CountLimit.
type ViewCount struct {
	View  int // the index in the request
	Count int
}

// counts keeps the figures of some views for one caller.
type counts struct {
	*Stream[[]ViewCount]
	views
	tallies []*Tally
	// shown are the figures that were delivered last; nil before the first.
	shown []int
	// stale says that the figures have to be counted anew.
	stale bool
}

// Counts follows how many conversations each of the views holds: all of them first,
// and then those that changed. B:V5.
func (f *Streams) Counts(ctx context.Context, r Request, of []access.View) (*Stream[[]ViewCount], error) {
	c := &counts{views: views{all: of}, stale: true}
	for _, view := range of {
		c.tallies = append(c.tallies, NewTally(view, commit.CountLimit))
	}
	s, _, err := watch[[]ViewCount](ctx, f, r, &c.views)
	if err != nil {
		return nil, err
	}
	c.Stream, s.emit = s, c.emit
	s.beginWith("")
	return s, nil
}

func (c *counts) emit(ctx context.Context, item *feed.Item) (err error) {
	if err := c.access.ViewsAny(); err != nil {
		return err
	}
	e := item.Event
	if c.refresh(c.access, e.Type == inbox.DirectoryEvent) || item.Gap || c.starsChanged(c.access, e) {
		c.stale = true
	}
	switch {
	case c.stale:
		err = c.recount(ctx)
	case e.After != nil:
		err = c.apply(ctx, e)
	}
	if err == nil && c.pause == nil {
		c.figures()
	}
	return err
}

// recount listens first and counts then: what comes meanwhile is applied to what
// was counted.
func (c *counts) recount(ctx context.Context) error {
	if err := rewatch(ctx, c.Stream, &c.views); err != nil {
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

// load counts what a view holds, which an index does. It reads the conversations of a
// view below the limit only.
func (c *counts) load(ctx context.Context, i int) error {
	p, view, tally := c.request.Principal, c.all[i], c.tallies[i]
	n, err := c.Reader.CountUpTo(ctx, p, view, tally.Wants())
	if err != nil || tally.Begin(n) {
		return err
	}
	all, err := c.Reader.OwnershipSnapshots(ctx, p, view, tally.Wants())
	if err == nil {
		c.tallies[i].Load(all)
	}
	return err
}

func (c *counts) apply(ctx context.Context, e inbox.Event) error {
	for i, t := range c.tallies {
		if t.Apply(c.filter, e, c.Words) {
			continue
		}
		if err := c.load(ctx, i); err != nil {
			c.stale = true // what is not known is counted with the next attempt
			return err
		}
	}
	return nil
}

// figures delivers those that changed.
func (c *counts) figures() {
	var out []ViewCount
	first := c.shown == nil
	if first {
		c.shown = make([]int, len(c.tallies))
	}
	for i, t := range c.tallies {
		if n := t.Count(); first || n != c.shown[i] {
			c.shown[i] = n
			out = append(out, ViewCount{i, n})
		}
	}
	if first || len(out) > 0 {
		c.push(out)
		c.pause = time.After(betweenFigures)
	}
}
