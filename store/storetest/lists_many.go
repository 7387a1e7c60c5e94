package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// Every list holds what it should among 5, 250 and 1,000 teammates: a store may find
// conversations in another way where a caller has many. B:V1, B:Z1, B:Z8
func listsOfMany(t *testing.T, open Opener) {
	d := newDesk(t, open)
	all := ListedConversations(d.ws, id("c"), 300)
	for i, c := range all {
		all[i] = d.commit(creation(c))
	}
	rows, err := ListRows()
	require.NoError(t, err)
	orders := []access.OrderField{access.ByLastActivity, access.ByCreated, access.ByWaiting, access.ByAwaitingReply}
	found := map[string]bool{}
	for i, row := range rows {
		name := fmt.Sprintf("%s, sees %s, %d teammates", row.View, row.Visibility, row.Teammates)
		q := row.Query
		q.Workspace, q.Order = d.ws, access.Order{Field: orders[i%len(orders)], Desc: true}
		q.Page, q.Visibility.Starred = inbox.PageRequest{Limit: 50}, idsOf(all[:30])
		match := matching(all, q)
		got, err := d.ListConversations(t.Context(), q)
		require.NoError(t, err, name)
		want := pageOf(match, positionIn(q.Order), q.Order.Desc, q.Page)
		require.Equal(t, idsOf(want.Items), idsOf(got.Items), name)
		require.Equal(t, want.HasNext, got.HasNext, name)
		found[row.View] = found[row.View] || len(match) > 0
	}
	for view, some := range found {
		require.True(t, some, "the list %q found nothing for anybody: it tests nothing", view)
	}
}
