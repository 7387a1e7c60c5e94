package desk_test

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
	"switchboard/internal/world"
)

// enqueue puts n chats that wait for team, the first the longest.
func enqueue(d *world.Inbox, team workspace.TeamID, n int, edit ...func(*inbox.Conversation)) (ids []inbox.ConversationID) {
	for i := range n {
		c := world.NewConversation(workspace.Livechat)
		c.ID = inbox.ConversationID(fmt.Sprintf("w%03d%s", 500-i, team)) // the id says nothing of the order
		c.Ownership = inbox.Ownership{Status: inbox.Open, Team: team, AIStopped: true, WaitingSince: world.Start().Add(time.Duration(i) * time.Second)}
		for _, e := range edit {
			e(&c)
		}
		ids = append(ids, d.Put(c).ID)
	}
	return ids
}

func drainTeam(t *testing.T, d *world.Inbox, team workspace.TeamID) desk.DrainResult {
	t.Helper()
	drained, err := d.Queues.Drain(t.Context(), world.Home, inbox.Queue{Team: team, Kind: workspace.Livechat})
	require.NoError(t, err)
	return drained
}

func ownersOf(t *testing.T, d *world.Inbox, ids []inbox.ConversationID) (owners []workspace.MemberID) {
	for _, id := range ids {
		owners = append(owners, d.Stored(t, id).Assignee)
	}
	return owners
}

// Who waits longest is first, until nobody is free. B:Q8, B:Q7
func TestDrain(t *testing.T) {
	for name, c := range map[string]struct {
		setUp func(*world.Inbox)
		edit  func(*inbox.Conversation)
		team  workspace.TeamID
		want  []workspace.MemberID
		end   desk.DrainResult
	}{
		"all of it":                 {func(d *world.Inbox) { d.Alone(world.Me, world.Mate) }, nil, "", []workspace.MemberID{world.Mate, world.Me, world.Mate}, desk.DrainEmpty},
		"a team's":                  {func(d *world.Inbox) { d.Alone(world.Stranger, world.Me) }, nil, world.Sales, []workspace.MemberID{world.Stranger, world.Stranger, world.Stranger}, desk.DrainEmpty},
		"as far as the cap":         {func(d *world.Inbox) { d.Alone(world.Me); d.Busy(world.Me, 8) }, nil, "", []workspace.MemberID{world.Me, world.Me, ""}, desk.DrainBlocked},
		"nobody is there":           {func(d *world.Inbox) { d.Alone() }, nil, "", []workspace.MemberID{"", "", ""}, desk.DrainBlocked},
		"nobody of the team":        {func(d *world.Inbox) { d.Alone(world.Me) }, nil, world.Sales, []workspace.MemberID{"", "", ""}, desk.DrainBlocked},
		"who is away gets nothing":  {func(d *world.Inbox) { d.Alone(world.Mate); away(d) }, nil, "", []workspace.MemberID{"", "", ""}, desk.DrainBlocked},
		"members claim themselves":  {func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary }) }, nil, "", []workspace.MemberID{"", "", ""}, desk.DrainBlocked}, // B:Q5
		"what is up for grabs":      {nil, func(c *inbox.Conversation) { c.UpForGrabs = true }, "", []workspace.MemberID{"", "", ""}, desk.DrainEmpty},
		"what an AI agent answers":  {nil, func(c *inbox.Conversation) { c.AIStopped, c.WaitingSince = false, time.Time{} }, "", []workspace.MemberID{"", "", ""}, desk.DrainEmpty},
		"tickets":                   {nil, func(c *inbox.Conversation) { c.Kind = workspace.Ticket }, "", []workspace.MemberID{"", "", ""}, desk.DrainEmpty},
		"not to who passed it on":   {func(d *world.Inbox) { d.Alone(world.Me, world.Mate) }, func(c *inbox.Conversation) { c.Left, c.FormerAssignee = true, world.Me }, "", []workspace.MemberID{world.Mate, world.Mate, world.Mate}, desk.DrainEmpty},
		"only who passed it on":     {func(d *world.Inbox) { d.Alone(world.Me) }, func(c *inbox.Conversation) { c.Left, c.FormerAssignee = true, world.Me }, "", []workspace.MemberID{"", "", ""}, desk.DrainBlocked},
		"in turn":                   {func(d *world.Inbox) { d.Alone(world.Me, world.Mate); inTurn(d, world.Mate, world.Me) }, nil, "", []workspace.MemberID{world.Mate, world.Me, world.Mate}, desk.DrainEmpty}, // B:Q4
		"a plan without the method": {func(d *world.Inbox) { d.Alone(world.Me); d.Roster.Workspace.Plan = "free"; inTurn(d, world.Me) }, nil, "", []workspace.MemberID{world.Me, world.Me, world.Me}, desk.DrainEmpty},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			if c.setUp != nil {
				c.setUp(d)
			}
			if c.edit == nil {
				c.edit = func(*inbox.Conversation) {}
			}
			ids := enqueue(d, c.team, 3, c.edit)
			require.Equal(t, c.end, drainTeam(t, d, c.team))
			require.Equal(t, c.want, ownersOf(t, d, ids))
			for _, e := range d.Recorded() {
				require.Equal(t, inbox.EventAutoAssigned, e.Kind)
				require.Equal(t, workspace.System(), e.Actor)
				require.True(t, e.To.Automatic)
			}
		})
	}
}

