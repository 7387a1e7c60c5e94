package follow_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

// A tally is the number of what the view holds, up to its limit, wherever in the
// stream of events it was read, also far above the limit and back. B:V5
func TestATallyIsARecount(t *testing.T) {
	const limit = 3
	loads := 0
	rapid.Check(t, func(rt *rapid.T) {
		view := access.View{Statuses: []inbox.Status{inbox.Open}}
		reach := access.VisibilityFilter{Scopes: map[workspace.Kind]workspace.Scope{workspace.Ticket: workspace.ScopeAll}}
		crowd := rapid.SampledFrom([]int{0, 2, 3, 4, 5, 8}).Draw(rt, "open from the start")
		now := map[inbox.ConversationID]inbox.Conversation{}
		for i := range crowd {
			id := inbox.ConversationID("c" + strconv.Itoa(i))
			now[id] = inbox.Conversation{ID: id, Kind: workspace.Ticket, Version: 1, Ownership: inbox.Ownership{Status: inbox.Open}}
		}
		open := func() (all []desk.OwnershipSnapshot) {
			for _, c := range now {
				if c.Status == inbox.Open {
					all = append(all, desk.OwnershipSnapshot{ID: c.ID, Version: c.Version})
				}
			}
			return all
		}
		tally := follow.NewTally(view, limit)
		load := func() {
			all := open()
			all = all[:min(len(all), tally.Wants())]
			if !tally.Begin(len(all)) {
				require.Less(rt, len(all), limit, "nothing is read of what need not be")
				tally.Load(all)
			}
		}
		load()
		var behind []inbox.Event // committed, and read by a load perhaps, and not applied yet
		for range rapid.IntRange(0, 40).Draw(rt, "verbs") {
			id := inbox.ConversationID("c" + strconv.Itoa(rapid.IntRange(0, crowd+2).Draw(rt, "which")))
			before, existed := now[id]
			after := before
			after.ID, after.Kind, after.Version = id, workspace.Ticket, before.Version+1
			after.Status = rapid.SampledFrom([]inbox.Status{inbox.Open, inbox.Closed}).Draw(rt, "status")
			e := inbox.Event{Type: inbox.OwnershipEvent, Kind: inbox.EventStatusChanged, Conversation: id, From: before.Ownership, After: &after, Version: after.Version}
			if !existed {
				e.Kind = inbox.EventCreated
			}
			now[id] = after
			behind = append(behind, e)
			if rapid.IntRange(0, 9).Draw(rt, "read again") == 0 {
				load()
			}
			if rapid.Bool().Draw(rt, "lag") {
				continue
			}
			for _, e := range behind {
				if !tally.Apply(reach, e, nil) {
					loads++
					load()
				}
			}
			behind = nil
			require.Equal(rt, min(len(open()), limit), tally.Count())
		}
	})
	require.Positive(t, loads, "no tally had to be read again: the test does not reach the limit")
}
