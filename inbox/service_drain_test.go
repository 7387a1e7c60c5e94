package inbox_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// queue puts n chats that wait for team, the first the longest.
func (d *deskWorld) queue(team workspace.TeamID, n int, edit ...func(*inbox.Conversation)) (ids []inbox.ConversationID) {
	for i := range n {
		c := newConversation(workspace.Livechat)
		c.ID = inbox.ConversationID(fmt.Sprintf("w%03d%s", 500-i, team)) // the id says nothing of the order
		c.Ownership = inbox.Ownership{Status: inbox.Open, Team: team, AIStopped: true, WaitingSince: start().Add(time.Duration(i) * time.Second)}
		for _, e := range edit {
			e(&c)
		}
		ids = append(ids, d.put(c).ID)
	}
	return ids
}

func (d *deskWorld) drain(t *testing.T, team workspace.TeamID) desk.DrainResult {
	t.Helper()
	drained, err := d.Queues.Drain(t.Context(), home, inbox.Queue{Team: team, Kind: workspace.Livechat})
	require.NoError(t, err)
	return drained
}

func (d *deskWorld) ownersOf(t *testing.T, ids []inbox.ConversationID) (owners []workspace.MemberID) {
	for _, id := range ids {
		owners = append(owners, d.stored(t, id).Assignee)
	}
	return owners
}

// Who waits longest is first, until nobody is free. B:Q8, B:Q7
func TestDrain(t *testing.T) {
	for name, c := range map[string]struct {
		setUp func(*deskWorld)
		edit  func(*inbox.Conversation)
		team  workspace.TeamID
		want  []workspace.MemberID
		end   desk.DrainResult
	}{
		"all of it":                 {func(d *deskWorld) { d.alone(me, mate) }, nil, "", []workspace.MemberID{mate, me, mate}, desk.DrainEmpty},
		"a team's":                  {func(d *deskWorld) { d.alone(stranger, me) }, nil, sales, []workspace.MemberID{stranger, stranger, stranger}, desk.DrainEmpty},
		"as far as the cap":         {func(d *deskWorld) { d.alone(me); d.busy(me, 8) }, nil, "", []workspace.MemberID{me, me, ""}, desk.DrainBlocked},
		"nobody is there":           {func(d *deskWorld) { d.alone() }, nil, "", []workspace.MemberID{"", "", ""}, desk.DrainBlocked},
		"nobody of the team":        {func(d *deskWorld) { d.alone(me) }, nil, sales, []workspace.MemberID{"", "", ""}, desk.DrainBlocked},
		"who is away gets nothing":  {func(d *deskWorld) { d.alone(mate); away(d) }, nil, "", []workspace.MemberID{"", "", ""}, desk.DrainBlocked},
		"members claim themselves":  {func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary }) }, nil, "", []workspace.MemberID{"", "", ""}, desk.DrainBlocked}, // B:Q5
		"what is up for grabs":      {nil, func(c *inbox.Conversation) { c.UpForGrabs = true }, "", []workspace.MemberID{"", "", ""}, desk.DrainEmpty},
		"what an AI agent answers":  {nil, func(c *inbox.Conversation) { c.AIStopped, c.WaitingSince = false, time.Time{} }, "", []workspace.MemberID{"", "", ""}, desk.DrainEmpty},
		"tickets":                   {nil, func(c *inbox.Conversation) { c.Kind = workspace.Ticket }, "", []workspace.MemberID{"", "", ""}, desk.DrainEmpty},
		"not to who passed it on":   {func(d *deskWorld) { d.alone(me, mate) }, func(c *inbox.Conversation) { c.Left, c.FormerAssignee = true, me }, "", []workspace.MemberID{mate, mate, mate}, desk.DrainEmpty},
		"only who passed it on":     {func(d *deskWorld) { d.alone(me) }, func(c *inbox.Conversation) { c.Left, c.FormerAssignee = true, me }, "", []workspace.MemberID{"", "", ""}, desk.DrainBlocked},
		"in turn":                   {func(d *deskWorld) { d.alone(me, mate); d.inTurn(mate, me) }, nil, "", []workspace.MemberID{mate, me, mate}, desk.DrainEmpty}, // B:Q4
		"a plan without the method": {func(d *deskWorld) { d.alone(me); d.directory().Workspace.Plan = "free"; d.inTurn(me) }, nil, "", []workspace.MemberID{me, me, me}, desk.DrainEmpty},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.setUp != nil {
				c.setUp(d)
			}
			if c.edit == nil {
				c.edit = func(*inbox.Conversation) {}
			}
			ids := d.queue(c.team, 3, c.edit)
			require.Equal(t, c.end, d.drain(t, c.team))
			require.Equal(t, c.want, d.ownersOf(t, ids))
			for _, e := range d.recorded() {
				require.Equal(t, inbox.EventAutoAssigned, e.Kind)
				require.Equal(t, workspace.System(), e.Actor)
				require.True(t, e.To.Automatic)
			}
		})
	}
}

