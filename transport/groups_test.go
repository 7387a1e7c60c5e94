package transport_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/transport"
)

// listener is a client that follows the journal.
type listener struct {
	*client
	token string
	seen  int // the last number it was told
}

func (e *env) listen(token, group string, after int) *listener {
	e.t.Helper()
	e.schema.journal.permit(token, group)
	l := &listener{client: e.connect(token), token: token, seen: max(0, after)}
	l.subscribe("1", journalQuery(after))
	return l
}

func journalQuery(after int) string {
	if after < 0 {
		return `subscription{journal}`
	}
	return fmt.Sprintf(`subscription{journal(after:"%d")}`, after)
}

// number demands that an item comes next, and gives it.
func (l *listener) number() int {
	l.t.Helper()
	for {
		m := l.next()
		if m.Type == "ping" {
			l.send(`{"type":"pong"}`)
			continue
		}
		require.Equal(l.t, "next", m.Type, "%s", m.Payload)
		var item struct{ Data struct{ Journal int } }
		require.NoError(l.t, json.Unmarshal(m.Payload, &item))
		return item.Data.Journal
	}
}

// until demands every number up to last, each once and in order.
func (l *listener) until(last int) {
	l.t.Helper()
	for l.seen < last {
		require.Equal(l.t, l.seen+1, l.number())
		l.seen++
	}
}

// B:V10
func TestOneExecutionServesAGroup(t *testing.T) {
	e := start(t, nil)
	j := e.schema.journal
	all := []*listener{}
	for i := range 20 {
		all = append(all, e.listen(fmt.Sprint("good:", i), []string{"red", "blue"}[i%2], -1))
	}
	eventually(t, func() bool { return e.server.Stats().Joined == 20 && j.listening.Load() == 2 }, "two executions serve all")
	j.add(3)
	for _, l := range all {
		l.until(3)
	}
	require.EqualValues(t, 2, j.groups.Load())
	require.Zero(t, j.alone.Load())
	stats := e.server.Stats()
	require.Equal(t, 2, stats.Groups)
	require.Equal(t, 20, stats.Members)
	require.LessOrEqual(t, stats.Deliveries, uint64(60))
	for _, l := range all[1:] {
		l.send(`{"id":"1","type":"complete"}`)
	}
	eventually(t, func() bool { return e.server.Stats().Members == 1 }, "the others have left")
	require.Equal(t, 1, e.server.Stats().Groups)
	all[0].subscribe("2", `{hello(name:"x")}`)
	require.Equal(t, "2 next {\"data\":{\"hello\":\"hello x\"}}", all[0].next().String(), "the socket is of use for other things")
	_ = all[0].conn.CloseNow()
	eventually(t, func() bool { return e.server.Stats().Groups == 0 && j.listening.Load() == 0 }, "the last one ends the group")
}

// The execution of a group counts for one of its members, whoever leaves.
func TestAGroupIsBorneByOneOfItsMembers(t *testing.T) {
	e := start(t, nil)
	bytes := func() int64 { return e.server.Stats().Bytes }
	joined := func(members int) {
		t.Helper()
		eventually(t, func() bool { return e.server.Stats().Members == members && e.server.Stats().Subscriptions == members }, "as many members")
	}
	first := e.listen("good:0", "red", -1)
	joined(1)
	alone := bytes()
	all := []*listener{first}
	for i := range 3 {
		all = append(all, e.listen(fmt.Sprint("good:", i+1), "red", -1))
		joined(len(all))
	}
	each := (bytes() - alone) / 3
	require.Less(t, each, alone/3)
	for i, l := range all {
		require.Equal(t, alone+each*int64(3-i), bytes(), "the execution and %d more", 3-i)
		l.send(`{"id":"1","type":"complete"}`)
		joined(3 - i)
	}
	require.Zero(t, bytes())
}

// B:Z4
func TestRightsMoveMembers(t *testing.T) {
	e := start(t, nil)
	j := e.schema.journal
	stays, moves, leaves, lone := e.listen("good:1", "red", 0), e.listen("good:2", "red", 0), e.listen("good:3", "red", 0), e.listen("good:4", "red", 0)
	j.add(2)
	for _, l := range []*listener{stays, moves, leaves, lone} {
		l.until(2)
	}
	j.permit("good:2", "blue")
	j.permit("good:3", "no")
	j.permit("good:4", "alone")
	j.add(2)
	require.Equal(t, `1 error [{"message":"forbidden"}]`, leaves.next().String(), "nothing is delivered after it")
	for _, l := range []*listener{stays, moves, lone} {
		l.until(4)
	}
	stats := e.server.Stats()
	require.Equal(t, 2, stats.Members)
	require.Equal(t, 2, stats.Groups)
	require.EqualValues(t, 1, j.alone.Load())
}

