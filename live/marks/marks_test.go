package marks_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/attention"
	"switchboard/inbox/workspace"
	"switchboard/live/marks"
)

// installation are some servers that hear each other's bulletins, as soon as they are
// sent, and the conversations of all.
type installation struct {
	t       *testing.T
	servers []*marks.Marks
	ctx     context.Context

	mu     sync.Mutex
	sent   int
	bytes  int
	broken bool
	lost   map[inbox.ConversationID]bool
	reads  int
}

var errBroken = errors.New("the database is away")

// SendBulletin hands a bulletin to every server.
func (i *installation) SendBulletin(_ context.Context, bulletin []byte) error {
	i.mu.Lock()
	broken := i.broken
	i.sent++
	i.bytes = max(i.bytes, len(bulletin))
	i.mu.Unlock()
	if broken {
		return errBroken
	}
	for _, s := range i.servers {
		s.Hear(bulletin)
	}
	return nil
}

// bulletins is how many were sent so far.
func (i *installation) bulletins() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.sent
}

func (i *installation) states(_ context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.reads++
	out := map[inbox.ConversationID]inbox.Conversation{}
	for _, id := range ids {
		if !i.lost[id] {
			out[id] = inbox.Conversation{ID: id, Workspace: ws, Revision: 1}
		}
	}
	return out, nil
}

// installed runs a test in a bubble of its own time, with some servers whose feed is open.
func installed(t *testing.T, servers int, test func(t *testing.T, i *installation)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		i := &installation{t: t, ctx: ctx, lost: map[inbox.ConversationID]bool{}}
		var running sync.WaitGroup
		for n := range servers {
			s := marks.New(fmt.Sprint("server ", n), i.states, i, slog.New(slog.DiscardHandler))
			i.servers = append(i.servers, s)
			s.FeedBack()
			running.Go(func() { s.Run(ctx) })
		}
		test(t, i)
		stop()
		running.Wait()
	})
}

func says(who string, kind attention.Kind) attention.Mark { return saysAt(who, kind, "c") }

func saysAt(who string, kind attention.Kind, id inbox.ConversationID) attention.Mark {
	actor := workspace.Actor{Kind: workspace.ActorMember, ID: who}
	if strings.HasPrefix(who, "visitor") {
		actor.Kind = workspace.ActorContact
	}
	who, window, _ := strings.Cut(who, ":")
	actor.ID = who
	return attention.Mark{Key: attention.Key{Workspace: "w", Conversation: id, Actor: actor, Window: window}, Kind: kind}
}

