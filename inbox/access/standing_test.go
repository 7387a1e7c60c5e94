package access_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Members of one visibility class with equal standings get the same verdict on every verb,
// for every policy, rule, team, owner and offer. B:Z5
func TestEqualStandingsAreEqualVerdicts(t *testing.T) {
	shared := 0
	rapid.Check(t, func(t *rapid.T) {
		d, policy := drawDirectory(t), drawPermissions(t)
		d.Workspace.Rules = drawRules(t, d.Workspace.Rules)
		for range 20 {
			c := drawConversation(t)
			c.AIStopped, c.Offer = rapid.Bool().Draw(t, "stopped"), drawOffer(t)
			shared += compareStandings(t, d, policy, c)
		}
	})
	require.Positive(t, shared, "nobody shared a standing, so that nothing was compared")
}

// compareStandings returns how many members it compared with one of the same standing.
func compareStandings(t *rapid.T, d *workspace.Directory, policy access.Authorizer, c inbox.Conversation) (shared int) {
	type class struct {
		sight    access.VisibilityClass
		standing access.Standing
	}
	first := map[class]access.Access{}
	for i := range 5 {
		a, err := access.NewAccess(world.AsMember(workspace.MemberID(fmt.Sprint("m", i))), d, policy)
		if err != nil {
			continue // removed
		}
		sight, ok := a.VisibilityClass()
		if !ok {
			continue
		}
		of := class{sight, access.StandingOf(a, c)}
		other, met := first[of]
		if !met {
			first[of] = a
			continue
		}
		shared++
		for _, verb := range access.Actions() {
			who := fmt.Sprintf("%s of %s and %s\nconversation: %+v", verb, other.Member.ID, a.Member.ID, c)
			require.Equal(t, other.Can(c, verb), a.Can(c, verb), who)
			require.Equal(t, access.ReasonNeeded(other, c, verb), access.ReasonNeeded(a, c, verb), who)
		}
	}
	return shared
}

func drawPermissions(t *rapid.T) world.Scopes {
	s := world.Scopes{Reach: map[string]workspace.Scope{}, Monitor: rapid.IntRange(0, 3).Draw(t, "features") > 0}
	for _, role := range []workspace.RoleName{"agent", "manager"} {
		for _, kind := range workspace.Kinds() {
			for _, action := range workspace.PermActions() {
				scope := rapid.SampledFrom([]workspace.Scope{workspace.ScopeAll, workspace.ScopeAll, workspace.ScopeTeam, workspace.ScopeOwn, workspace.ScopeNone})
				s.Reach[fmt.Sprint(role, kind, action)] = scope.Draw(t, "scope")
			}
		}
	}
	return s
}

func drawRules(t *rapid.T, r workspace.Rules) workspace.Rules {
	sees := rapid.SampledFrom([]workspace.Visibility{workspace.VisibleOpen, workspace.VisibleScoped})
	sends := rapid.SampledFrom([]workspace.SendPolicy{
		workspace.SendAnyone, workspace.SendOwnerIfOwned, workspace.SendAssigneeAlways,
	})
	closes := rapid.SampledFrom([]workspace.CloseActor{workspace.CloseByAnyone, workspace.CloseByAssignee, workspace.CloseByAssigneeOrManager})
	r.Visibility, r.SendPolicy, r.CloseActor = sees.Draw(t, "sees"), sends.Draw(t, "sends"), closes.Draw(t, "closes")
	r.ReasonsRequired = workspace.UsagesOf(rapid.SliceOfDistinct(rapid.SampledFrom(workspace.Usages()), rapid.ID).Draw(t, "reasons")...)
	return r
}

func drawOffer(t *rapid.T) inbox.Offer {
	if rapid.Bool().Draw(t, "none offered") {
		return inbox.Offer{}
	}
	who := rapid.SampledFrom([]workspace.MemberID{"", "m0", "m1", "m2", "m3", "m4"})
	some := rapid.SliceOfNDistinct(rapid.SampledFrom([]workspace.MemberID{"m0", "m1", "m2"}), 0, 2, rapid.ID)
	sender := who.Draw(t, "sender")
	return inbox.Offer{
		ID: "o", Sender: sender, Member: who.Draw(t, "asked"),
		By:     workspace.Actor{Kind: workspace.ActorMember, ID: string(who.Draw(t, "by"))},
		Team:   rapid.SampledFrom([]workspace.TeamID{"", world.Billing, world.Sales}).Draw(t, "offered to"),
		Status: rapid.SampledFrom([]inbox.OfferStatus{inbox.OfferOpen, inbox.OfferDeclined}).Draw(t, "status"),
		Round:  rapid.IntRange(0, 2).Draw(t, "round"), Asked: some.Draw(t, "were asked"), Declined: some.Draw(t, "declined"),
	}
}