// B:Z4
func TestRightsAreLookedAtWithoutAnyEvent(t *testing.T) {
	e := start(t, nil)
	l := e.listen("good:1", "red", 0)
	e.schema.journal.add(1)
	l.until(1)
	e.schema.journal.permit("good:1", "no")
	require.Equal(t, `1 error [{"message":"forbidden"}]`, l.next().String())
}

// Clients that come back are told what they missed together, and go on in the
// group. B:V3
func TestResumingClientsEndInGroups(t *testing.T) {
	e := start(t, nil)
	j := e.schema.journal
	j.add(10)
	j.hold.Lock() // the group does not begin yet
	var all []*listener
	for i := range 40 {
		all = append(all, e.listen(fmt.Sprint("good:", i), "red", 7+i%2))
	}
	eventually(t, func() bool { return e.server.Stats().Members == 40 }, "all joined")
	j.add(3)
	j.hold.Unlock()
	j.add(1)
	for _, l := range all {
		l.until(14)
	}
	require.EqualValues(t, 1, j.groups.Load())
	require.Zero(t, j.alone.Load())
	require.EqualValues(t, 2, j.replays.Load(), "who waits for the same is told together")
	require.Equal(t, 40, e.server.Stats().Members)
}

func TestABadCursorIsToldToEachAlone(t *testing.T) {
	e := start(t, nil)
	e.schema.journal.permit("good:1", "red")
	c := e.connect("good:1")
	c.subscribe("1", `subscription{journal(after:"bad")}`)
	require.Equal(t, `1 error [{"message":"forbidden"}]`, c.next().String())
	eventually(t, func() bool { return e.server.Stats().Groups == 0 }, "nobody is left")
}

func TestAGroupThatCannotBeginServesNobody(t *testing.T) {
	e := start(t, nil)
	e.schema.journal.broken.Store(true)
	one, two := e.listen("good:1", "red", 0), e.listen("good:2", "red", 0)
	eventually(t, func() bool { return e.schema.journal.alone.Load() == 2 }, "each is served alone")
	e.schema.journal.add(1)
	one.until(1)
	two.until(1)
}

// B:V10
func TestASlowMemberHoldsUpNobody(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Socket.QueueBytes, o.Socket.CloseGrace = 8<<10, patience })
	slow, fast := e.listen("good:1", "red", 0), e.listen("good:2", "red", 0)
	eventually(t, func() bool { return e.server.Stats().Members == 2 }, "joined")
	for last := 1000; e.server.Stats().Slow == 0; last += 1000 {
		require.Less(t, last, 5_000_000, "the slow reader is never closed")
		e.schema.journal.add(1000)
		fast.until(last)
	}
	end, before := slow.closed()
	require.Equal(t, websocket.StatusCode(1013), end.Code)
	require.Contains(t, end.Reason, "too slow")
	for i, m := range before {
		if m.Type == "next" {
			require.Equal(t, fmt.Sprintf(`{"data":{"journal":%d}}`, i+1), string(m.Payload), "what came until then has no hole")
		}
	}
}

// Whatever members do, and whatever becomes of their rights, each is told
// everything behind its cursor, once and in order. B:V3, B:Z4
func TestGroupsTellEverythingOnce(t *testing.T) {
	e := start(t, nil)
	j := e.schema.journal
	rapid.Check(t, func(t *rapid.T) {
		var all []*listener
		group := rapid.SampledFrom([]string{"red", "parts", "alone"})
		last := func() int { j.mu.Lock(); defer j.mu.Unlock(); return j.last }
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"add", "add", "join", "join", "move", "leave", "hold"}).Draw(t, "step") {
			case "add":
				j.add(rapid.IntRange(1, 3).Draw(t, "items"))
			case "join":
				after := max(0, last()-rapid.IntRange(0, 5).Draw(t, "behind"))
				if after > 0 || last() == 0 {
					all = append(all, e.listen(fmt.Sprint("good:", len(all)), group.Draw(t, "group"), after))
				}
			case "move":
				if len(all) > 0 {
					j.permit(rapid.SampledFrom(all).Draw(t, "who").token, group.Draw(t, "group"))
				}
			case "leave":
				if len(all) > 0 {
					i := rapid.IntRange(0, len(all)-1).Draw(t, "who")
					_ = all[i].conn.CloseNow()
					all = append(all[:i:i], all[i+1:]...)
				}
			case "hold":
				j.hold.Lock()
				j.add(1)
				j.hold.Unlock()
			}
		}
		j.add(1)
		for _, l := range all {
			l.until(last())
			_ = l.conn.CloseNow()
		}
	})
}
