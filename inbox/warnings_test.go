package inbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// Warnings are of the result, whichever door led to it. B:T3, B:T4, B:T6
func TestWarningsAreOfTheResult(t *testing.T) {
	gives := map[string]func(d *deskWorld, by inbox.Principal, to access.Owner) (desk.Outcome, error){
		"assign": func(d *deskWorld, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), by, d.begin(t, "chat: AI answers"), to, "")
		},
		"assign what one owns": func(d *deskWorld, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), by, d.begin(t, "chat: mine"), to, "")
		},
		"transfer": func(d *deskWorld, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), by, d.begin(t, "chat: mine"), to, "")
		},
		"hand off": func(d *deskWorld, _ inbox.Principal, to access.Owner) (desk.Outcome, error) {
			return d.Desk.RequestHandoff(t.Context(), asAgent(bot), d.begin(t, "chat: AI answers"), desk.HandoffTarget{Member: to.Member, Team: to.Team})
		},
		"create": func(d *deskWorld, by inbox.Principal, to access.Owner) (desk.Outcome, error) {
			out, err := d.Intake.CreateTicket(t.Context(), by, desk.NewConversation{Subject: "A ticket", Contact: contacts.NewContact{Name: "Ada"}, To: to})
			return out, err
		},
	}
	one, all := access.Owner{Member: mate}, access.Owner{Team: billing}
	without := func(a workspace.Availability) func(*deskWorld) {
		return func(d *deskWorld) { d.member(mate, func(m *workspace.Member) { m.Availability = a }) }
	}
	routed := func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.AutoAssignTickets = true }) }
	for name, c := range map[string]struct {
		to    access.Owner
		setUp func(*deskWorld)
		want  []inbox.Warning
	}{
		"a member who is online":        {one, without(workspace.Online), nil},
		"a member who is away":          {one, without(workspace.Away), []inbox.Warning{inbox.WarnTargetAway}},
		"a member who is offline":       {one, without(workspace.Offline), []inbox.Warning{inbox.WarnTargetOffline}},
		"a team of which one is free":   {all, func(d *deskWorld) { routed(d); d.alone(mate) }, nil},
		"a team of which none is there": {all, func(d *deskWorld) { routed(d); d.alone(stranger) }, []inbox.Warning{inbox.WarnTeamAbsent}},
		"a team in which all are full":  {all, func(d *deskWorld) { routed(d); d.alone(mate); d.busy(mate, 10) }, []inbox.Warning{inbox.WarnTeamFull}},
		"a team of claimers, none there": {all, func(d *deskWorld) {
			d.alone(stranger)
			d.rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary })
		}, []inbox.Warning{inbox.WarnTeamAbsent}},
		"a team of claimers": {all, func(d *deskWorld) {
			d.alone(mate)
			d.busy(mate, 10)
			d.rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary })
		}, nil},
	} {
		for door, give := range gives {
			t.Run(name+"/"+door, func(t *testing.T) {
				d := newDesk(t)
				c.setUp(d)
				out, err := give(d, asMember(me), c.to)
				require.NoError(t, err)
				require.Equal(t, c.want, out.Warnings)
			})
		}
	}
}

// Whoever takes a conversation knows where they are. B:A4, B:K1
func TestNobodyIsWarnedOfThemselves(t *testing.T) {
	for door, take := range map[string]func(d *deskWorld) (desk.Outcome, error){
		"assign": func(d *deskWorld) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), asMember(me), d.begin(t, "chat: AI answers"), access.Owner{Member: me}, "")
		},
		"claim": func(d *deskWorld) (desk.Outcome, error) {
			return d.Desk.Claim(t.Context(), asMember(me), d.begin(t, "chat: AI answers"))
		},
		"create": func(d *deskWorld) (desk.Outcome, error) {
			out, err := d.Intake.CreateTicket(t.Context(), asMember(me), desk.NewConversation{Subject: "A ticket", Contact: contacts.NewContact{Name: "Ada"}, To: access.Owner{Member: me}})
			return out, err
		},
		"leave": func(d *deskWorld) (desk.Outcome, error) {
			return d.Desk.Leave(t.Context(), asMember(me), d.begin(t, "chat: mine"))
		},
	} {
		t.Run(door, func(t *testing.T) {
			d := newDesk(t)
			d.alone(stranger)
			out, err := take(d)
			require.NoError(t, err)
			require.Empty(t, out.Warnings)
		})
	}
}

// A transfer that needs to be accepted goes through at once until offers exist, and
// says so each time. B:T6
func TestATransferSaysThatItIsNotOffered(t *testing.T) {
	for door, give := range map[string]func(d *deskWorld, to access.Owner) (desk.Outcome, error){
		"transfer": func(d *deskWorld, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Transfer(t.Context(), asMember(me), d.begin(t, "chat: mine"), to, "")
		},
		"assign": func(d *deskWorld, to access.Owner) (desk.Outcome, error) {
			return d.Desk.Assign(t.Context(), asMember(me), d.begin(t, "chat: mine"), to, "")
		},
	} {
		for _, to := range []access.Owner{{Member: mate}, {Team: billing}} {
			d := newDesk(t)
			d.rules(func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered })
			out, err := give(d, to)
			require.NoError(t, err)
			require.Contains(t, out.Warnings, inbox.WarnNotInEffect, "%s to %v", door, to)
		}
	}
	d := newDesk(t)
	d.rules(func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered })
	out, err := d.Desk.Assign(t.Context(), asMember(me), d.begin(t, "chat: AI answers"), access.Owner{Member: mate}, "")
	require.NoError(t, err)
	require.Empty(t, out.Warnings, "assigning is no transfer")
}

// The workspace names each team whose method is above the plan. B:Q9
func TestRoutingWarningsNameTheTeam(t *testing.T) {
	d := newDesk(t)
	d.directory().Workspace.Plan = "lite"
	d.rules(func(r *workspace.Rules) { r.Method = workspace.RoundRobin })
	d.team(func(team *workspace.Team) { team.Method = workspace.Voluntary })
	a, err := d.Callers.Access(t.Context(), asMember(owner))
	require.NoError(t, err)
	require.Equal(t, []access.TeamWarning{{Warning: inbox.WarnMethodAbovePlan}, {Warning: inbox.WarnMethodAbovePlan, Team: billing}}, access.RoutingWarnings(a))
	d.rules(func(r *workspace.Rules) { r.Method = workspace.Balanced })
	a, err = d.Callers.Access(t.Context(), asMember(owner))
	require.NoError(t, err)
	require.Equal(t, []access.TeamWarning{{Warning: inbox.WarnMethodAbovePlan, Team: billing}}, access.RoutingWarnings(a))
}
