package blackbox_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
	"switchboard/internal/faultlink"
)

// envCuts is how many calls are cut, instead of a few.
const envCuts = "SWITCHBOARD_TEST_CUTS"

// cutSize is how many conversations each call is about, and manyCuts how often the same ones
// are.
const (
	cutSize  = 20
	manyCuts = 50
)

// cutQuery is a call with many conversations.
const cutQuery = `mutation($input: BulkInput!) { done: actOnConversations(input: $input) {
	bulkId done notTried results { outcome event { id } error { code message } } userErrors { code message } } }`

// The connection of a call is cut at any moment, and the call repeated with its key, at
// another server if there is one: each conversation changes once, with one event, and its
// new owner has one digest of all. Row 3. B:G1
func TestABulkThatIsCutIsDoneOnce(t *testing.T) {
	t.Parallel()
	cuts := asked(t, envCuts, 12)
	for engine, open := range houses() {
		t.Run(engine, func(t *testing.T) {
			h := open(t, staff("cut", 2, func(*workspace.Rules) {}))
			s := h.shifts["cut"].in(t)
			link, err := faultlink.Listen(t.Context(), h.servers[0].addr)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, link.Close()) })
			c, places := cutter{shift: s, link: link}, map[string]int{}
			for n := range cuts {
				if n%manyCuts == 0 {
					c.chats = s.tickets(cutSize, s.name("a"))
					c.round(0, n, 0) // not cut
				}
				places[c.round(n%manyCuts+1, n, rand.Int64N(int64(c.typical)))]++
			}
			s.sound()
			t.Logf("%d calls of %d, %v each if not cut: %v were done when it was cut", cuts, cutSize, c.typical.Round(time.Millisecond), places)
		})
	}
}

// cutter gives conversations from one member to another and back, by calls through a proxy.
type cutter struct {
	*shift
	link    *faultlink.Link
	chats   []string
	typical time.Duration
}

// round makes the n-th call for its conversations, which is cut after so many nanoseconds
// unless that is zero, and repeats it. It says how many were done when it was cut.
func (c *cutter) round(n, of int, after int64) (done string) {
	t, names := c.t, []string{"a", "b"}
	t.Helper()
	from, to := c.name(names[n%2]), c.name(names[(n+1)%2])
	input := object{
		"selection": selected(c.chats), "verb": object{"transfer": object{"memberId": globalID("Member", to)}},
		"idempotencyKey": fmt.Sprint(of-of%manyCuts, " ", n),
	}
	cut := c.sendCut(from, input, time.Duration(after))
	var answered answer
	eventually(t, "the repeat finishes it", func() bool {
		answered = c.member(n+1, from).do(cutQuery, object{"input": input})
		return answered.at("done.done") == float64(cutSize)
	})
	before := 0
	events := column(t, answered.at("done.results"), "event.id")
	for i, chat := range c.chats {
		all := c.events(chat)
		last := all[len(all)-1]
		require.Len(t, all, n+2, "begun, and given once in each round")
		require.Equal(t, events[i], globalID("AssignmentEvent", string(last.ID)))
		require.Equal(t, answered.at("done.bulkId"), globalID("Bulk", string(last.Bulk)))
		if last.At.Before(cut) {
			before++
		}
	}
	c.oneDigest(n, to, answered.at("done.bulkId"))
	switch before {
	case 0:
		return "none"
	case cutSize:
		return "all"
	}
	return "some"
}

// sendCut sends a call through the proxy, and gives when it was cut. There need not be an
// answer.
func (c *cutter) sendCut(from string, input object, after time.Duration) (cut time.Time) {
	c.t.Helper()
	h := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	through := &client{server: &server{addr: c.link.Addr(), http: h}, t: c.t, token: c.member(0, from).token}
	ended, began := make(chan struct{}), time.Now()
	go func() {
		defer close(ended)
		_, _ = through.try(c.t.Context(), cutQuery, object{"input": input}) // it may be cut
	}()
	if after == 0 {
		<-ended
		c.typical = time.Since(began)
		return time.Now()
	}
	timer := time.NewTimer(after)
	defer timer.Stop()
	<-timer.C
	cut = time.Now()
	c.link.Refuse()
	<-ended
	c.link.Heal()
	return cut
}

// oneDigest demands that a member is notified of a call once, of all of its conversations.
func (c *cutter) oneDigest(n int, member string, call any) {
	c.t.Helper()
	list, _ := c.member(n, member).do(`{ notifications(first: 100) { nodes { kind bulkId count } } }`, nil).at("notifications.nodes").([]any)
	var counts []any
	for _, one := range list {
		if dig(one, "bulkId") == call {
			counts = append(counts, dig(one, "count"))
		}
	}
	require.Equal(c.t, []any{float64(cutSize)}, counts)
}