// inTurn sets ROUND_ROBIN, the members having come online in this order.
func (d *deskWorld) inTurn(order ...workspace.MemberID) {
	d.rules(func(r *workspace.Rules) { r.Method = workspace.RoundRobin })
	for i, id := range order {
		d.member(id, func(m *workspace.Member) { m.OnlineSince = start().Add(time.Duration(i) * time.Minute) })
	}
}

// A downgrade is told with each that it concerns. B:Q9
func TestDrainSaysThatTheMethodIsAboveThePlan(t *testing.T) {
	d := newDesk(t)
	d.alone(me)
	d.inTurn(me)
	d.directory().Workspace.Plan = "free"
	d.queue("", 1)
	d.drain(t, "")
	require.Equal(t, []inbox.Warning{inbox.WarnMethodAbovePlan}, d.recorded()[0].Warnings)
}

// Tickets go by the rules with autoAssignTickets only. B:Q11
func TestDrainTickets(t *testing.T) {
	d := newDesk(t)
	d.alone(me)
	ids := d.queue("", 2, func(c *inbox.Conversation) { c.Kind = workspace.Ticket })
	q := inbox.Queue{Kind: workspace.Ticket}
	drained, err := d.Queues.Drain(t.Context(), home, q)
	require.NoError(t, err)
	require.Equal(t, desk.DrainBlocked, drained)
	d.rules(func(r *workspace.Rules) { r.AutoAssignTickets = true })
	drained, err = d.Queues.Drain(t.Context(), home, q)
	require.NoError(t, err)
	require.Equal(t, desk.DrainEmpty, drained)
	require.Equal(t, []workspace.MemberID{me, me}, d.ownersOf(t, ids))
}

// A queue longer than a batch is handed out to its end.
func TestDrainALongQueue(t *testing.T) {
	d := newDesk(t)
	d.alone(me)
	d.member(me, func(m *workspace.Member) { m.MaxAutoAssigned = ptr(120) })
	ids := d.queue("", 130)
	require.Equal(t, desk.DrainBlocked, d.drain(t, ""))
	for i, id := range d.ownersOf(t, ids) {
		require.Equal(t, i < 120, id == me, "the %d. in line", i)
	}
}