// inTurn sets ROUND_ROBIN, the members having come online in this order.
func inTurn(d *world.Inbox, order ...workspace.MemberID) {
	d.Rules(func(r *workspace.Rules) { r.Method = workspace.RoundRobin })
	for i, id := range order {
		d.Member(id, func(m *workspace.Member) { m.OnlineSince = world.Start().Add(time.Duration(i) * time.Minute) })
	}
}

// A downgrade is told with each that it concerns. B:Q9
func TestDrainSaysThatTheMethodIsAboveThePlan(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me)
	inTurn(d, world.Me)
	d.Roster.Workspace.Plan = "free"
	enqueue(d, "", 1)
	drainTeam(t, d, "")
	require.Equal(t, []inbox.Warning{inbox.WarnMethodAbovePlan}, d.Recorded()[0].Warnings)
}

// Tickets go by the rules with autoAssignTickets only. B:Q11
func TestDrainTickets(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me)
	ids := enqueue(d, "", 2, func(c *inbox.Conversation) { c.Kind = workspace.Ticket })
	q := inbox.Queue{Kind: workspace.Ticket}
	drained, err := d.Queues.Drain(t.Context(), world.Home, q)
	require.NoError(t, err)
	require.Equal(t, desk.DrainBlocked, drained)
	d.Rules(func(r *workspace.Rules) { r.AutoAssignTickets = true })
	drained, err = d.Queues.Drain(t.Context(), world.Home, q)
	require.NoError(t, err)
	require.Equal(t, desk.DrainEmpty, drained)
	require.Equal(t, []workspace.MemberID{world.Me, world.Me}, ownersOf(t, d, ids))
}

// A queue longer than a batch is handed out to its end.
func TestDrainALongQueue(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me)
	d.Member(world.Me, func(m *workspace.Member) { m.MaxAutoAssigned = world.Ptr(120) })
	ids := enqueue(d, "", 130)
	require.Equal(t, desk.DrainBlocked, drainTeam(t, d, ""))
	for i, id := range ownersOf(t, d, ids) {
		require.Equal(t, i < 120, id == world.Me, "the %d. in line", i)
	}
}

