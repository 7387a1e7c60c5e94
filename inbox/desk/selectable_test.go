package desk_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// atPanels runs a test under each rule about who can be a target, for callers with different
// rights and each state of a conversation that is not closed.
func atPanels(t *testing.T, test func(t *testing.T, d *world.Inbox, by workspace.MemberID, state string)) {
	t.Helper()
	for _, away := range []workspace.TransferToAway{workspace.AllowAway, workspace.DenyAway} {
		for _, acceptance := range []workspace.TransferAcceptance{workspace.TransferImmediate, workspace.TransferOffered} {
			for _, by := range []workspace.MemberID{world.Me, world.Mate, world.Manager} {
				for state, c := range world.States(by) {
					if c.Status == inbox.Closed {
						continue
					}
					t.Run(fmt.Sprint(away, " ", acceptance, " ", by, " ", state), func(t *testing.T) {
						d := world.New(t)
						d.Rules(func(r *workspace.Rules) {
							r.TransferToAway, r.TransferAcceptance, r.TransferActor = away, acceptance, workspace.TransferByAnyone
						})
						d.Member(world.Senior, func(m *workspace.Member) { m.Availability = workspace.Away })
						d.Member(world.Stranger, func(m *workspace.Member) { m.Availability = workspace.Offline })
						d.Put(c)
						test(t, d, by, state)
					})
				}
			}
		}
	}
}

// The panel offers whom the change that picking makes would take, and says for the others
// why not, as the refusal does. B:A2, B:T4, B:T6
func TestThePanelOffersWhoCanBePicked(t *testing.T) {
	refused, offered := map[inbox.TargetReason]int{}, 0
	atPanels(t, func(t *testing.T, d *world.Inbox, by workspace.MemberID, state string) {
		c := world.States(by)[state]
		for id, m := range d.Roster.Members {
			reason, ok := d.Access(t, world.AsMember(by)).Selectable(c, m, inbox.ActionAssign)
			_, err := d.Desk.Assign(t.Context(), world.AsMember(by), desk.Request{Conversation: c.ID}, access.Owner{Member: id}, "")
			if code := inbox.CodeOf(err); err != nil && code != inbox.TargetNotPermitted {
				continue // who asks lacks something, which viewerCan says
			}
			require.Equal(t, err == nil, ok, "%s: %s, but %v", id, reason, err)
			if err == nil {
				offered++
				d.Put(c)
				continue
			}
			require.Equal(t, world.Refused(t, err, inbox.TargetNotPermitted).Target, reason, id)
			refused[reason]++
		}
	})
	require.Positive(t, offered)
	for _, reason := range []inbox.TargetReason{inbox.TargetCurrent, inbox.TargetNotLiveAgent, inbox.TargetAway, inbox.TargetOffline} {
		require.Positive(t, refused[reason], reason)
	}
}

// A spread meets nobody whom the verb refuses while another of those that it names could have
// the conversation, however little the refused one has to do. B:G1, B:T4, B:T6
func TestASpreadMeetsWhoCanHaveIt(t *testing.T) {
	atPanels(t, func(t *testing.T, d *world.Inbox, by workspace.MemberID, state string) {
		c := world.States(by)[state]
		if c.Assignee == world.Mate || by == world.Mate {
			return // who could have it otherwise
		}
		d.Busy(world.Mate, 3)
		for _, id := range []workspace.MemberID{world.Senior, world.Stranger, world.Observer, world.Me, world.Manager} {
			for _, verb := range []inbox.Action{inbox.ActionAssign, inbox.ActionTransfer} {
				for _, dry := range []bool{true, false} {
					d.Put(c)
					got, err := d.Bulk.Act(t.Context(), world.AsMember(by), desk.BulkRequest{
						Items: []desk.BulkItem{{Conversation: c.ID}}, DryRun: dry, Verb: desk.BulkVerb{Action: verb, SpreadOver: []workspace.MemberID{id, world.Mate}},
					})
					require.NoError(t, err)
					require.NotEqual(t, inbox.TargetNotPermitted, inbox.CodeOf(got.Results[0].Refusal), "%s %s, dry %v: %v", verb, id, dry, got.Results[0].Refusal)
				}
			}
		}
	})
}
