package follow

import (
	"context"
	"maps"
	"slices"
	"weak"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// WorkloadChange is an item of Workloads: what the subscriber does not hold yet.
type WorkloadChange struct {
	Members []workspace.Workload
	Removed []workspace.MemberID
	Queue   desk.QueueDepth
}

// workloads is a wallboard. Events say whose load and whether the queue changed;
// their figures are then read from the counters that the verbs keep, so that
// what is shown is never older than the event, and never drifts.
type workloads struct {
	*Stream[WorkloadChange]
	team      workspace.TeamID
	directory weak.Pointer[workspace.Directory]
	staff     []workspace.Member
	loads     map[workspace.MemberID]workspace.Load
	queue     desk.QueueDepth
	// touched are the members to be read again; waits says that the queue is;
	// dirty that something of the board may have changed.
	touched map[workspace.MemberID]bool
	waits   bool
	dirty   bool
	// shown is what the subscriber holds; nil before the first item.
	shown      map[workspace.MemberID]workspace.Workload
	shownQueue desk.QueueDepth
}

// Workloads follows the workload of the members of a team, or of all for "", and the
// queue. It needs a view of conversations, as the other streams do. NOT_FOUND for no
// such team. B:V6, B:Z4.
func (f *Streams) Workloads(ctx context.Context, r Request, team workspace.TeamID) (*Stream[WorkloadChange], error) {
	b := &workloads{team: team, loads: map[workspace.MemberID]workspace.Load{}, touched: map[workspace.MemberID]bool{}}
	s, err := open[WorkloadChange](ctx, f, r, func(a access.Access) ([]access.Facet, error) {
		if err := a.ViewsAny(); err != nil {
			return nil, err
		}
		if _, exists := a.Directory.Team(team); team != "" && !exists {
			return nil, inbox.Missing("team")
		}
		b.staff = a.Directory.Staff(team) // the first item looks again
		return access.WorkloadFacets(b.staff, team), nil
	})
	if err != nil {
		return nil, err
	}
	b.Stream, s.emit = s, b.emit
	s.beginWith("")
	return s, nil
}

func (b *workloads) emit(ctx context.Context, item *feed.Item) error {
	if err := b.access.ViewsAny(); err != nil {
		return err
	}
	b.note(item)
	if err := b.refreshStaff(b.access.Directory); err != nil {
		return err
	}
	if !b.dirty || b.pause != nil {
		return nil
	}
	if err := b.read(ctx); err != nil {
		return err
	}
	b.changes()
	return nil
}

// staffBytes is what a member on the board takes, beside the directory: the member as it
// is and as it was shown, its load, and its place in the hub.
const staffBytes = 1280

// note remembers what an item may have changed.
func (b *workloads) note(item *feed.Item) {
	if item.Gap {
		b.touchAll()
	}
	for _, id := range item.Event.AffectedMembers() {
		b.touched[id], b.dirty = true, true
	}
	if item.Event.ChangesQueue(b.team) {
		b.waits, b.dirty = true, true
	}
}

// refreshStaff takes over the directory of now. When others are on the board than
// before, it listens for them from now on, and has to read all anew.
func (b *workloads) refreshStaff(d *workspace.Directory) error {
	seen := weak.Make(d)
	if seen == b.directory {
		return nil
	}
	before := b.staff
	b.directory, b.staff, b.dirty = seen, d.Staff(b.team), true
	if !slices.EqualFunc(before, b.staff, func(a, c workspace.Member) bool { return a.ID == c.ID }) {
		b.resubscribe(access.WorkloadFacets(b.staff, b.team)...)
		b.touchAll()
	}
	return b.request.Keep(staffBytes * len(b.staff))
}

func (b *workloads) touchAll() {
	b.waits, b.dirty = true, true
	for _, m := range b.staff {
		b.touched[m.ID] = true
	}
}

// read reads what was touched. What could not be read stays touched.
func (b *workloads) read(ctx context.Context) error {
	if len(b.touched) > 0 {
		ids := slices.Collect(maps.Keys(b.touched))
		loads, err := b.Reader.Loads(ctx, b.request.Principal, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			b.loads[id] = loads[id]
		}
		clear(b.touched)
	}
	if b.waits {
		queue, err := b.Reader.QueueDepth(ctx, b.request.Principal, b.team)
		if err != nil {
			return err
		}
		b.queue, b.waits = queue, false
	}
	return nil
}

// changes delivers what the subscriber does not hold yet.
func (b *workloads) changes() {
	b.dirty = false
	out := WorkloadChange{Queue: b.queue}
	now := make(map[workspace.MemberID]workspace.Workload, len(b.staff))
	for _, m := range b.staff {
		w := workspace.Workload{Member: m, Load: b.loads[m.ID], Cap: access.CapFor(b.access, m, b.team)}
		now[m.ID] = w
		if shown, held := b.shown[m.ID]; !held || !w.Same(shown) {
			out.Members = append(out.Members, w)
		}
	}
	for id := range b.shown {
		if _, still := now[id]; !still {
			out.Removed = append(out.Removed, id)
			delete(b.loads, id)
		}
	}
	if b.shown != nil && len(out.Members)+len(out.Removed) == 0 && b.queue == b.shownQueue {
		return
	}
	b.shown, b.shownQueue = now, b.queue
	b.rest(betweenFigures)
	b.push(out)
}