// Several servers drain one queue: each conversation is given once, to nobody
// over the cap, and nobody gives up for having been slower.
func TestDrainsAtOnce(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me, world.Mate)
	ids := enqueue(d, "", 30)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			_, err := d.Queues.Drain(t.Context(), world.Home, inbox.Queue{Kind: workspace.Livechat})
			if err != nil && inbox.CodeOf(err) != inbox.Unavailable {
				t.Error(err)
			}
		})
	}
	all.Wait()
	drainTeam(t, d, "") // what two left to each other
	owned := 0
	for i, id := range ownersOf(t, d, ids) {
		if id != "" {
			owned++
			require.Less(t, i, 20, "the oldest first")
		}
	}
	require.Equal(t, 20, owned)
	require.Equal(t, 10, d.Counts[world.Me].Open())
	require.Equal(t, 10, d.Counts[world.Mate].Open())
	require.Len(t, d.Recorded(), 20)
}

// holding is a book that reads every load anew, and counts what is under way.
// What ends while it reads is counted twice, so that it never tells of a slot
// that is not there.
type holding struct {
	*world.Memory
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

func (h *holding) Reserve(_ workspace.WorkspaceID, m workspace.MemberID) { h.hold(m, 1) }

func (h *holding) Release(_ workspace.WorkspaceID, m workspace.MemberID) { h.hold(m, -1) }

func (h *holding) Invalidate(workspace.WorkspaceID, workspace.MemberID, workspace.TeamID) {}

func (h *holding) Committed(inbox.Event) {}

// Several at once are given to nobody over the cap, and to as many as without.
// Who lost a choice to others under way is not overtaken for it.
func TestDrainWithManyHands(t *testing.T) {
	for _, method := range []workspace.Method{workspace.Balanced, workspace.Random, workspace.RoundRobin} {
		d := world.New(t)
		d.Services = d.Serve(d.Memory, func(c *services.Config) {
			c.DispatchConcurrency, c.Loads = 8, &holding{Memory: d.Memory, held: map[workspace.MemberID]int{}}
		})
		d.Alone(world.Me, world.Mate, world.Senior)
		d.Rules(func(r *workspace.Rules) { r.Method = method })
		ids := enqueue(d, "", 40)
		require.Eventually(t, func() bool { // who lost too many choices is found by the next look
			require.Equal(t, desk.DrainBlocked, drainTeam(t, d, ""))
			return len(d.Recorded()) == 30
		}, time.Minute, time.Millisecond, method)
		for i, id := range ownersOf(t, d, ids) {
			require.Equal(t, i < 30, id != "", "the %d. in line by %s", i, method)
		}
		for _, m := range []workspace.MemberID{world.Me, world.Mate, world.Senior} {
			require.Equal(t, 10, d.Counts[m].Open(), "%s by %s", m, method)
		}
	}
}

// What another server gives is left to it, with the rest of the queue.
func TestDrainMeetsAnotherServer(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me)
	ids := enqueue(d, "", 3)
	d.Meanwhile = func() {
		_, err := d.Queues.Drain(t.Context(), world.Home, inbox.Queue{Kind: workspace.Livechat})
		require.NoError(t, err)
	}
	require.Equal(t, desk.DrainContended, drainTeam(t, d, ""))
	require.Equal(t, []workspace.MemberID{world.Me, world.Me, world.Me}, ownersOf(t, d, ids), "by the other")
	require.Len(t, d.Recorded(), 3)
	changes, choices := d.Desk.LostRaces()
	require.Equal(t, []uint64{1, 0}, []uint64{changes, choices})
}

// What somebody takes meanwhile is theirs.
func TestDrainMeetsAClaim(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me)
	ids := enqueue(d, "", 2)
	d.Meanwhile = func() {
		_, err := d.Desk.Claim(t.Context(), world.AsMember(world.Manager), desk.Request{Conversation: ids[0]})
		require.NoError(t, err)
	}
	require.Equal(t, desk.DrainEmpty, drainTeam(t, d, ""))
	require.Equal(t, []workspace.MemberID{world.Manager, world.Me}, ownersOf(t, d, ids))
}