// at lists who is at the conversation "c", as a server knows.
func at(s *marks.Marks) string {
	var out []string
	for _, m := range s.At("w", "c") {
		out = append(out, m.Actor.ID+" "+string(m.Kind))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func TestMarksReachEveryServer(t *testing.T) {
	installed(t, 3, func(t *testing.T, i *installation) {
		require.NoError(t, i.servers[0].Set(says("anna", attention.Typing)))
		require.NoError(t, i.servers[1].Set(says("ben", attention.Typing)))
		synctest.Wait()
		for _, s := range i.servers {
			require.Equal(t, "anna TYPING, ben TYPING", at(s), "the first after a rest is told at once")
			c, known := s.Known("w", "c")
			require.True(t, known)
			require.Equal(t, 1, c.Revision)
		}
		require.NoError(t, i.servers[0].Set(says("anna", attention.Drafting)))
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, "anna DRAFTING, ben TYPING", at(i.servers[2]))
		i.servers[0].Remove(says("anna", "").Key)
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		for _, s := range i.servers {
			require.Equal(t, "ben TYPING", at(s))
		}
	})
}

// A page that dies vanishes from every server, each kind after its time, and so do the
// pages of a server that dies.
func TestMarksEndByThemselves(t *testing.T) {
	for _, kind := range attention.Kinds() {
		installed(t, 2, func(t *testing.T, i *installation) {
			require.NoError(t, i.servers[0].Set(says("anna", kind)))
			synctest.Wait()
			sent := i.bulletins()
			time.Sleep(kind.Lasts() - time.Second)
			synctest.Wait()
			require.Equal(t, "anna "+string(kind), at(i.servers[1]))
			time.Sleep(time.Second)
			synctest.Wait()
			require.Empty(t, at(i.servers[0]))
			require.Empty(t, at(i.servers[1]))
			require.Equal(t, sent, i.bulletins(), "an end needs no bulletin")
			require.Equal(t, marks.Stats{Sent: 1}, i.servers[0].Stats())
		})
	}
}

// Two hundred people who look, type, and say so again and again cost a bulletin each few
// seconds; when nobody is there any more, none.
func TestBulletinsAreFew(t *testing.T) {
	installed(t, 2, func(t *testing.T, i *installation) {
		const people, seconds = 200, 60
		say := func(n int, kind attention.Kind) {
			require.NoError(t, i.servers[0].Set(saysAt(fmt.Sprint("member ", n), kind, inbox.ConversationID(fmt.Sprint(n)))))
		}
		for n := range people {
			say(n, attention.Viewing)
		}
		time.Sleep(time.Second)
		begun := i.bulletins()
		for s := range seconds {
			for n := range people {
				if (n+s)%5 == 0 {
					say(n, attention.Viewing)
				}
			}
			time.Sleep(time.Second)
		}
		synctest.Wait()
		require.LessOrEqual(t, i.bulletins()-begun, seconds/4, "who only looks is told rarely")
		require.Equal(t, people, i.servers[1].Stats().Standing, "and never vanishes")

		begun = i.bulletins()
		for range seconds { // all type, and stop, each second
			for n := range people {
				say(n, attention.Typing)
			}
			time.Sleep(500 * time.Millisecond)
			for n := range people {
				say(n, attention.Viewing)
			}
			time.Sleep(500 * time.Millisecond)
		}
		require.LessOrEqual(t, i.bulletins()-begun, 5*seconds, "never more than five a second")
		require.Less(t, i.bytes, 64<<10)
		time.Sleep(20 * time.Second)
		synctest.Wait()
		require.Zero(t, i.servers[1].Stats().Standing)
		begun = i.bulletins()
		time.Sleep(time.Hour)
		require.Equal(t, begun, i.bulletins(), "nothing is told while nothing changes")
	})
}

// Who never stops typing is shown on other servers without a break.
func TestWhoGoesOnIsNeverGone(t *testing.T) {
	installed(t, 2, func(t *testing.T, i *installation) {
		for range 60 {
			require.NoError(t, i.servers[0].Set(says("anna", attention.Typing)))
			for range 4 {
				synctest.Wait()
				require.Equal(t, "anna TYPING", at(i.servers[1]))
				time.Sleep(500 * time.Millisecond)
			}
		}
	})
}

// A window whose requests go from one server to the other is one window, and its last
// word holds.
func TestAWindowMovesBetweenServers(t *testing.T) {
	installed(t, 3, func(t *testing.T, i *installation) {
		for n := range 20 {
			kind := attention.Kinds()[n%3]
			require.NoError(t, i.servers[n%2].Set(says("anna:1", kind)))
			time.Sleep(200 * time.Millisecond)
			synctest.Wait()
			for _, s := range i.servers {
				require.Equal(t, "anna "+string(kind), at(s))
			}
		}
		i.servers[2].Remove(says("anna:1", "").Key)
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		for _, s := range i.servers {
			require.Empty(t, at(s))
		}
	})
}

// While the feed is lost nothing is known, and everything is read again when it is back.
func TestALostFeedShowsNobody(t *testing.T) {
	installed(t, 1, func(t *testing.T, i *installation) {
		s := i.servers[0]
		require.NoError(t, s.Set(says("anna", attention.Viewing)))
		synctest.Wait()
		woken := make(chan struct{}, 100)
		seat := s.Join("w", func() { woken <- struct{}{} })
		defer seat.Leave()
		none := func(func(inbox.ConversationID) bool) {}
		require.True(t, seat.Look(true, none)[0].Known)
		s.FeedLost()
		<-woken
		require.False(t, seat.Look(false, none)[0].Known)
		s.FeedBack()
		synctest.Wait()
		require.True(t, seat.Look(false, none)[0].Known)
		after := inbox.Conversation{ID: "c", Workspace: "w", Revision: 7}
		s.Apply(inbox.Event{Workspace: "w", Conversation: "c", After: &after})
		require.Equal(t, 7, seat.Look(false, none)[0].Conversation.Revision)
		s.Apply(inbox.Event{Workspace: "w", Type: inbox.DirectoryEvent, Directory: &workspace.DirectoryChange{Workspace: &workspace.Workspace{SuspendedSince: time.Now()}}})
		require.Empty(t, at(s), "a suspended workspace has no marks")
	})
}

// A bulletin that could not be sent is sent again, and a conversation that does not
// exist has no marks.
func TestFailures(t *testing.T) {
	installed(t, 2, func(t *testing.T, i *installation) {
		i.broken = true
		i.lost["gone"] = true
		require.NoError(t, i.servers[0].Set(saysAt("anna", attention.Viewing, "gone")))
		require.NoError(t, i.servers[0].Set(says("anna", attention.Viewing)))
		time.Sleep(2 * time.Second)
		require.Empty(t, at(i.servers[1]))
		require.Empty(t, i.servers[0].At("w", "gone"))
		i.mu.Lock()
		i.broken = false
		i.mu.Unlock()
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, "anna VIEWING", at(i.servers[1]))
		i.servers[1].Hear([]byte("of another release"))
	})
}

// However many visitors type, members are still shown, of this workspace and of others;
// one visitor has few marks.
func TestVisitorsStarveNobody(t *testing.T) {
	installed(t, 1, func(t *testing.T, i *installation) {
		s := i.servers[0]
		var refused error
		for n := range 100 {
			if err := s.Set(saysAt(fmt.Sprint("visitor:", n), attention.Typing, inbox.ConversationID(fmt.Sprint(n)))); err != nil {
				refused = err
			}
		}
		require.Equal(t, inbox.RateLimited, inbox.CodeOf(refused))
		require.Equal(t, 4, s.Stats().Visitors)
		for n := range 30_000 {
			mark := saysAt(fmt.Sprint("visitor ", n), attention.Typing, inbox.ConversationID(fmt.Sprint(n)))
			mark.Workspace = workspace.WorkspaceID(fmt.Sprint("w", n%20))
			_ = s.Set(mark)
		}
		require.Equal(t, 20_000, s.Stats().Visitors)
		require.NoError(t, s.Set(says("anna", attention.Typing)))
		for n := range 100 {
			_ = s.Set(says(fmt.Sprint("member ", n), attention.Viewing))
		}
		require.Len(t, s.At("w", "c"), 64)
	})
}
