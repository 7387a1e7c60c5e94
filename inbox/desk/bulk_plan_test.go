package desk_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// overtaking commits the changes of several callers in any order.
type overtaking struct{ *world.Memory }

func (o overtaking) Commit(ctx context.Context, c commit.Change) error {
	for range rand.IntN(100) {
		runtime.Gosched()
	}
	return o.Memory.Commit(ctx, c)
}

// between does something before each commit.
type between struct {
	*world.Memory
	do func()
}

func (b between) Commit(ctx context.Context, c commit.Change) error {
	b.do()
	return b.Memory.Commit(ctx, c)
}

// waitingIn says which queues of a team have conversations before those of a test.
type waitingIn map[inbox.Queue]bool

func (w waitingIn) Waits(_ workspace.WorkspaceID, q inbox.Queue) bool { return w[q] }

// foreseenDesk is a desk with random rules, loads and plans, on which commits overtake one
// another and time passes with each look at the clock.
func foreseenDesk(t *testing.T, r *rapid.T) *world.Inbox {
	d := world.New(t)
	d.Rules(func(w *workspace.Rules) {
		w.Method = rapid.SampledFrom([]workspace.Method{workspace.Balanced, workspace.Balanced, workspace.RoundRobin, workspace.Random, workspace.Voluntary}).Draw(r, "method")
		w.MaxAutoAssigned = rapid.IntRange(1, 5).Draw(r, "cap")
		w.AutoAssignTickets = rapid.Bool().Draw(r, "tickets")
		w.TransferActor = rapid.SampledFrom([]workspace.TransferActor{workspace.TransferByAssignee, workspace.TransferByAnyone}).Draw(r, "actor")
		w.TransferToAway = rapid.SampledFrom([]workspace.TransferToAway{workspace.AllowAway, workspace.DenyAway}).Draw(r, "to away")
		w.TransferAcceptance = rapid.SampledFrom([]workspace.TransferAcceptance{workspace.TransferImmediate, workspace.TransferOffered}).Draw(r, "acceptance")
		w.OfferExhausted = rapid.SampledFrom([]workspace.OfferExhausted{workspace.OfferToTeamQueue, workspace.OfferReturnsToSender}).Draw(r, "exhausted")
		w.TeamTarget = rapid.SampledFrom([]workspace.TeamTarget{workspace.TeamTargetMethod, workspace.TeamTargetMethod, workspace.TeamTargetPool}).Draw(r, "target")
	})
	d.Roster.Workspace.Plan = rapid.SampledFrom([]workspace.PlanName{"enterprise", "enterprise", "lite"}).Draw(r, "plan")
	for _, id := range []workspace.MemberID{world.Me, world.Mate, world.Senior, world.Manager} {
		d.Busy(id, rapid.IntRange(0, 2).Draw(r, "busy"))
		d.Member(id, func(m *workspace.Member) {
			m.Availability = rapid.SampledFrom([]workspace.Availability{workspace.Online, workspace.Online, workspace.Online, workspace.Away, workspace.Offline}).Draw(r, "there")
			m.OnlineSince = world.Start().Add(time.Duration(rapid.IntRange(0, 3).Draw(r, "since")) * time.Minute)
			if rapid.Bool().Draw(r, "own cap") {
				m.MaxAutoAssigned = world.Ptr(rapid.IntRange(0, 4).Draw(r, "of"))
			}
		})
	}
	line := waitingIn{{Team: world.Billing, Kind: workspace.Livechat}: rapid.IntRange(0, 5).Draw(r, "line") == 0}
	d.Services = d.Serve(d.Memory, func(c *services.Config) {
		c.Store, c.QueueState = overtaking{d.Memory}, line
		c.Now = func() time.Time { d.Pass(time.Duration(rand.IntN(3)) * time.Millisecond); return d.Clock() }
	})
	return d
}

// foreseenItems are conversations in many states, some of which are refused.
func foreseenItems(d *world.Inbox, r *rapid.T) (items []desk.BulkItem) {
	for i := range rapid.IntRange(1, 30).Draw(r, "items") {
		c := world.NewConversation(rapid.SampledFrom([]workspace.Kind{workspace.Livechat, workspace.Livechat, workspace.Ticket}).Draw(r, "kind"))
		switch owner := rapid.SampledFrom([]workspace.MemberID{"", "", world.Me, world.Mate, world.Senior, world.Manager, world.Stranger}).Draw(r, "owner"); owner {
		case "":
			c = world.Queued(c, rapid.SampledFrom([]workspace.TeamID{"", world.Billing}).Draw(r, "team"))
		default:
			c = world.Owned(c, owner, "")
		}
		if rapid.IntRange(0, 9).Draw(r, "closed") == 0 {
			c.Status, c.ClosedAt = inbox.Closed, world.Start()
		}
		c.ID = inbox.ConversationID(fmt.Sprintf("c%03d", i))
		d.Put(c)
		item := desk.BulkItem{Conversation: c.ID}
		if rapid.IntRange(0, 9).Draw(r, "stale") == 0 {
			item.ExpectedVersion = world.Ptr(c.Version + rapid.IntRange(0, 1).Draw(r, "by"))
		}
		items = append(items, item)
	}
	return append(items, desk.BulkItem{Conversation: "made-up"})
}