// Several servers drain one queue: each conversation is given once, to nobody
// over the cap, and nobody gives up for having been slower.
func TestDrainsAtOnce(t *testing.T) {
	d := newDesk(t)
	d.alone(me, mate)
	ids := d.queue("", 30)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			_, err := d.Queues.Drain(t.Context(), home, inbox.Queue{Kind: workspace.Livechat})
			if err != nil && inbox.CodeOf(err) != inbox.Unavailable {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d.drain(t, "") // what two left to each other
	owned := 0
	for i, id := range d.ownersOf(t, ids) {
		if id != "" {
			owned++
			require.Less(t, i, 20, "the oldest first")
		}
	}
	require.Equal(t, 20, owned)
	require.Equal(t, 10, d.loads[me].Open())
	require.Equal(t, 10, d.loads[mate].Open())
	require.Len(t, d.recorded(), 20)
}

// holding is a book that reads every load anew, and counts what is under way.
// What ends while it reads is counted twice, so that it never tells of a slot
// that is not there.
type holding struct {
	*memory
	mu   sync.Mutex
	held map[workspace.MemberID]int
}

func (h *holding) Get(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, team workspace.TeamID) ([]workspace.Load, inbox.Rotation, error) {
	out := make([]workspace.Load, len(members))
	h.mu.Lock()
	for i, m := range members {
		out[i].Livechats = h.held[m]
	}
	h.mu.Unlock()
	loads, rotations, err := h.LoadsAndRotations(ctx, ws, members, []workspace.TeamID{team})
	for i, m := range members {
		held := out[i].Livechats
		out[i] = loads[m]
		out[i].Livechats += held
	}
	return out, rotations[team], err
}

func (h *holding) hold(m workspace.MemberID, by int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held[m] += by
}

func (h *holding) Reserve(_ workspace.WorkspaceID, m workspace.MemberID)                  { h.hold(m, 1) }
func (h *holding) Release(_ workspace.WorkspaceID, m workspace.MemberID)                  { h.hold(m, -1) }
func (h *holding) Invalidate(workspace.WorkspaceID, workspace.MemberID, workspace.TeamID) {}
func (h *holding) Committed(inbox.Event)                                                  {}

// Several at once are given to nobody over the cap, and to as many as without.
// Who lost a choice to others under way is not overtaken for it.
func TestDrainWithManyHands(t *testing.T) {
	for _, method := range []workspace.Method{workspace.Balanced, workspace.Random, workspace.RoundRobin} {
		d := newDesk(t)
		d.Services = d.serve(d.memory, func(c *services.Config) {
			c.DispatchConcurrency, c.Loads = 8, &holding{memory: d.memory, held: map[workspace.MemberID]int{}}
		})
		d.alone(me, mate, senior)
		d.rules(func(r *workspace.Rules) { r.Method = method })
		ids := d.queue("", 40)
		require.Eventually(t, func() bool { // who lost too many choices is found by the next look
			require.Equal(t, desk.DrainBlocked, d.drain(t, ""))
			return len(d.recorded()) == 30
		}, time.Minute, time.Millisecond, method)
		for i, id := range d.ownersOf(t, ids) {
			require.Equal(t, i < 30, id != "", "the %d. in line by %s", i, method)
		}
		for _, m := range []workspace.MemberID{me, mate, senior} {
			require.Equal(t, 10, d.loads[m].Open(), "%s by %s", m, method)
		}
	}
}

// What another server gives is left to it, with the rest of the queue.
func TestDrainMeetsAnotherServer(t *testing.T) {
	d := newDesk(t)
	d.alone(me)
	ids := d.queue("", 3)
	d.meanwhile = func() {
		_, err := d.Queues.Drain(t.Context(), home, inbox.Queue{Kind: workspace.Livechat})
		require.NoError(t, err)
	}
	require.Equal(t, desk.DrainContended, d.drain(t, ""))
	require.Equal(t, []workspace.MemberID{me, me, me}, d.ownersOf(t, ids), "by the other")
	require.Len(t, d.recorded(), 3)
	changes, choices := d.Desk.LostRaces()
	require.Equal(t, []uint64{1, 0}, []uint64{changes, choices})
}

// What somebody takes meanwhile is theirs.
func TestDrainMeetsAClaim(t *testing.T) {
	d := newDesk(t)
	d.alone(me)
	ids := d.queue("", 2)
	d.meanwhile = func() {
		_, err := d.Desk.Claim(t.Context(), asMember(manager), desk.Request{Conversation: ids[0]})
		require.NoError(t, err)
	}
	require.Equal(t, desk.DrainEmpty, d.drain(t, ""))
	require.Equal(t, []workspace.MemberID{manager, me}, d.ownersOf(t, ids))
}

// Which verbs leave something for the rules to hand out, and which for people.
// B:L1, B:A6
func TestWhatIsDue(t *testing.T) {
	for name, c := range map[string]struct {
		state string
		do    func(d *deskWorld, r desk.Request) (desk.Outcome, error)
		setUp func(d *deskWorld)
		due   bool
	}{
		"left": {"chat: mine", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Leave(t.Context(), asMember(me), r)
		}, nil, false},
		"unassigned": {"chat: mine", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Unassign(t.Context(), asMember(me), r)
		}, nil, false},
		"handed off": {"chat: AI answers", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.RequestHandoff(t.Context(), asAgent(bot), r, desk.HandoffTarget{})
		}, nil, true},
		"transferred to a team": {"chat: mine", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), asMember(me), r, access.Owner{Team: sales}, "")
		}, nil, true},
		"assigned to a team": {"chat: mine", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), asMember(me), r, access.Owner{Team: sales}, "")
		}, nil, true},
		"assigned to a team that pools": {"chat: mine", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), asMember(me), r, access.Owner{Team: sales}, "")
		}, func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool }) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.alone()
			if c.setUp != nil {
				c.setUp(d)
			}
			out, err := c.do(d, d.begin(t, c.state))
			require.NoError(t, err)
			require.True(t, out.Conversation.Waiting())
			require.Equal(t, c.due, out.Conversation.Due())
			_, waits := out.Event.DueQueue()
			require.Equal(t, c.due, waits)
			d.alone(stranger, me, mate)
			d.drain(t, out.Conversation.Team)
			require.Equal(t, c.due, d.stored(t, out.Conversation.ID).Owned())
		})
	}
}

