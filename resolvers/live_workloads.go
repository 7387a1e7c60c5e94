package resolvers

import (
	"context"
	"maps"
	"slices"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

type workloadChanges = []*model.WorkloadsChange

// workloadStream is a wallboard. Events say whose load and whether the queue changed;
// their figures are then read from the counters that the verbs keep, so that
// what is shown is never older than the event, and never drifts.
type workloadStream struct {
	stream    *stream[*model.WorkloadsChange]
	team      workspace.TeamID
	directory *workspace.Directory
	staff     []workspace.Member
	loads     map[workspace.MemberID]workspace.Load
	queue     desk.QueueDepth
	// touched are the members to be read again; waits says that the queue is;
	// dirty that something of the board may have changed.
	touched map[workspace.MemberID]bool
	waits   bool
	dirty   bool
	// shown is what the client holds; nil before the first item.
	shown      map[workspace.MemberID]workspace.Workload
	shownQueue desk.QueueDepth
}

// workloads follows who has how much. B:V6.
func (r *Resolver) workloads(ctx context.Context, teamID *string) (<-chan *model.WorkloadsChange, error) {
	b := &workloadStream{loads: map[workspace.MemberID]workspace.Load{}, touched: map[workspace.MemberID]bool{}}
	if teamID != nil {
		var err error
		if b.team, err = idOf[workspace.TeamID]("teamId", typeTeam, *teamID); err != nil {
			return nil, err
		}
	}
	if err := b.begin(ctx, r); err != nil {
		return nil, err
	}
	b.stream.start(ctx)
	return b.stream.out, nil
}

// begin needs a view of conversations, as the other streams do. B:Z4
func (b *workloadStream) begin(ctx context.Context, r *Resolver) error {
	p, err := principal(ctx)
	if err != nil {
		return err
	}
	s, err := newScope(ctx, r.Inbox, p)
	if err != nil {
		return err
	}
	if err := s.access.ViewsAny(); err != nil {
		return err
	}
	if _, exists := s.access.Directory.Team(b.team); b.team != "" && !exists {
		return inbox.Missing("team")
	}
	b.staff = s.access.Directory.Staff(b.team) // for the keys; the first item looks again
	b.stream, _, err = open[*model.WorkloadsChange](ctx, r, nil, access.WorkloadFacets(b.staff, b.team)...)
	if err != nil {
		return err
	}
	b.stream.emit = b.emit
	b.stream.gap("")
	return nil
}

func (b *workloadStream) emit(ctx context.Context, s *scope, item *live.Item) (workloadChanges, bool, error) {
	if err := s.access.ViewsAny(); err != nil {
		return nil, false, err
	}
	b.note(item)
	b.staffed(s.access.Directory)
	if !b.dirty || b.stream.pause != nil {
		return nil, true, nil
	}
	if err := b.read(ctx); err != nil {
		return nil, false, err
	}
	return b.changes(s.access), true, nil
}

// note remembers what an item may have changed.
func (b *workloadStream) note(item *live.Item) {
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

// staffed takes over the directory of now. When others are on the board than
// before it hears of them from now on, and has to read all anew.
func (b *workloadStream) staffed(d *workspace.Directory) {
	if d == b.directory {
		return
	}
	before := b.staff
	b.directory, b.staff, b.dirty = d, d.Staff(b.team), true
	if !slices.EqualFunc(before, b.staff, func(a, c workspace.Member) bool { return a.ID == c.ID }) {
		b.stream.resubscribe(access.WorkloadFacets(b.staff, b.team)...)
		b.touchAll()
	}
}

func (b *workloadStream) touchAll() {
	b.waits, b.dirty = true, true
	for _, m := range b.staff {
		b.touched[m.ID] = true
	}
}

// read reads what was touched. What could not be read stays touched.
func (b *workloadStream) read(ctx context.Context) error {
	r, p := b.stream.r, b.stream.principal
	if len(b.touched) > 0 {
		ids := slices.Collect(maps.Keys(b.touched))
		loads, err := r.Inbox.Reader.Loads(ctx, p, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			b.loads[id] = loads[id]
		}
		clear(b.touched)
	}
	if b.waits {
		queue, err := r.Inbox.Reader.QueueDepth(ctx, p, b.team)
		if err != nil {
			return err
		}
		b.queue, b.waits = queue, false
	}
	return nil
}

// changes are what the client does not hold yet.
func (b *workloadStream) changes(a access.Access) workloadChanges {
	b.dirty = false
	out := &model.WorkloadsChange{Cursor: b.stream.cursor(b.stream.position), Members: []*model.Workload{}, RemovedMemberIds: []string{}, Queue: queueOf(b.queue)}
	now := make(map[workspace.MemberID]workspace.Workload, len(b.staff))
	for _, m := range b.staff {
		w := workspace.Workload{Member: m, Load: b.loads[m.ID], Cap: access.CapFor(a, m, b.team)}
		now[m.ID] = w
		if shown, held := b.shown[m.ID]; !held || !w.Same(shown) {
			out.Members = append(out.Members, workloadOf(w))
		}
	}
	for id := range b.shown {
		if _, still := now[id]; !still {
			out.RemovedMemberIds = append(out.RemovedMemberIds, GlobalID(typeMember, id))
			delete(b.loads, id)
		}
	}
	if b.shown != nil && len(out.Members)+len(out.RemovedMemberIds) == 0 && b.queue == b.shownQueue {
		return nil
	}
	slices.Sort(out.RemovedMemberIds)
	b.shown, b.shownQueue = now, b.queue
	b.stream.pause = time.After(betweenFigures)
	return workloadChanges{out}
}

func workloadOf(w workspace.Workload) *model.Workload {
	member := memberOf(w.Member)
	return &model.Workload{
		Member: member, OpenConversations: w.Load.Open(), OpenLivechats: w.Load.Livechats, OpenTickets: w.Load.Tickets,
		Cap: w.Cap, Availability: member.Availability,
	}
}

func queueOf(q desk.QueueDepth) *model.QueueDepth {
	out := &model.QueueDepth{Waiting: q.Waiting}
	if !q.LongestSince.IsZero() {
		out.LongestWaitSince = &q.LongestSince
	}
	return out
}
