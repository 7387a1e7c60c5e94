package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// A page of received offers that found none among those that it looked at has a cursor to go
// on from. B:T6
func TestAPageOfOffersWithoutRows(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		offer := w.offer("")
		w.edit(func(*workspace.Directory) workspace.DirectoryChange {
			return workspace.DirectoryChange{Team: &workspace.Team{ID: w.team("quiet"), Workspace: w.id, Name: "Quiet", Rev: 1}}
		})
		w.edit(func(d *workspace.Directory) workspace.DirectoryChange {
			m := d.Members[w.member("agent2")]
			m.Teams, m.Availability, m.Rev = append(m.Teams, w.team("quiet")), workspace.Away, m.Rev+1
			return workspace.DirectoryChange{Member: &m}
		})
		w.settle()
		c := w.owned("agent1").ID
		yes := true
		for range 401 { // the first page looks at one, and then four times at a hundred
			out, err := w.service.Desk.TransferAs(t.Context(), w.principal("agent1"), desk.Request{Conversation: c}, access.Owner{Team: w.team("quiet")}, "", desk.OfferWish{Offer: &yes})
			require.NoError(t, err)
			require.Equal(t, inbox.EventOfferExpired, out.Event.Kind)
		}
		const query = `query($after: Cursor) { offers(side: RECEIVED, first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`
		empty := w.as("agent2").do(query, nil)
		require.Empty(t, empty.at("offers.nodes"))
		require.Equal(t, true, empty.at("offers.pageInfo.hasNextPage"))
		next := w.as("agent2").do(query, vars{"after": empty.at("offers.pageInfo.endCursor")})
		require.Equal(t, []string{offer}, column(t, next.at("offers.nodes"), "id"))
		require.Equal(t, false, next.at("offers.pageInfo.hasNextPage"))
	})
}