// foreseenVerbs are those whose items depend on one another.
func foreseenVerbs() []desk.BulkVerb {
	members := []workspace.MemberID{world.Senior, world.Mate, world.Me, world.Observer}
	return []desk.BulkVerb{
		{Action: inbox.ActionAssign, To: access.Owner{Team: world.Billing}},
		{Action: inbox.ActionTransfer, To: access.Owner{Team: world.Billing}},
		{Action: inbox.ActionAssign, SpreadOver: members},
		{Action: inbox.ActionTransfer, SpreadOver: members},
	}
}

// On a workspace that nobody changes meanwhile a dry run says of each conversation what the
// run then does: how it ends, whom it meets or asks, the warnings and the refusal, where a team
// fills up and where it does not, however its commits overtake one another. B:G1, B:Q6
func TestTheRunIsWhatTheDryRunSaid(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := foreseenDesk(t, r)
		call := desk.BulkRequest{Items: foreseenItems(d, r), Verb: rapid.SampledFrom(foreseenVerbs()).Draw(r, "verb"), DryRun: true}
		by := world.AsMember(rapid.SampledFrom([]workspace.MemberID{world.Manager, world.Me, world.Senior}).Draw(r, "by"))
		before := d.Sorted()
		dry, err := d.Bulk.Act(t.Context(), by, call)
		require.NoError(r, err)
		require.Equal(r, before, d.Sorted())
		call.DryRun = false
		got, err := d.Bulk.Act(t.Context(), by, call)
		require.NoError(r, err)
		for i, one := range got.Results {
			foreseen := dry.Results[i]
			require.Equal(r, foreseen.Outcome, one.Outcome, "%d %v %v", i, foreseen.Refusal, one.Refusal)
			require.Equal(r, inbox.CodeOf(foreseen.Refusal), inbox.CodeOf(one.Refusal), "%d", i)
			require.Equal(r, whom(foreseen), whom(one), "%d", i)
			require.Equal(r, foreseen.Done.Warnings, one.Done.Warnings, "%d", i)
		}
	})
}

// whom is who has a conversation in the end, and who is asked to accept it.
func whom(one desk.BulkResult) [4]string {
	if one.Refusal != nil {
		return [4]string{}
	}
	e := one.Done.Event
	o, _ := e.Offer()
	return [4]string{string(e.Kind), string(e.To.Assignee), string(e.To.Team), string(o.Member) + " " + string(o.Status)}
}

// A call that is overtaken by others keeps the cap, and chooses anew for what was taken.
// B:G1, B:Q6
func TestBulkIsOvertaken(t *testing.T) {
	for _, method := range []workspace.Method{workspace.Balanced, workspace.RoundRobin, workspace.Random} {
		d := world.New(t)
		d.Rules(func(r *workspace.Rules) { r.Method, r.MaxAutoAssigned = method, 4 })
		items := crowd(d, 30, "")
		for i := range 6 {
			c := world.Queued(world.NewConversation(workspace.Livechat), "")
			c.ID = inbox.ConversationID(fmt.Sprint("other", i))
			d.Put(c)
		}
		var n atomic.Int32
		other := d.Serve(d.Memory)
		d.Services = d.Serve(d.Memory, func(c *services.Config) {
			c.Store = between{d.Memory, func() {
				i := n.Add(1)
				if i%3 != 0 || i > 18 {
					return
				}
				r := desk.Request{Conversation: inbox.ConversationID(fmt.Sprint("other", i/3-1))}
				_, err := other.Desk.Assign(t.Context(), world.AsMember(world.Manager), r, access.Owner{Team: world.Billing}, "")
				assert.NoError(t, err)
			}}
		})
		got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), desk.BulkRequest{Items: items, Verb: desk.BulkVerb{Action: inbox.ActionAssign, To: access.Owner{Team: world.Billing}}})
		require.NoError(t, err)
		owned := map[workspace.MemberID]int{}
		for _, c := range d.Sorted() {
			owned[c.Assignee]++
		}
		for _, id := range []workspace.MemberID{world.Me, world.Mate, world.Senior, world.Manager} {
			require.Equal(t, 4, owned[id], "%s: %v %v", method, owned, outcomes(got))
		}
	}
}
