package blackbox_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// doesDuties reports whether a server says last of the duties that it does them.
func doesDuties(s *server) bool {
	said := s.errors.String()
	begun := strings.LastIndex(said, "this server does the duties of all now")
	return begun > strings.LastIndex(said, "this server no longer does the duties of all")
}

// quiet says that the machine is quiet enough to hold servers to seconds.
func quiet() bool { return os.Getenv("SWITCHBOARD_TEST_LONG") != "" }

// promised is a time that is promised, or much more where the machine has others to serve.
func promised(d time.Duration) time.Duration {
	if quiet() {
		return d
	}
	return max(d*10, time.Minute)
}

func after(d time.Duration) func(*workspace.Rules) {
	return func(r *workspace.Rules) { r.ReclaimAfter, r.SendPolicy = d, workspace.SendAnyone }
}

// reclaimRows are the acceptance rows of taking back, but for those in files of their own.
// Each has a workspace of its own.
func reclaimRows() map[string]struct {
	staff *workspace.Directory
	play  func(*testing.T, *shift)
} {
	type row = struct {
		staff *workspace.Directory
		play  func(*testing.T, *shift)
	}
	return map[string]row{
		"one":   {staff("one", 2, after(2*time.Second)), reclaimRow1},
		"three": {staff("three", 2, after(2*time.Second)), reclaimRow3},
		"four":  {staff("four", 2, onInbound), reclaimRow4},
		"six":   {staff("six", 2, after(time.Second)), reclaimRow6},
		"seven": {staff("seven", 1, after(time.Second)), reclaimRow7},
		"nine":  {staff("nine", 2, after(2*time.Second)), offerRow9},
	}
}

func onInbound(r *workspace.Rules) {
	r.ReclaimOffline, r.SendPolicy = workspace.ReclaimOfflineOnInbound, workspace.SendAnyone
}

// What nobody answers, or nobody can answer, is taken back, as the servers show it and as
// their events say. B:R1
func TestTakingBack(t *testing.T) {
	t.Parallel()
	for engine, open := range houses() {
		t.Run(engine, func(t *testing.T) {
			rows := reclaimRows()
			var all []*workspace.Directory
			for _, row := range rows {
				all = append(all, row.staff)
			}
			h := open(t, all...)
			t.Run("rows", func(t *testing.T) {
				for _, name := range slices.Sorted(maps.Keys(rows)) {
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						s := h.shifts[workspace.WorkspaceID(name)].in(t)
						rows[name].play(t, s)
						s.sound()
					})
				}
			})
		})
	}
}

// Row 1: an owner who is online and silent loses it, not before the time of the rule, to
// somebody else; it waits as long as the contact.
func reclaimRow1(t *testing.T, s *shift) {
	id, _ := s.visit(0)
	first := s.owned(1, id)
	taken := s.event(id, inbox.EventReclaimed)
	events := s.events(id)
	require.Equal(t, inbox.ReclaimUnanswered, taken.ReclaimCause())
	require.Equal(t, events[0].At, taken.To.WaitingSince, "since the message of the contact")
	late := taken.At.Sub(taken.From.OwnedSince) - 2*time.Second
	require.GreaterOrEqual(t, late, time.Duration(0))
	require.LessOrEqual(t, late, promised(2*time.Second))
	require.NotEqual(t, first, s.owned(2, id, first))
}

// Row 3: a note and a look of the owner do not stop the clock; an answer of the owner and
// one of a colleague do. What was answered is due before the last chat is.
func reclaimRow3(t *testing.T, s *shift) {
	chats, owners := map[string]string{}, map[string]string{}
	for _, name := range []string{"noted", "looked at", "answered", "answered by a colleague"} {
		chats[name], _ = s.visit(len(chats))
		owners[name] = s.owned(0, chats[name])
	}
	colleague := s.boss(3)
	require.True(t, s.say(s.member(0, owners["noted"]), chats["noted"], "I do not know.", true))
	s.member(1, owners["looked at"]).read(chats["looked at"])
	require.True(t, s.say(s.member(2, owners["answered"]), chats["answered"], "How can I help?", false))
	require.True(t, s.say(colleague, chats["answered by a colleague"], "I can help.", false))
	last, _ := s.visit(0)
	for _, id := range []string{chats["noted"], chats["looked at"], last} {
		s.event(id, inbox.EventReclaimed)
	}
	for _, name := range []string{"answered", "answered by a colleague"} {
		require.Equal(t, owners[name], s.owner(1, chats[name]), name)
		require.NotContains(t, kindsOf(s.events(chats[name])), inbox.EventReclaimed, name)
	}
}

