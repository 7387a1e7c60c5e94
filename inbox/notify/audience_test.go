package notify_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Every member hears by the facets of each audience that the member belongs to, whatever
// the rule of visibility, and by no facet of another. B:V7
func TestFacetsOfAudiences(t *testing.T) {
	w := world.NewWorld(t)
	all := map[inbox.Audience]bool{}
	for _, rule := range []workspace.Visibility{workspace.VisibleOpen, workspace.VisibleScoped, workspace.VisibleExclusive} {
		w.Roster.Workspace.Rules.Visibility = rule
		for _, m := range w.Roster.SortedMembers() {
			a, err := access.NewAccess(world.AsMember(m.ID), w.Roster, w.Policy)
			require.NoError(t, err)
			mine := notify.Audiences(a)
			for _, to := range mine {
				all[to] = true
			}
			for to := range all {
				heard := slices.ContainsFunc(access.AudienceFacets(to), func(k access.Facet) bool { return slices.Contains(notify.FacetsOf(a), k) })
				require.Equal(t, slices.Contains(mine, to), heard, "%s: %s, %s", rule, m.ID, to)
			}
		}
	}
	require.Greater(t, len(all), len(w.Roster.SortedMembers()), "there are audiences of more than one member")
}

// An event has the facets of whomever it notifies, and of whom it takes a notification
// back from.
func TestEventsHaveTheFacetsOfTheirAudiences(t *testing.T) {
	queued := inbox.Ownership{Status: inbox.Open, Team: world.Sales, Announced: inbox.NotifyUpForGrabs, AnnouncedIn: 1}
	owned := inbox.Ownership{Status: inbox.Open, Team: world.Sales, Assignee: world.Mate, AnnouncedIn: 2}
	for name, e := range map[string]inbox.Event{
		"announced": {From: owned, To: queued}, "withdrawn": {From: queued, To: owned},
	} {
		e.Type, e.Kind = inbox.OwnershipEvent, inbox.EventTransferred
		e.After = &inbox.Conversation{ID: "c", Kind: workspace.Livechat, Ownership: e.To}
		told := []inbox.Audience{}
		for _, n := range inbox.NotificationsOf(e) {
			told = append(told, n.Audience)
		}
		if gone, ok := inbox.Withdrawn(e); ok {
			told = append(told, gone.Audience)
		}
		require.GreaterOrEqual(t, len(told), 2, name)
		for _, to := range told {
			require.Subset(t, access.EventFacets(e), access.AudienceFacets(to), name)
		}
	}
}
