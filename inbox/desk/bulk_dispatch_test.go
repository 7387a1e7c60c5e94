package desk_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// dispatched gives out the chats that wait for a team as soon as one does, and is slow with
// tickets.
type dispatched struct {
	*world.Memory
	t    *testing.T
	give *desk.Queues
}

func (d *dispatched) Commit(ctx context.Context, c commit.Change) error {
	if c.Event.After.Kind == workspace.Ticket {
		time.Sleep(time.Second)
	}
	err := d.Memory.Commit(ctx, c)
	if err == nil && c.Event.After.Waiting() {
		_, failed := d.give.Drain(ctx, c.Event.After.Workspace, inbox.Queue{Team: c.Event.After.Team, Kind: workspace.Livechat})
		assert.NoError(d.t, failed)
	}
	return err
}

// The kind of fault: what a call plans is undone by the dispatch, which it set to work itself.
// Whom the rules chose for one kind gets that, and no chat that the call put into the line
// before, wherever in the call the two stand and however many wait. B:G1, B:Q6
func TestTheDispatchLeavesWhatIsPlanned(t *testing.T) {
	for name, order := range map[string][]workspace.Kind{
		"the chat first":   {workspace.Livechat, workspace.Ticket},
		"the ticket first": {workspace.Ticket, workspace.Livechat},
		"more than begin at once": {
			workspace.Livechat, workspace.Livechat, workspace.Livechat, workspace.Livechat, workspace.Livechat, workspace.Livechat,
			workspace.Livechat, workspace.Livechat, workspace.Livechat, workspace.Livechat, workspace.Livechat, workspace.Livechat,
			workspace.Livechat, workspace.Livechat, workspace.Livechat, workspace.Livechat, workspace.Livechat, workspace.Ticket,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := world.New(t)
				d.Rules(func(r *workspace.Rules) {
					r.Method, r.MaxAutoAssigned, r.AutoAssignTickets = workspace.Balanced, 1, true
				})
				for _, id := range []workspace.MemberID{world.Me, world.Senior, world.Manager} {
					d.Busy(id, 1)
				}
				var items []desk.BulkItem
				for i, kind := range order {
					c := world.Queued(world.NewConversation(kind), "")
					c.ID = inbox.ConversationID(fmt.Sprintf("c%02d", i))
					d.Put(c)
					items = append(items, desk.BulkItem{Conversation: c.ID})
				}
				store := &dispatched{Memory: d.Memory, t: t}
				d.Services = d.Serve(d.Memory, func(c *services.Config) {
					c.Store, c.QueueState = store, waitingIn{{Team: world.Billing, Kind: workspace.Livechat}: true}
				})
				store.give = d.Services.Queues
				verb := desk.BulkVerb{Action: inbox.ActionAssign, To: access.Owner{Team: world.Billing}}
				call := desk.BulkRequest{Items: items, Verb: verb, DryRun: true}
				dry, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), call)
				require.NoError(t, err)
				call.DryRun = false
				got, err := d.Bulk.Act(t.Context(), world.AsMember(world.Manager), call)
				require.NoError(t, err)
				for i := range items {
					require.Equal(t, whom(dry.Results[i]), whom(got.Results[i]), "%d", i)
					if order[i] == workspace.Ticket {
						require.Equal(t, string(world.Mate), whom(got.Results[i])[1])
					}
				}
			})
		})
	}
}