// Row 4: the contact writes to who is OFFLINE, as any server was told: somebody else owns
// it, or it waits with a position. Nobody waits for who is gone.
func reclaimRow4(t *testing.T, s *shift) {
	id, contact := s.visit(0)
	gone := s.owned(0, id)
	require.True(t, s.say(s.member(0, gone), id, "How can I help?", false))
	s.turn(0, gone, "OFFLINE")
	require.True(t, s.say(s.on(1, contact), id, "Are you there?", false))
	next := s.owned(2, id, gone)
	require.True(t, s.say(s.member(2, next), id, "I am.", false))
	s.turn(2, next, "OFFLINE")
	require.True(t, s.say(s.on(3, contact), id, "And now?", false))
	eventually(t, "it waits with a position", func() bool {
		c := s.boss(0).do(`query($id: ID!) { conversation(id: $id) { queuePosition assignee { id } } }`, object{"id": id})
		return c.at("conversation.queuePosition") == float64(1) && c.at("conversation.assignee") == nil
	})
	require.Less(t, stranded(s.sound(), id), promised(time.Second))
	s.turn(1, next, "ONLINE")
	require.Equal(t, next, s.owned(1, id), "who comes back, and is the only one")
}

// Row 6: two are silent: after the limit the manager hears of it, and it stays.
func reclaimRow6(t *testing.T, s *shift) {
	id, _ := s.visit(0)
	first := s.owned(0, id)
	second := s.owned(1, id, first)
	s.event(id, inbox.EventUnanswered)
	heard := s.boss(2).do(`{ notifications(first: 5) { nodes { kind conversation { id } } } }`, nil)
	require.Contains(t, heard.text, "UNANSWERED")
	other, _ := s.visit(3)
	s.event(other, inbox.EventUnanswered) // the rules went on looking since
	require.Equal(t, second, s.owner(0, id))
	require.Equal(t, []inbox.EventKind{inbox.EventReclaimed, inbox.EventAutoAssigned, inbox.EventUnanswered}, kindsOf(s.events(id))[len(s.events(id))-3:])
}

// Row 7: nobody else is there: it waits in the queue, and is not given back to the member
// who was silent, until that one comes ONLINE again and is the only one.
func reclaimRow7(t *testing.T, s *shift) {
	id, _ := s.visit(0)
	silent := s.owned(0, id)
	s.event(id, inbox.EventReclaimed)
	other, _ := s.visit(1)
	s.given(other, silent, 1) // the queue was given out since
	require.Empty(t, s.owner(3, id))
	s.turn(0, silent, "AWAY")
	s.turn(1, silent, "ONLINE") // of which that server may not have heard that they were AWAY
	s.given(id, silent, 2)
}

// given waits until a member was given the conversation so often: who is silent does not
// keep it for long enough to be seen with it.
func (s *shift) given(id, member string, times int) {
	s.t.Helper()
	eventually(s.t, "it is given to "+plainID(member), func() bool {
		n := 0
		for _, e := range s.events(id) {
			if string(e.To.Assignee) == plainID(member) && e.From.Assignee != e.To.Assignee {
				n++
			}
		}
		return n >= times
	})
}

// Row 9 of offers: a sender who does not answer loses the conversation to the queue, and the
// offer ends with that; accepting it is OFFER_SETTLED. B:T6
func offerRow9(t *testing.T, s *shift) {
	other := s.name("b")
	s.turn(0, other, "AWAY")
	id, _ := s.visit(0)
	require.Equal(t, s.name("a"), plainID(s.owned(0, id)))
	made := s.act("a", "transferConversation", object{"conversationId": id, "to": object{"memberId": globalID("Member", other)}, "offer": true})
	s.event(id, inbox.EventReclaimed)
	refusal, err := s.send(t.Context(), 1, other, "acceptOffer", object{"offerId": dig(made, "event", "offer", "id")})
	require.NoError(t, err)
	require.Equal(t, "OFFER_SETTLED", refused(refusal)["code"])
	require.Equal(t, "SUPERSEDED", dig(refused(refusal), "offer", "status"))
	require.Equal(t, "QUEUED", dig(refused(refusal), "current", "handler"))
	s.log.OffersEnded = true
}

func kindsOf(events []inbox.Event) (kinds []inbox.EventKind) {
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// Row 5: the server that takes back for all is killed before the time is over: another one
// takes back within the 8 seconds that are promised, or the same one once it is back. B:R1
func TestTakingBackOutlivesItsServer(t *testing.T) {
	t.Parallel()
	for engine, open := range houses() {
		t.Run(engine, func(t *testing.T) {
			h := open(t, staff("five", 2, after(3*time.Second)))
			s := h.shifts["five"].in(t)
			var chats []string
			for n := range 10 {
				id, _ := s.visit(n)
				s.owned(n, id)
				chats = append(chats, id)
			}
			killed := h.holder()
			h.servers[killed].signal(syscall.SIGKILL)
			h.servers[killed].wait()
			if len(h.servers) == 1 {
				h.servers[0] = h.serve(t)
			} else {
				h.servers = slices.Delete(h.servers, killed, killed+1)
			}
			var longest time.Duration
			for _, id := range chats {
				taken := s.event(id, inbox.EventReclaimed)
				longest = max(longest, taken.At.Sub(taken.From.OwnedSince)-3*time.Second)
			}
			t.Logf("%v behind the deadline at most", longest)
			require.LessOrEqual(t, longest, promised(8*time.Second))
			s.sound()
		})
	}
}
