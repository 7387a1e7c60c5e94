package blackbox_test

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Half of the sleepers wake a second after the server that wakes them is killed, and half
// long enough after it for another one to have taken over.
const (
	sleepers  = 20
	sleepTime = 12 * time.Second
	takenOver = 12 * time.Second
)

// The server that wakes what sleeps is killed a second before some of it is due: another
// one wakes that within the 8 seconds that are promised after a death, and what is due once
// it has taken over within the 2 seconds that are promised always; none before its time,
// and each once, for its owner. B:R2
func TestWakingOutlivesItsServer(t *testing.T) {
	t.Parallel()
	h := serversOver(t, 2, staff("asleep", 2, func(*workspace.Rules) {}))
	s := h.shifts["asleep"].in(t)
	chats, owners := make([]string, sleepers), make([]string, sleepers)
	for n := range chats {
		chats[n], _ = s.visit(n)
		owners[n] = s.owned(n, chats[n])
	}
	killed := h.holder()
	first := time.Now().Add(sleepTime).UTC().Truncate(time.Millisecond)
	until := func(n int) time.Time { return first.Add(time.Duration(n%2) * takenOver) }
	for n, id := range chats {
		s.member(n, owners[n]).must("snoozeConversation", object{"conversationId": id, "until": object{"time": until(n)}})
	}
	due := first.Add(-time.Second)
	require.True(t, !quiet() || time.Now().Before(due), "all sleep by then")
	<-time.After(time.Until(due)) // at once on a machine that was too slow
	h.servers[killed].signal(syscall.SIGKILL)
	h.servers[killed].wait()
	h.servers = slices.Delete(h.servers, killed, killed+1)
	longest := [2]time.Duration{}
	for n, id := range chats {
		e := s.event(id, inbox.EventWoken)
		late := e.At.Sub(until(n))
		require.GreaterOrEqual(t, late, time.Duration(0), "not before its time")
		require.Equal(t, inbox.WokenByTime, e.WakeCause())
		require.Equal(t, plainID(owners[n]), string(e.To.Assignee), "the owner is there and has it back")
		longest[n%2] = max(longest[n%2], late)
	}
	t.Logf("%v behind their time at most for those due at the death, %v for those due later", longest[0], longest[1])
	require.LessOrEqual(t, longest[0], promised(8*time.Second))
	require.LessOrEqual(t, longest[1], promised(2*time.Second))
	for _, id := range chats {
		woken := slices.DeleteFunc(s.events(id), func(e inbox.Event) bool { return e.Kind != inbox.EventWoken })
		require.Len(t, woken, 1)
	}
	s.sound()
}