// B:Q8
func TestQueuesOf(t *testing.T) {
	d := newDesk(t)
	queues, err := d.Queues.QueuesOf(t.Context(), home)
	require.NoError(t, err)
	require.Empty(t, queues, "nothing waits")
	d.queue(sales, 1)
	queues, err = d.Queues.QueuesOf(t.Context(), home)
	require.NoError(t, err)
	require.ElementsMatch(t, []inbox.Queue{
		{Kind: workspace.Livechat}, {Team: billing, Kind: workspace.Livechat}, {Team: sales, Kind: workspace.Livechat},
		{Kind: workspace.Ticket}, {Team: billing, Kind: workspace.Ticket}, {Team: sales, Kind: workspace.Ticket},
	}, queues)
}

// What opens a slot, by the event alone. B:Q8
func TestOpens(t *testing.T) {
	for name, c := range map[string]struct {
		state string
		do    func(d *deskWorld, r desk.Request) (desk.Outcome, error)
		want  bool
	}{
		"close": {"chat: mine", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.SetStatus(t.Context(), asMember(me), r, inbox.Closed)
		}, true},
		"leave": {"chat: mine", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Leave(t.Context(), asMember(me), r)
		}, true},
		"unassign": {"chat: mine", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Unassign(t.Context(), asMember(me), r)
		}, true},
		"transfer": {"chat: mine", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), asMember(me), r, access.Owner{Member: mate}, "")
		}, true},
		"takeover": {"chat: a teammate's", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.TakeOver(t.Context(), asMember(senior), r, nil, "")
		}, true},
		"claim": {"chat: queued of no team", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Claim(t.Context(), asMember(me), r)
		}, false},
		"ticket closed": {"ticket: queued in my team", func(d *deskWorld, r desk.Request) (desk.Outcome, error) {
			return d.Desk.SetStatus(t.Context(), asMember(manager), r, inbox.Closed)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			out, err := c.do(d, d.begin(t, c.state))
			require.NoError(t, err)
			require.Equal(t, c.want, out.Event.FreesCapacity())
		})
	}
	require.True(t, inbox.Event{Type: inbox.DirectoryEvent}.FreesCapacity())
	require.False(t, inbox.Event{Type: inbox.MessageEvent}.FreesCapacity())
}
