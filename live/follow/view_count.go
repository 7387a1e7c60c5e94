package follow

import (
	"context"

	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/live/feed"
)

// mostPending bounds the events that are kept while a view is being counted. With more
// of them it is counted again.
const mostPending = 1_000

// viewCount is the count of a view for all who see the same in it. The lock of its
// counter guards it.
type viewCount struct {
	key    string
	view   *access.View
	filter access.VisibilityFilter
	facets []access.Facet
	seats  map[*seat]int
	// bearer is the seat that is counted as the one which keeps the tally.
	bearer *seat
	tally  *Tally
	// known says that the tally is right. While somebody is counting, counted is there,
	// and closed at the end; pending are the events of that time.
	known   bool
	counted chan struct{}
	pending []*feed.Item
	spilled bool
	// heard is the number of the last event: one may come by several facets.
	heard uint64
	// position is behind the last event that changed the figure, and number is that
	// event's; zero before one.
	position string
	number   uint64
}

func newViewCount(key string, view access.View, filter access.VisibilityFilter) *viewCount {
	tally := NewTally(view, commit.CountLimit)
	return &viewCount{
		key: key, view: tally.view, filter: filter, facets: view.Facets(filter), seats: map[*seat]int{}, tally: tally,
	}
}

func (v *viewCount) ring() {
	for s := range v.seats {
		s.ring()
	}
}

// handOver counts the tally for another seat than s, which hears of it.
func (v *viewCount) handOver(s *seat) {
	if v.bearer != s {
		return
	}
	v.bearer = nil
	for other := range v.seats {
		v.bearer = other
		other.ring()
		return
	}
}

// forget has the view counted again.
func (v *viewCount) forget() {
	v.known, v.pending, v.spilled = false, nil, true
	v.ring()
}

// apply takes an event.
func (v *viewCount) apply(item *feed.Item, words func(string) []string) {
	if v.heard == item.Number {
		return
	}
	v.heard = item.Number
	switch {
	case v.counted != nil && len(v.pending) == mostPending:
		v.pending, v.spilled = nil, true
	case v.counted != nil:
		v.pending = append(v.pending, item)
	case v.known:
		v.add(item, words)
	}
}

// add applies an event, which may have been counted already, to a figure that is known.
func (v *viewCount) add(item *feed.Item, words func(string) []string) {
	before := v.tally.Count()
	if v.known = v.tally.Apply(v.filter, item.Event, words); !v.known || v.tally.Count() != before {
		v.position, v.number = item.Position, item.Number
		v.ring()
	}
}

// figure returns the count, and the bytes of it that s bears. It counts if nobody has, or
// waits for whoever is counting.
func (v *viewCount) figure(ctx context.Context, s *seat) (n, borne int, err error) {
	c := s.counter
	c.mu.Lock()
	defer c.mu.Unlock()
	for !v.known {
		if c.err != nil {
			return 0, 0, c.err
		}
		if err := v.settle(ctx, c); err != nil {
			return 0, 0, err
		}
	}
	if v.bearer == s {
		borne = v.tally.Bytes()
	}
	return v.tally.Count(), borne, nil
}

// settle counts, or waits until another has. It holds the counter's lock before and
// behind the wait.
func (v *viewCount) settle(ctx context.Context, c *counter) error {
	if v.counted != nil {
		return v.await(ctx, c)
	}
	n, all, err := v.count(ctx, c)
	if err != nil {
		return err
	}
	if !v.tally.Begin(n) {
		v.tally.Load(all)
	}
	v.known = !v.spilled
	for _, item := range v.pending {
		if v.known {
			v.add(item, c.streams.Words)
		}
	}
	v.pending = nil
	v.ring()
	return nil
}

// await waits until another has counted, without the counter's lock.
func (v *viewCount) await(ctx context.Context, c *counter) error {
	counted := v.counted
	c.mu.Unlock()
	defer c.mu.Lock()
	select {
	case <-counted:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// count reads without the counter's lock. However the read ends, also with a panic, the
// lock is held again behind it, and whoever waits goes on.
func (v *viewCount) count(ctx context.Context, c *counter) (n int, all []desk.OwnershipSnapshot, err error) {
	v.counted, v.pending, v.spilled = make(chan struct{}), nil, false
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		close(v.counted)
		v.counted = nil
	}()
	return v.read(ctx, c)
}

// read counts what the view holds, which an index does, and reads the conversations of a
// view below the limit only.
func (v *viewCount) read(ctx context.Context, c *counter) (n int, all []desk.OwnershipSnapshot, err error) {
	n, err = c.streams.Reader.CountUpTo(ctx, c.ws, *v.view, v.filter, v.tally.Wants())
	if err == nil && n < commit.CountLimit {
		all, err = c.streams.Reader.OwnershipSnapshots(ctx, c.ws, *v.view, v.filter, v.tally.Wants())
	}
	return n, all, err
}

// seat is one subscriber at a counter.
type seat struct {
	counter *counter
	// ring wakes the subscriber. It does not wait.
	ring   func()
	counts []*viewCount
	// needs is the number of an item that the figures have to show; waits says that the
	// counter rings when it has come further, and its lock guards it.
	needs uint64
	waits bool
	// keep hears what the seat bears of the counts, and borne is what it heard last.
	keep  func(bytes int) error
	borne int
}

// follow takes the views as somebody with that filter sees them, in place of the ones
// before. It returns the same views, as all have them who follow them.
func (s *seat) follow(
	views []*access.View, filter access.VisibilityFilter, needs uint64,
) (shared []*access.View) {
	before := s.counts
	s.counts, s.needs = make([]*viewCount, 0, len(views)), needs
	for _, view := range views {
		v := s.counter.want(s, *view, filter)
		s.counts, shared = append(s.counts, v), append(shared, v.view)
	}
	s.release(before)
	return shared
}

func (s *seat) release(counts []*viewCount) {
	for _, v := range counts {
		s.counter.release(s, v)
	}
}

// figures returns the counts of the views, and the position of the newest event that
// changed one of them, with its number. They are nil while events are on their way that
// they have to show.
func (s *seat) figures(ctx context.Context) (out []int, position string, number uint64, err error) {
	if !s.reached() {
		return nil, "", 0, nil
	}
	if out, err = s.count(ctx); err != nil {
		return nil, "", 0, err
	}
	s.counter.mu.Lock()
	defer s.counter.mu.Unlock()
	for _, v := range s.counts {
		if v.number > number {
			position, number = v.position, v.number
		}
	}
	return out, position, number, nil
}

// count returns the counts of the views. What the seat bears of them grows with each view,
// so that it holds no more than one of them without room.
func (s *seat) count(ctx context.Context) (out []int, err error) {
	borne := 0
	for _, v := range s.counts {
		n, more, err := v.figure(ctx, s)
		if err != nil {
			return nil, err
		}
		borne += more
		if err := s.bear(max(borne, s.borne)); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, s.bear(borne)
}

func (s *seat) bear(bytes int) error {
	if bytes == s.borne {
		return nil
	}
	s.borne = bytes
	return s.keep(bytes)
}

// reached reports whether the figures show what they have to, or has the seat wait.
func (s *seat) reached() bool {
	c := s.counter
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil || c.number >= s.needs {
		return true
	}
	if !s.waits {
		s.waits = true
		c.waiting = append(c.waiting, s)
	}
	return false
}

// leave gives everything back.
func (s *seat) leave() {
	s.release(s.counts)
	s.counter.of.left(s.counter)
}
