package desk_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// dispatching is a store whose commits that give something to somebody take long, and behind
// whose other commits the queue of a team is given out at once.
type dispatching struct {
	*world.Memory
	dispatch func()
}

func (s dispatching) Commit(ctx context.Context, c commit.Change) error {
	if c.Conversation.Assignee != "" {
		time.Sleep(time.Second)
		return s.Memory.Commit(ctx, c)
	}
	err := s.Memory.Commit(ctx, c)
	s.dispatch()
	return err
}

// The dispatch beside a call takes no slot that the call's plan gave to another conversation,
// however soon after a commit it comes: each meets whom a dry run foresaw. B:G1, B:Q8
func TestTheDispatchKeepsToThePlan(t *testing.T) {
	for _, method := range []workspace.Method{workspace.Balanced, workspace.RoundRobin, workspace.Random} {
		for owner, actions := range map[workspace.MemberID][]inbox.Action{"": {inbox.ActionAssign}, world.Stranger: {inbox.ActionAssign, inbox.ActionTransfer}} {
			for _, action := range actions {
				t.Run(fmt.Sprint(method, " ", action, " of ", owner), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						d := world.New(t)
						d.Rules(func(r *workspace.Rules) {
							r.Method, r.MaxAutoAssigned, r.TransferActor = method, 3, workspace.TransferByAnyone
						})
						items := crowd(d, 30, owner)
						other := d.Serve(d.Memory)
						d.Services = d.Serve(d.Memory, func(c *services.Config) {
							c.Store = dispatching{d.Memory, func() {
								_, _ = other.Queues.Drain(context.Background(), world.Home, inbox.Queue{Team: world.Billing, Kind: workspace.Livechat})
							}}
						})
						call := desk.BulkRequest{Items: items, DryRun: true, Verb: desk.BulkVerb{Action: action, To: access.Owner{Team: world.Billing}}}
						dry, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), call)
						require.NoError(t, err)
						require.Contains(t, outcomes(dry), desk.BulkQueued)
						require.Contains(t, outcomes(dry), desk.BulkDone)
						call.DryRun = false
						got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), call)
						require.NoError(t, err)
						require.Equal(t, outcomes(dry), outcomes(got))
						for i := range got.Results {
							require.Equal(t, whom(dry.Results[i]), whom(got.Results[i]), "%d", i)
						}
					})
				})
			}
		}
	}
}

// A call that takes longer to decide than it has time does a part each time, and repeats with
// its key finish it; each conversation changes once. B:G1
func TestASlowPlanMakesProgress(t *testing.T) {
	for name, verb := range map[string]desk.BulkVerb{
		"to a team": {Action: inbox.ActionAssign, To: access.Owner{Team: world.Billing}},
		"spread":    {Action: inbox.ActionAssign, SpreadOver: []workspace.MemberID{world.Mate, world.Senior}},
	} {
		for _, view := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", of a view ", view), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := world.New(t)
					d.Rules(func(r *workspace.Rules) { r.MaxAutoAssigned, r.TransferActor = 20, workspace.TransferByAnyone })
					call := desk.BulkRequest{Items: crowd(d, 60, world.Me), Verb: verb, Key: "k"}
					if view {
						call.Items, call.View, call.Order = nil, &access.View{List: access.ListAll}, access.Order{Field: access.ByCreated}
					}
					d.Services = d.Serve(d.Memory, func(c *services.Config) {
						c.Now = func() time.Time { time.Sleep(time.Second); return d.Clock() } // a slow machine
					})
					begun := time.Now()
					_, _ = d.Bulk.Act(t.Context(), world.AsMember(world.Manager), desk.BulkRequest{Items: crowd(d, 60, world.Me), Verb: verb, DryRun: true})
					require.GreaterOrEqual(t, time.Since(begun), 20*time.Second, "deciding all takes too long")
					for calls, left := 0, 60; left > 0; calls++ {
						require.Less(t, calls, 30)
						got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), call)
						require.NoError(t, err)
						before := left
						left = 0
						for _, r := range got.Results {
							require.NoError(t, r.Refusal)
							if r.Outcome == desk.BulkNotTried {
								left++
							}
						}
						require.Less(t, left, before, "call %d", calls)
						require.Len(t, d.Recorded(), 60-left)
					}
				})
			})
		}
	}
}
