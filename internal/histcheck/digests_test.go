package histcheck_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/internal/histcheck"
)

// announced is a history in which one call puts conversations up for grabs, and one of them
// is claimed.
func announced(t *testing.T) histcheck.History {
	return historyOf(t, func(f *floor) []inbox.ConversationID {
		chats := f.play()
		var items []desk.BulkItem
		for _, id := range chats[1:5] {
			f.own(id)
			items = append(items, desk.BulkItem{Conversation: id})
		}
		_, err := f.Bulk.Act(f.t.Context(), as("ann"), desk.BulkRequest{Items: items, Verb: desk.BulkVerb{Action: inbox.ActionUnassign}, Key: "all"})
		require.NoError(f.t, err)
		f.must(f.Desk.Claim(f.t.Context(), as("bob"), desk.Request{Conversation: chats[2]}))
		return chats
	})
}

// A digest counts what the events of its call say, and each planted fault is found. B:G1
func TestAHistoryWithDigests(t *testing.T) {
	good := announced(t)
	require.Empty(t, good.Check())
	require.NotEmpty(t, good.Digests)
	for name, plant := range map[string]func(h *histcheck.History, id inbox.NotificationID){
		"one too many": func(h *histcheck.History, id inbox.NotificationID) {
			n := h.Digests[id]
			n.Count++
			h.Digests[id] = n
		},
		"one that is missing": func(h *histcheck.History, id inbox.NotificationID) { delete(h.Digests, id) },
		"an event of which it does not know": func(h *histcheck.History, _ inbox.NotificationID) {
			i := slices.IndexFunc(h.Events, func(e inbox.Event) bool { return e.Bulk != "" })
			h.Events = slices.Delete(h.Events, i, i+1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := announced(t)
			plant(&h, slices.Sorted(maps.Keys(h.Digests))[0])
			require.Contains(t, rulesOf(h.Check()), histcheck.Digest)
		})
	}
}
