package follow

import (
	"context"
	"sync"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// counters are those of a server, one for each workspace in which somebody follows
// counts. The zero value is ready.
type counters struct {
	mu sync.Mutex
	by map[workspace.WorkspaceID]*counter
}

// counter keeps the counts of one workspace: each view is counted once for all who see
// the same in it, and an event is looked at once, whoever follows. What a member alone
// sees, such as the own conversations, is a count of its own, which only the events of
// these conversations reach.
type counter struct {
	of      *counters
	streams *Streams
	ws      workspace.WorkspaceID
	stop    context.CancelFunc
	// seats is how many follow; guarded by the lock of counters.
	seats int

	mu sync.Mutex
	// number is that of the last item which the counts show; err is why there will be no
	// more.
	number uint64
	err    error
	counts map[string]*viewCount
	// byFacet finds the counts that an event may change.
	byFacet map[access.Facet]map[*viewCount]struct{}
	// waiting are seats that wait for the next item.
	waiting []*seat
}

// join returns a seat at the counter of a workspace, which rings by calling ring. Leave it.
func (cs *counters) join(s *Streams, ws workspace.WorkspaceID, ring func()) (*seat, error) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	c := cs.by[ws]
	if c == nil {
		c = &counter{
			of: cs, streams: s, ws: ws, counts: map[string]*viewCount{}, byFacet: map[access.Facet]map[*viewCount]struct{}{},
		}
		if err := c.start(); err != nil {
			return nil, err
		}
		if cs.by == nil {
			cs.by = map[workspace.WorkspaceID]*counter{}
		}
		cs.by[ws] = c
	}
	c.seats++
	return &seat{counter: c, ring: ring}, nil
}

// left ends the counter with its last seat.
func (cs *counters) left(c *counter) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if c.seats--; c.seats == 0 {
		c.stop()
		delete(cs.by, c.ws)
	}
}

// start listens. The goroutine ends with the last seat, or with the hub.
func (c *counter) start() error {
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	events, err := c.streams.Source.Hub.Subscribe(ctx, c.ws)
	if err != nil {
		stop()
		return err
	}
	c.number = events.Sequence()
	go c.run(ctx, events)
	return nil
}

// run applies events until nobody follows. Events that were lost because they came too
// fast make all counts unknown: whoever follows them counts anew.
func (c *counter) run(ctx context.Context, events *feed.Subscription) {
	for ctx.Err() == nil {
		events.Begun()
		for item := range events.Items() {
			c.apply(item)
		}
		err := events.Err()
		if err == feed.ErrSlow { //nolint:errorlint // the hub wraps nothing
			events, err = c.streams.Source.Hub.Subscribe(ctx, c.ws)
		}
		if err != nil {
			c.fail(err)
			return
		}
		c.apply(&feed.Item{Gap: true, Number: events.Sequence()})
	}
}

func (c *counter) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
	c.each(func(s *seat) { s.ring() })
}

// each visits the seats that follow something. It needs mu.
func (c *counter) each(visit func(*seat)) {
	for _, v := range c.counts {
		for s := range v.seats {
			visit(s)
		}
	}
}

// apply takes the next item.
func (c *counter) apply(item *feed.Item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.number = item.Number
	if item.Gap {
		for _, v := range c.counts {
			v.forget()
		}
	}
	if item.Event.After != nil {
		for _, k := range access.EventFacets(item.Event) {
			for v := range c.byFacet[k] {
				v.apply(item, c.streams.Words)
			}
		}
	}
	for _, s := range c.waiting {
		s.waits = false
		s.ring()
	}
	c.waiting = c.waiting[:0]
}

// want returns the count of a view as somebody with that filter sees it, for a seat.
func (c *counter) want(s *seat, view access.View, filter access.VisibilityFilter) *viewCount {
	key := Fingerprint("count", view, filter.For(view))
	c.mu.Lock()
	defer c.mu.Unlock()
	v := c.counts[key]
	if v == nil {
		v = newViewCount(key, view, filter)
		c.counts[key] = v
		for _, k := range v.facets {
			if c.byFacet[k] == nil {
				c.byFacet[k] = map[*viewCount]struct{}{}
			}
			c.byFacet[k][v] = struct{}{}
		}
	}
	v.seats[s]++
	if v.bearer == nil {
		v.bearer = s
	}
	return v
}

// release gives back what want returned.
func (c *counter) release(s *seat, v *viewCount) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v.seats[s]--; v.seats[s] == 0 {
		delete(v.seats, s)
		v.handOver(s)
	}
	if len(v.seats) > 0 {
		return
	}
	delete(c.counts, v.key)
	for _, k := range v.facets {
		if delete(c.byFacet[k], v); len(c.byFacet[k]) == 0 {
			delete(c.byFacet, k)
		}
	}
}
