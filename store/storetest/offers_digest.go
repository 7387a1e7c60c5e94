package storetest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// ofCall is offering as a part of a call.
func ofCall(call inbox.BulkID, c inbox.Conversation, m workspace.MemberID) commit.Change {
	terms := inbox.OfferTerms{ID: inbox.OfferID(id("o")), Member: m}
	if m == "" {
		terms.Team = "billing"
	}
	by := answering(c, c.Assignee)
	by.Bulk = call
	return moving(c, inbox.MakeOffer(c, terms, by))
}

// The offers of a call are one notification for each member who is asked, and one for each
// team; it counts those that still ask, and is gone with the last. Who declines one of a team
// keeps the others of it. B:G1, B:T6
func offersOfACall(t *testing.T, open Opener) {
	d := newDesk(t, open)
	toNoa, toTeam := inbox.ToMember("noa"), inbox.ToTeam(workspace.Livechat, "billing")
	var one, all []inbox.Conversation
	for range 3 {
		one = append(one, d.commit(ofCall("call", d.owned("mia"), "noa")))
		all = append(all, d.commit(ofCall("call", d.owned("mia"), "")))
	}
	d.commit(offering(d.owned("mia"), "noa")) // a single one, which stays
	counted := func(m workspace.MemberID, to inbox.Audience) (out []int) {
		for _, n := range d.told(m, to) {
			if n.IsDigest() {
				require.Equal(t, inbox.BulkID("call"), n.Bulk)
				out = append(out, n.Count)
			}
		}
		return out
	}
	require.Equal(t, []int{3}, counted("noa", toNoa))
	require.Equal(t, []int{3}, counted("zoe", toTeam))
	require.Empty(t, counted("mia", toTeam), "who offers them to a team of theirs")
	d.commit(ofCall("call", d.owned("zoe"), ""))
	require.Equal(t, []int{3, 1}, sortedDown(counted("noa", toTeam)), "of another sender")
	require.Equal(t, []int{1}, counted("mia", toTeam))

	d.commit(moving(one[0], inbox.AcceptOffer(one[0], answering(one[0], "noa"))))
	require.Equal(t, []int{2}, counted("noa", toNoa))
	d.commit(moving(one[1], inbox.WithdrawOffer(one[1], answering(one[1], "mia"))))
	passed := d.commit(moving(one[2], inbox.DeclineOffer(one[2], "zoe", false, answering(one[2], "noa"))))
	require.Empty(t, counted("noa", toNoa), "gone with the last")
	require.Len(t, d.told("noa", toNoa), 1, "and no other with it")
	require.Empty(t, passed.Offer.Bulk, "the next is asked by no call")
	require.Len(t, d.told("zoe", inbox.ToMember("zoe")), 1)

	declined := d.commit(moving(all[0], inbox.DeclineOffer(all[0], "", true, answering(all[0], "noa"))))
	require.Equal(t, []int{3, 1}, sortedDown(counted("noa", toTeam)), "the others still ask")
	d.commit(moving(declined, inbox.AcceptOffer(declined, answering(declined, "zoe"))))
	require.Equal(t, []int{2, 1}, sortedDown(counted("noa", toTeam)))
	for _, c := range all[1:] {
		d.commit(moving(c, inbox.WithdrawOffer(c, answering(c, "mia"))))
	}
	require.Equal(t, []int{1}, counted("noa", toTeam))
}

// sortedDown sorts some numbers, the largest first.
func sortedDown(numbers []int) []int {
	slices.SortFunc(numbers, func(a, b int) int { return b - a })
	return numbers
}
