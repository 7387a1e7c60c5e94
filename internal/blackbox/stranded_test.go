package blackbox_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
)

// envShifts is how many shifts end, instead of a few.
const envShifts = "SWITCHBOARD_TEST_SHIFTS"

// floors is how many workspaces have ends of shift at once.
const floors = 4

// stranded is how long the contacts of some conversations waited for members who were
// OFFLINE, in all.
func stranded(h histcheck.History, ids ...string) (sum time.Duration) {
	for _, s := range h.Stranded() {
		for _, id := range ids {
			if plainID(id) == string(s.Conversation) {
				sum += s.For
			}
		}
	}
	return sum
}

// Shifts end on four servers: a member goes OFFLINE, and at once a contact writes to them
// and a new one comes, each to another server than the one that knows. Nobody waits for who
// is gone: the events say so, and the time of each case is summed. B:R1
func TestNobodyWaitsForWhoIsGone(t *testing.T) {
	t.Parallel()
	cases := 12
	if text := os.Getenv(envShifts); text != "" {
		_, err := fmt.Sscan(text, &cases)
		require.NoError(t, err, envShifts)
	}
	var all []*workspace.Directory
	for n := range floors {
		all = append(all, staff(workspace.WorkspaceID(fmt.Sprint("floor", n)), 3, onInbound))
	}
	// As after a downgrade: the rule is set, and the servers do nothing about it.
	planted := staff("planted", 3, onInbound)
	planted.Workspace.Plan = "lite"
	h := wireHouse(t, append(all, planted)...)
	sums := make(chan time.Duration, cases)
	t.Run("floors", func(t *testing.T) {
		for n, d := range all {
			t.Run(string(d.Workspace.ID), func(t *testing.T) {
				t.Parallel()
				h.shifts[d.Workspace.ID].in(t).endShifts(n, cases, sums)
			})
		}
	})
	require.Len(t, sums, cases)
	close(sums)
	var longest, sum time.Duration
	some := 0
	for d := range sums {
		if d > 0 {
			some++
		}
		longest, sum = max(longest, d), sum+d
	}
	t.Logf("%d ends of shift, in %d of them somebody waited for who was gone: %v in all, %v in one at most", cases, some, sum, longest)
	require.Less(t, longest, promised(time.Second))
	for _, d := range all {
		h.shifts[d.Workspace.ID].in(t).sound()
	}
	h.strandedByFault(t)
}

// strandedByFault lets a shift end where the rule does nothing: the checker must see it.
func (h *house) strandedByFault(t *testing.T) {
	t.Helper()
	s := h.shifts["planted"].in(t)
	pair := s.endShift(0, false)
	log := s.read()
	log.End = log.End.Add(time.Hour) // nobody comes any more
	require.Greater(t, stranded(log, pair[0]), 59*time.Minute)
}

// endShifts lets a part of the shifts end, one after the other, and tells for how long
// contacts waited in each.
func (s *shift) endShifts(n, cases int, sums chan<- time.Duration) {
	var chats [][2]string
	for round := n; round < cases; round += floors {
		chats = append(chats, s.endShift(round, true))
	}
	h := s.read()
	for _, pair := range chats {
		sums <- stranded(h, pair[:]...)
	}
}

// endShift lets the shift of a member end, and gives the chats that it concerns. If they
// are to be taken, it waits until somebody else has them, and closes them.
func (s *shift) endShift(n int, taken bool) (chats [2]string) {
	id, contact := s.visit(n)
	gone := s.owned(n, id)
	require.True(s.t, s.say(s.member(n, gone), id, "How can I help?", false))
	s.turn(n, gone, "OFFLINE")
	comes := make(chan string)
	go func() { comes <- s.comes(n + 1) }()
	written := s.say(s.on(n+2, contact), id, "Are you there?", false)
	chats = [2]string{id, <-comes}
	require.True(s.t, written)
	if !taken {
		return chats
	}
	for _, chat := range chats {
		s.owned(n+3, chat, gone)
		require.True(s.t, s.say(s.boss(n), chat, "We are closing.", false))
		s.boss(n).must("setConversationStatus", object{"conversationId": chat, "status": "CLOSED"})
	}
	s.turn(n, gone, "ONLINE")
	return chats
}

// comes is visit for another goroutine than the test's; empty if it failed.
func (s *shift) comes(n int) (id string) {
	made, _ := s.on(n, s.secret).try(s.t.Context(), mutation("startLivechat"), object{"input": object{"contact": object{"name": "Vera"}, "message": "Hello?"}})
	id, _ = dig(made.Data, "payload", "conversation", "id").(string)
	return id
}
