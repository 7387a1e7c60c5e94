package desk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Warnings are of the result, whichever door led to it. B:T3, B:T4, B:T6
func TestWarningsAreOfTheResult(t *testing.T) {
	gives := map[string]func(d *world.Inbox, by inbox.Principal, to access.Owner) (desk.Outcome, error){
		"assign": func(d *world.Inbox, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), by, d.Begin(t, "chat: AI answers"), to, "")
		},
		"assign what one owns": func(d *world.Inbox, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), by, d.Begin(t, "chat: mine"), to, "")
		},
		"transfer": func(d *world.Inbox, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), by, d.Begin(t, "chat: mine"), to, "")
		},
		"hand off": func(d *world.Inbox, _ inbox.Principal, to access.Owner) (desk.Outcome, error) {
			return d.Desk.RequestHandoff(t.Context(), world.AsAgent(world.Bot), d.Begin(t, "chat: AI answers"), desk.HandoffTarget{Member: to.Member, Team: to.Team})
		},
		"create": func(d *world.Inbox, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
			out, err := d.Intake.CreateTicket(t.Context(), by, desk.NewConversation{Subject: "A ticket", Contact: contacts.NewContact{Name: "Ada"}, To: to})
			return out, err
		},
	}
	one, all := access.Owner{Member: world.Mate}, access.Owner{Team: world.Billing}
	without := func(a workspace.Availability) func(*world.Inbox) {
		return func(d *world.Inbox) { d.Member(world.Mate, func(m *workspace.Member) { m.Availability = a }) }
	}
	routed := func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.AutoAssignTickets = true }) }
	for name, c := range map[string]struct {
		to    access.Owner
		setUp func(*world.Inbox)
		want  []inbox.Warning
	}{
		"a member who is online":        {one, without(workspace.Online), nil},
		"a member who is away":          {one, without(workspace.Away), []inbox.Warning{inbox.WarnTargetAway}},
		"a member who is offline":       {one, without(workspace.Offline), []inbox.Warning{inbox.WarnTargetOffline}},
		"a team of which one is free":   {all, func(d *world.Inbox) { routed(d); d.Alone(world.Mate) }, nil},
		"a team of which none is there": {all, func(d *world.Inbox) { routed(d); d.Alone(world.Stranger) }, []inbox.Warning{inbox.WarnTeamAbsent}},
		"a team in which all are full":  {all, func(d *world.Inbox) { routed(d); d.Alone(world.Mate); d.Busy(world.Mate, 10) }, []inbox.Warning{inbox.WarnTeamFull}},
		"a team of claimers, none there": {all, func(d *world.Inbox) {
			d.Alone(world.Stranger)
			d.Rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary })
		}, []inbox.Warning{inbox.WarnTeamAbsent}},
		"a team of claimers": {all, func(d *world.Inbox) {
			d.Alone(world.Mate)
			d.Busy(world.Mate, 10)
			d.Rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary })
		}, nil},
	} {
		for door, give := range gives {
			t.Run(name+"/"+door, func(t *testing.T) {
				d := world.New(t)
				c.setUp(d)
				out, err := give(d, world.AsMember(world.Me), c.to)
				require.NoError(t, err)
				require.Equal(t, c.want, out.Warnings)
			})
		}
	}
}

// Whoever takes a conversation knows where they are. B:A4, B:K1
func TestNobodyIsWarnedOfThemselves(t *testing.T) {
	for door, take := range map[string]func(d *world.Inbox) (desk.Outcome, error){
		"assign": func(d *world.Inbox) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: AI answers"), access.Owner{Member: world.Me}, "")
		},
		"claim": func(d *world.Inbox) (desk.Outcome, error) {
			return d.Desk.Claim(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: AI answers"))
		},
		"create": func(d *world.Inbox) (desk.Outcome, error) {
			out, err := d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), desk.NewConversation{Subject: "A ticket", Contact: contacts.NewContact{Name: "Ada"}, To: access.Owner{Member: world.Me}})
			return out, err
		},
		"leave": func(d *world.Inbox) (desk.Outcome, error) {
			return d.Desk.Leave(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"))
		},
	} {
		t.Run(door, func(t *testing.T) {
			d := world.New(t)
			d.Alone(world.Stranger)
			out, err := take(d)
			require.NoError(t, err)
			require.Empty(t, out.Warnings)
		})
	}
}

// A transfer by a rule that the plan does not include happens at once, whatever it says of an
// offer, and tells so each time; an offer that is asked for is refused. B:T6
func TestATransferAboveThePlan(t *testing.T) {
	for door, give := range map[string]func(d *world.Inbox, to access.Owner) (desk.Outcome, error){
		"transfer": func(d *world.Inbox, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), to, "")
		},
		"transfer that is to happen at once": func(d *world.Inbox, to access.Owner) (desk.Outcome, error) {
			return d.Desk.TransferAs(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), to, "", desk.OfferWish{Offer: world.Ptr(false)})
		},
		"transfer for a time": func(d *world.Inbox, to access.Owner) (desk.Outcome, error) {
			return d.Desk.TransferAs(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), to, "", desk.OfferWish{Timeout: time.Second})
		},
		"assign": func(d *world.Inbox, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), to, "")
		},
	} {
		for _, to := range []access.Owner{{Member: world.Mate}, {Team: world.Billing}} {
			d := world.New(t)
			d.Roster.Workspace.Plan = "lite"
			d.Rules(func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered })
			out, err := give(d, to)
			require.NoError(t, err)
			require.Contains(t, out.Warnings, inbox.WarnAcceptanceAbovePlan, "%s to %v", door, to)
			require.Equal(t, inbox.EventTransferred, out.Event.Kind)
		}
	}
	d := world.New(t)
	d.Roster.Workspace.Plan = "lite"
	_, err := d.Desk.TransferAs(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), access.Owner{Member: world.Mate}, "", desk.OfferWish{Offer: world.Ptr(true)})
	require.Equal(t, workspace.FeatureOffers, world.Refused(t, err, inbox.PlanRequired).Feature)
}

// The workspace names each team whose method is above the plan. B:Q9
func TestRoutingWarningsNameTheTeam(t *testing.T) {
	d := world.New(t)
	d.Roster.Workspace.Plan = "lite"
	d.Rules(func(r *workspace.Rules) { r.Method = workspace.RoundRobin })
	editBilling(d, func(team *workspace.Team) { team.Method = workspace.Voluntary })
	a, err := d.Callers.Access(t.Context(), world.AsMember(world.Owner))
	require.NoError(t, err)
	require.Equal(t, []access.TeamWarning{{Warning: inbox.WarnMethodAbovePlan}, {Warning: inbox.WarnMethodAbovePlan, Team: world.Billing}}, access.RoutingWarnings(a))
	d.Rules(func(r *workspace.Rules) { r.Method = workspace.Balanced })
	a, err = d.Callers.Access(t.Context(), world.AsMember(world.Owner))
	require.NoError(t, err)
	require.Equal(t, []access.TeamWarning{{Warning: inbox.WarnMethodAbovePlan, Team: world.Billing}}, access.RoutingWarnings(a))
}
