package follow

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
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

// counts delivers the figures of some views to one caller. The counter of the workspace
// keeps them.
type counts struct {
	*Stream[[]ViewCount]
	views
	seat *seat
	// shown are the figures that were delivered last; nil before the first.
	shown []int
	// stale says that other views than before are counted, by the rights of now.
	stale bool
}

// Counts follows how many conversations each of the views holds: all of them first,
// and then those that changed. B:V5.
func (f *Streams) Counts(ctx context.Context, r Request, of []access.View) (*Stream[[]ViewCount], error) {
	c := &counts{stale: true}
	for i := range of {
		c.all = append(c.all, &of[i])
	}
	s, err := open[[]ViewCount](ctx, f, r, func(a access.Access) ([]access.Facet, error) {
		return c.starFacets(a), a.ViewsAny()
	})
	if err != nil {
		return nil, err
	}
	c.Stream, s.emit, s.ends = s, c.emit, c.leave
	s.beginWith("")
	return s, nil
}

func (c *counts) leave() {
	if c.seat != nil {
		c.seat.leave()
	}
}

func (c *counts) emit(ctx context.Context, item *feed.Item) error {
	if err := c.access.ViewsAny(); err != nil {
		return err
	}
	e := item.Event
	if c.refresh(c.access, e.Type == inbox.DirectoryEvent) || c.starsChanged(c.access, e) {
		c.stale = true
	}
	if c.stale {
		if err := c.recount(ctx); err != nil {
			return err
		}
	}
	if c.pause != nil {
		return nil
	}
	return c.figures(ctx)
}

// recount follows the views by the rights of now. The figures show whatever this server
// has heard until now.
func (c *counts) recount(ctx context.Context) (err error) {
	if c.seat == nil {
		if c.seat, err = c.counters.join(c.Streams, c.request.Principal.Workspace, c.ask); err != nil {
			return err
		}
		c.seat.keep = c.request.Keep
	}
	if err := c.readStars(ctx, c.Streams, c.request.Principal); err != nil {
		return err
	}
	c.refresh(c.access, true)
	c.all = c.seat.follow(c.all, c.filter, c.source.Last())
	c.stale = false
	return nil
}

// figures delivers those that changed.
func (c *counts) figures(ctx context.Context) error {
	now, position, number, err := c.seat.figures(ctx)
	if err != nil || now == nil {
		return err
	}
	if number > c.number {
		c.position, c.at, c.number = position, position, number
	}
	var out []ViewCount
	for i, n := range now {
		if c.shown == nil || n != c.shown[i] {
			out = append(out, ViewCount{i, n})
		}
	}
	if c.shown == nil || len(out) > 0 {
		c.push(out)
		c.rest(betweenFigures)
	}
	c.shown = now
	return nil
}