// Which verbs leave something for the rules to hand out, and which for people.
// B:L1, B:A6
func TestWhatIsDue(t *testing.T) {
	for name, c := range map[string]struct {
		state string
		do    func(d *world.Inbox, r desk.Request) (desk.Outcome, error)
		setUp func(d *world.Inbox)
		due   bool
	}{
		"left": {"chat: mine", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Leave(t.Context(), world.AsMember(world.Me), r)
		}, nil, false},
		"unassigned": {"chat: mine", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Unassign(t.Context(), world.AsMember(world.Me), r)
		}, nil, false},
		"handed off": {"chat: AI answers", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.RequestHandoff(t.Context(), world.AsAgent(world.Bot), r, desk.HandoffTarget{})
		}, nil, true},
		"transferred to a team": {"chat: mine", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, access.Owner{Team: world.Sales}, "")
		}, nil, true},
		"assigned to a team": {"chat: mine", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), world.AsMember(world.Me), r, access.Owner{Team: world.Sales}, "")
		}, nil, true},
		"assigned to a team that pools": {"chat: mine", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), world.AsMember(world.Me), r, access.Owner{Team: world.Sales}, "")
		}, func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool }) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Alone()
			if c.setUp != nil {
				c.setUp(d)
			}
			out, err := c.do(d, d.Begin(t, c.state))
			require.NoError(t, err)
			require.True(t, out.Conversation.Waiting())
			require.Equal(t, c.due, out.Conversation.Due())
			_, waits := out.Event.DueQueue()
			require.Equal(t, c.due, waits)
			d.Alone(world.Stranger, world.Me, world.Mate)
			drainTeam(t, d, out.Conversation.Team)
			require.Equal(t, c.due, d.Stored(t, out.Conversation.ID).Owned())
		})
	}
}

// B:Q8
func TestQueuesOf(t *testing.T) {
	d := world.New(t)
	queues, err := d.Queues.QueuesOf(t.Context(), world.Home)
	require.NoError(t, err)
	require.Empty(t, queues, "nothing waits")
	enqueue(d, world.Sales, 1)
	queues, err = d.Queues.QueuesOf(t.Context(), world.Home)
	require.NoError(t, err)
	require.ElementsMatch(t, []inbox.Queue{
		{Kind: workspace.Livechat}, {Team: world.Billing, Kind: workspace.Livechat}, {Team: world.Sales, Kind: workspace.Livechat},
		{Kind: workspace.Ticket}, {Team: world.Billing, Kind: workspace.Ticket}, {Team: world.Sales, Kind: workspace.Ticket},
	}, queues)
}

// What opens a slot, by the event alone. B:Q8
func TestOpens(t *testing.T) {
	for name, c := range map[string]struct {
		state string
		do    func(d *world.Inbox, r desk.Request) (desk.Outcome, error)
		want  bool
	}{
		"close": {"chat: mine", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.SetStatus(t.Context(), world.AsMember(world.Me), r, inbox.Closed)
		}, true},
		"leave": {"chat: mine", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Leave(t.Context(), world.AsMember(world.Me), r)
		}, true},
		"unassign": {"chat: mine", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Unassign(t.Context(), world.AsMember(world.Me), r)
		}, true},
		"transfer": {"chat: mine", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, "")
		}, true},
		"takeover": {"chat: a teammate's", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.TakeOver(t.Context(), world.AsMember(world.Senior), r, nil, "")
		}, true},
		"claim": {"chat: queued of no team", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.Claim(t.Context(), world.AsMember(world.Me), r)
		}, false},
		"ticket closed": {"ticket: queued in my team", func(d *world.Inbox, r desk.Request) (desk.Outcome, error) {
			return d.Desk.SetStatus(t.Context(), world.AsMember(world.Manager), r, inbox.Closed)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			out, err := c.do(d, d.Begin(t, c.state))
			require.NoError(t, err)
			require.Equal(t, c.want, out.Event.FreesCapacity())
		})
	}
	require.True(t, inbox.Event{Type: inbox.DirectoryEvent}.FreesCapacity())
	require.False(t, inbox.Event{Type: inbox.MessageEvent}.FreesCapacity())
}
