package resolvers_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

const followCounts = `subscription($views: [InboxView!]!) { inboxCounts(views: $views) { cursor counts { view count } } }`

// figures are what a client holds that applies the items of inboxCounts.
type figures struct {
	*stream
	held map[int]int
}

func (c *client) followCounts(views ...object) *figures {
	c.t.Helper()
	f := &figures{stream: c.connect().subscribe(followCounts, vars{"views": views}), held: map[int]int{}}
	f.apply()
	require.Len(c.t, f.held, len(views), "the first item has all figures")
	return f
}

func (f *figures) apply() {
	f.t.Helper()
	item := f.item()
	require.NotEmpty(f.t, item["cursor"])
	counts, _ := item["counts"].([]any)
	for _, c := range counts {
		view, count := dig(f.t, c, "view"), dig(f.t, c, "count")
		f.held[integer(f.t, view)] = integer(f.t, count)
	}
}

// until applies items until the figures are these.
func (f *figures) until(want ...int) {
	f.t.Helper()
	for !f.are(want) {
		f.apply()
	}
}

func (f *figures) are(want []int) bool {
	for view, n := range want {
		if f.held[view] != n {
			return false
		}
	}
	return true
}

func integer(t *testing.T, v any) int {
	t.Helper()
	n, ok := v.(json.Number)
	require.True(t, ok, "%v is no number", v)
	i, err := n.Int64()
	require.NoError(t, err)
	return int(i)
}

// B:V5
func TestCountsAreToldAsTheyChange(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.owned("agent1")
		c := w.chat()
		f := w.as("agent1").followCounts(object{"list": "UNASSIGNED"}, object{"list": "MINE"}, object{"list": "ALL", "statuses": []string{"CLOSED"}}, object{"search": "nothing"})
		require.Equal(t, map[int]int{0: 1, 1: 1, 2: 0, 3: 0}, f.held)
		w.chat()
		f.until(2, 1, 0, 0)
		w.claim(c, "agent1")
		f.until(1, 2, 0, 0)
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}, inbox.Closed)
		require.NoError(t, err)
		f.until(1, 1, 1, 0)

		w.editMember("agent1", func(m *workspace.Member) { m.Teams = append(m.Teams, w.team("sales")) })
		w.ticket("team sales")
		w.ticket("team sales")
		f.until(3, 1, 1, 0)
		s.hub.Gap("somewhere")
		w.chat()
		f.until(4, 1, 1, 0)

		too := make([]object, 21)
		for i := range too {
			too[i] = object{"search": fmt.Sprint(i)}
		}
		require.Equal(t, "INVALID_INPUT", w.as("owner").connect().subscribe(followCounts, vars{"views": too}).refused())
		require.Equal(t, "PERMISSION_DENIED", w.contact(c).connect().subscribe(followCounts, vars{"views": []object{}}).refused())
	})
}
