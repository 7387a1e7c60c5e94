package resolvers_test

import (
	"encoding/json"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// gates hold the first reads of conversations, one gate for each; later ones pass.
type gates []gate

type gate struct {
	// after holds what was read, else it is not read yet.
	after         bool
	reached, open chan struct{}
}

func newGate(after bool) gate { return gate{after, make(chan struct{}), make(chan struct{})} }

func (g gate) wait() {
	close(g.reached)
	<-g.open
}

// hold lets the reads of the server pass the gates until the test ends.
func (g gates) hold(t *testing.T, s *server) {
	t.Helper()
	var read atomic.Int64
	pass := func() {}
	at := func() (after func()) {
		switch n := int(read.Add(1)) - 1; {
		case n >= len(g):
			return pass
		case g[n].after:
			return g[n].wait
		default:
			g[n].wait()
			return pass
		}
	}
	s.watched.reading.Store(&at)
	t.Cleanup(func() { s.watched.reading.Store(nil) })
}

// Who comes back into a group is shown no conversation in an older state than what they missed
// showed it in, although the group read it for an event that happened meanwhile before their
// replay did: the group's item waits for the replay, or it is still on its way when the replay
// is done. B:V8b, B:V10
func TestComingBackIntoAGroupShowsNothingOlder(t *testing.T) {
	const query = `subscription($after: Cursor) { assignmentEvents(after: $after) {
		cursor node { kind conversation { id revision } } } }`
	onEngines(t, func(t *testing.T, s *server) {
		for _, onItsWay := range []bool{false, true} {
			w := s.newSpace(t, "enterprise", nil)
			stays, before := w.as("manager").follow(query, nil), w.as("owner").follow(query, nil)
			c := w.chat()
			after := before.item()["cursor"]
			_ = before.conn.CloseNow()
			stays.item()
			w.claim(c, "agent1")
			stays.item()

			replay, group := newGate(false), newGate(true)
			gates{replay, group}.hold(t, s)
			back := w.as("owner").connect().subscribe(query, vars{"after": after})
			<-replay.reached
			_, err := w.service.Desk.TakeOver(t.Context(), w.principal("manager"), w.request(c), nil, "")
			require.NoError(t, err)
			<-group.reached
			if !onItsWay {
				close(group.open)
				require.Equal(t, "TAKEN_OVER", dig(t, stays.item(), "node.kind"))
			}
			w.say(w.stored(c.ID), "and another message")
			close(replay.open)
			last := requireNotOlder(t, back.item(), "CLAIMED", 0)
			if onItsWay {
				close(group.open)
			}
			requireNotOlder(t, back.item(), "TAKEN_OVER", last)
		}
	})
}

// requireNotOlder demands an event of a kind, and gives the revision that it shows.
func requireNotOlder(t *testing.T, item object, kind string, last int64) int64 {
	t.Helper()
	require.Equal(t, kind, dig(t, item, "node.kind"))
	revision, _ := dig(t, item, "node.conversation.revision").(json.Number)
	shown, err := revision.Int64()
	require.NoError(t, err)
	require.GreaterOrEqual(t, shown, last, "%s shows an older state than the item before", kind)
	return shown
}
