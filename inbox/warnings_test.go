package inbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// Warnings are of the result, whichever door led to it. B:T3, B:T4, B:T6
func TestWarningsAreOfTheResult(t *testing.T) {
	gives := map[string]func(d *desk, by inbox.Principal, to inbox.Owner) (inbox.Outcome, error){
		"assign": func(d *desk, by inbox.Principal, to inbox.Owner) (inbox.Outcome, error) {
			return d.Assign(t.Context(), by, d.begin(t, "chat: AI answers"), to, "")
		},
		"assign what one owns": func(d *desk, by inbox.Principal, to inbox.Owner) (inbox.Outcome, error) {
			return d.Assign(t.Context(), by, d.begin(t, "chat: mine"), to, "")
		},
		"transfer": func(d *desk, by inbox.Principal, to inbox.Owner) (inbox.Outcome, error) {
			return d.Transfer(t.Context(), by, d.begin(t, "chat: mine"), to, "")
		},
		"hand off": func(d *desk, _ inbox.Principal, to inbox.Owner) (inbox.Outcome, error) {
			return d.RequestHandoff(t.Context(), asAgent(bot), d.begin(t, "chat: AI answers"), inbox.HandoffTarget{Member: to.Member, Team: to.Team})
		},
		"create": func(d *desk, by inbox.Principal, to inbox.Owner) (inbox.Outcome, error) {
			out, err := d.CreateTicket(t.Context(), by, inbox.NewConversation{Subject: "A ticket", Contact: inbox.NewContact{Name: "Ada"}, To: to})
			return out, err
		},
	}
	one, all := inbox.Owner{Member: mate}, inbox.Owner{Team: billing}
	without := func(a inbox.Availability) func(*desk) {
		return func(d *desk) { d.member(mate, func(m *inbox.Member) { m.Availability = a }) }
	}
	routed := func(d *desk) { d.rules(func(r *inbox.Rules) { r.AutoAssignTickets = true }) }
	for name, c := range map[string]struct {
		to    inbox.Owner
		setUp func(*desk)
		want  []inbox.Warning
	}{
		"a member who is online":        {one, without(inbox.Online), nil},
		"a member who is away":          {one, without(inbox.Away), []inbox.Warning{inbox.WarnTargetAway}},
		"a member who is offline":       {one, without(inbox.Offline), []inbox.Warning{inbox.WarnTargetOffline}},
		"a team of which one is free":   {all, func(d *desk) { routed(d); d.alone(mate) }, nil},
		"a team of which none is there": {all, func(d *desk) { routed(d); d.alone(stranger) }, []inbox.Warning{inbox.WarnTeamAbsent}},
		"a team in which all are full":  {all, func(d *desk) { routed(d); d.alone(mate); d.busy(mate, 10) }, []inbox.Warning{inbox.WarnTeamFull}},
		"a team of claimers, none there": {all, func(d *desk) {
			d.alone(stranger)
			d.rules(func(r *inbox.Rules) { r.Method = inbox.Voluntary })
		}, []inbox.Warning{inbox.WarnTeamAbsent}},
		"a team of claimers": {all, func(d *desk) {
			d.alone(mate)
			d.busy(mate, 10)
			d.rules(func(r *inbox.Rules) { r.Method = inbox.Voluntary })
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
	for door, take := range map[string]func(d *desk) (inbox.Outcome, error){
		"assign": func(d *desk) (inbox.Outcome, error) {
			return d.Assign(t.Context(), asMember(me), d.begin(t, "chat: AI answers"), inbox.Owner{Member: me}, "")
		},
		"claim": func(d *desk) (inbox.Outcome, error) {
			return d.Claim(t.Context(), asMember(me), d.begin(t, "chat: AI answers"))
		},
		"create": func(d *desk) (inbox.Outcome, error) {
			out, err := d.CreateTicket(t.Context(), asMember(me), inbox.NewConversation{Subject: "A ticket", Contact: inbox.NewContact{Name: "Ada"}, To: inbox.Owner{Member: me}})
			return out, err
		},
		"leave": func(d *desk) (inbox.Outcome, error) {
			return d.Leave(t.Context(), asMember(me), d.begin(t, "chat: mine"))
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
	for door, give := range map[string]func(d *desk, to inbox.Owner) (inbox.Outcome, error){
		"transfer": func(d *desk, to inbox.Owner) (inbox.Outcome, error) {
			return d.Transfer(t.Context(), asMember(me), d.begin(t, "chat: mine"), to, "")
		},
		"assign": func(d *desk, to inbox.Owner) (inbox.Outcome, error) {
			return d.Assign(t.Context(), asMember(me), d.begin(t, "chat: mine"), to, "")
		},
	} {
		for _, to := range []inbox.Owner{{Member: mate}, {Team: billing}} {
			d := newDesk(t)
			d.rules(func(r *inbox.Rules) { r.TransferAcceptance = inbox.TransferOffered })
			out, err := give(d, to)
			require.NoError(t, err)
			require.Contains(t, out.Warnings, inbox.WarnNotInEffect, "%s to %v", door, to)
		}
	}
	d := newDesk(t)
	d.rules(func(r *inbox.Rules) { r.TransferAcceptance = inbox.TransferOffered })
	out, err := d.Assign(t.Context(), asMember(me), d.begin(t, "chat: AI answers"), inbox.Owner{Member: mate}, "")
	require.NoError(t, err)
	require.Empty(t, out.Warnings, "assigning is no transfer")
}

// The workspace names each team whose method is above the plan. B:Q9
func TestRoutingWarningsNameTheTeam(t *testing.T) {
	d := newDesk(t)
	d.directory().Workspace.Plan = "lite"
	d.rules(func(r *inbox.Rules) { r.Method = inbox.RoundRobin })
	d.team(func(team *inbox.Team) { team.Method = inbox.Voluntary })
	a, err := d.Access(t.Context(), asMember(owner))
	require.NoError(t, err)
	require.Equal(t, []inbox.TeamWarning{{Warning: inbox.WarnMethodAbovePlan}, {Warning: inbox.WarnMethodAbovePlan, Team: billing}}, a.RoutingWarnings())
	d.rules(func(r *inbox.Rules) { r.Method = inbox.Balanced })
	a, err = d.Access(t.Context(), asMember(owner))
	require.NoError(t, err)
	require.Equal(t, []inbox.TeamWarning{{Warning: inbox.WarnMethodAbovePlan, Team: billing}}, a.RoutingWarnings())
}
