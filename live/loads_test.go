package live_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// shelf is where loads are kept, and counts what is read.
type shelf struct {
	mu        sync.Mutex
	loads     map[workspace.MemberID]workspace.Load
	rotations map[workspace.TeamID]inbox.Rotation
	read      []workspace.MemberID
	err       error
	// meanwhile runs once while a read is under way, after it looked.
	meanwhile func()
}

func newShelf() *shelf {
	return &shelf{loads: map[workspace.MemberID]workspace.Load{}, rotations: map[workspace.TeamID]inbox.Rotation{}}
}

func (s *shelf) load(_ context.Context, _ workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error) {
	s.mu.Lock()
	s.read = append(s.read, members...)
	loads, rotations, err, meanwhile := maps.Clone(s.loads), maps.Clone(s.rotations), s.err, s.meanwhile
	s.meanwhile = nil
	s.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	return loads, rotations, err
}

// took gives what was read since it was last asked.
func (s *shelf) took() []workspace.MemberID {
	s.mu.Lock()
	defer s.mu.Unlock()
	read := s.read
	s.read = nil
	slices.Sort(read)
	return read
}

func (s *shelf) set(m workspace.MemberID, chats int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads[m] = workspace.Load{Livechats: chats}
}

// given is the event by which the rules gave something to m.
func given(m workspace.MemberID) inbox.Event {
	to := inbox.Ownership{Assignee: m, Status: inbox.Open, Automatic: true}
	after := inbox.Conversation{Kind: workspace.Livechat, Ownership: to}
	return inbox.Event{Workspace: "home", Type: inbox.OwnershipEvent, Kind: inbox.EventHandedOff, From: inbox.Ownership{Status: inbox.Open}, To: to, After: &after}
}

func look(t require.TestingT, l *live.LoadCache, members ...workspace.MemberID) []int {
	loads, _, err := l.Get(context.Background(), "home", members, "")
	require.NoError(t, err)
	out := make([]int, len(loads))
	for i := range loads {
		out[i] = loads[i].Livechats
	}
	return out
}

func TestLoadsAreReadOnceAndAgainWhenTheyMoved(t *testing.T) {
	s := newShelf()
	l := live.NewLoadCache(s.load)
	l.FeedBack()
	s.set("a", 3)
	require.Equal(t, []int{3, 0}, look(t, l, "a", "b"))
	require.Equal(t, []workspace.MemberID{"a", "b"}, s.took())
	require.Equal(t, []int{0, 3}, look(t, l, "b", "a"))
	require.Empty(t, s.took(), "nothing moved")

	s.set("b", 1)
	l.Committed(given("b"))
	require.Equal(t, []int{3, 1}, look(t, l, "a", "b"))
	require.Equal(t, []workspace.MemberID{"b"}, s.took(), "what moved and nothing else")
	l.Apply(given("b")) // the same, from the feed
	require.Equal(t, []int{3, 1}, look(t, l, "a", "b"))
	require.Equal(t, []workspace.MemberID{"b"}, s.took())

	s.set("a", 4)
	l.Invalidate("home", "a", "")
	require.Equal(t, []int{4, 1}, look(t, l, "a", "b"))
	require.Equal(t, []workspace.MemberID{"a"}, s.took())

	message := given("a")
	message.Type = inbox.MessageEvent
	l.Apply(message)
	l.Apply(inbox.Event{Workspace: "elsewhere"})
	look(t, l, "a", "b")
	require.Empty(t, s.took())
}

func TestRotationsAreReadAgainWhenTheyTurned(t *testing.T) {
	s := newShelf()
	l := live.NewLoadCache(s.load)
	l.FeedBack()
	rotation := func() inbox.Rotation {
		_, r, err := l.Get(t.Context(), "home", nil, "")
		require.NoError(t, err)
		return r
	}
	require.Zero(t, rotation())
	s.rotations[""] = inbox.Rotation{Member: "a", Count: 1}
	require.Zero(t, rotation())
	l.Apply(given("a"))
	require.Equal(t, inbox.Rotation{Member: "a", Count: 1}, rotation())
}

func TestWithoutTheFeedNothingIsRemembered(t *testing.T) {
	s := newShelf()
	l := live.NewLoadCache(s.load)
	for name, step := range map[string]func(){"before the feed": func() {}, "after it was lost": func() { l.FeedBack(); look(t, l, "a"); l.FeedLost() }} {
		step()
		s.set("a", 5)
		require.Equal(t, []int{5}, look(t, l, "a"), name)
		s.set("a", 6)
		require.Equal(t, []int{6}, look(t, l, "a"), name)
	}
	l.FeedBack()
	require.Equal(t, []int{6}, look(t, l, "a"))
	s.set("a", 7)
	l.Forget()
	require.Equal(t, []int{7}, look(t, l, "a"), "events were lost")
}

// What moves while it is being read is read again.
func TestAMoveDuringARead(t *testing.T) {
	s := newShelf()
	l := live.NewLoadCache(s.load)
	l.FeedBack()
	s.meanwhile = func() { s.set("a", 9); l.Apply(given("a")) }
	require.Equal(t, []int{0}, look(t, l, "a"))
	require.Equal(t, []int{9}, look(t, l, "a"))

	// A slow read does not undo a quick one that began later.
	l.Invalidate("home", "a", "")
	s.meanwhile = func() { s.set("a", 2); l.Invalidate("home", "a", ""); require.Equal(t, []int{2}, look(t, l, "a")) }
	look(t, l, "a")
	require.Equal(t, []int{2}, look(t, l, "a"))
}

func TestHeldCountsUntilReleased(t *testing.T) {
	s := newShelf()
	l := live.NewLoadCache(s.load)
	l.FeedBack()
	l.Reserve("home", "a")
	l.Reserve("home", "a")
	require.Equal(t, []int{2, 0}, look(t, l, "a", "b"))
	l.Release("home", "a")
	require.Equal(t, []int{1, 0}, look(t, l, "a", "b"))
	l.Forget()
	l.Release("home", "a") // of a book that is gone
	require.Equal(t, []int{0, 0}, look(t, l, "a", "b"))
}

func TestAReadThatFailsIsTold(t *testing.T) {
	s := newShelf()
	l := live.NewLoadCache(s.load)
	l.FeedBack()
	s.err = errors.New("away")
	_, _, err := l.Get(t.Context(), "home", []workspace.MemberID{"a"}, "")
	require.ErrorIs(t, err, s.err)
	s.err = nil
	s.set("a", 1)
	require.Equal(t, []int{1}, look(t, l, "a"))
}

// Whatever moves, is doubted and is forgotten: after every event was applied,
// what is looked at is what is stored.
func TestLoadsAreWhatIsStored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShelf()
		l := live.NewLoadCache(s.load)
		l.FeedBack()
		members := []workspace.MemberID{"a", "b", "c"}
		member := rapid.SampledFrom(members)
		t.Repeat(map[string]func(*rapid.T){
			"moves": func(t *rapid.T) {
				m := member.Draw(t, "member")
				s.set(m, s.loads[m].Livechats+1)
				l.Apply(given(m))
			},
			"doubts":  func(t *rapid.T) { l.Invalidate("home", member.Draw(t, "member"), "") },
			"forgets": func(*rapid.T) { l.Forget() },
			"breaks":  func(*rapid.T) { l.FeedLost(); l.FeedBack() },
			"looks":   func(t *rapid.T) { look(t, l, member.Draw(t, "member")) },
			"": func(t *rapid.T) {
				require.Equal(t, []int{s.loads["a"].Livechats, s.loads["b"].Livechats, s.loads["c"].Livechats}, look(t, l, members...))
			},
		})
	})
}

// Many look, hold and move at once: no race, and in the end what is stored.
func TestLoadsAtOnce(t *testing.T) {
	s := newShelf()
	l := live.NewLoadCache(s.load)
	l.FeedBack()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				l.Reserve("home", "a")
				look(t, l, "a", "b")
				s.mu.Lock()
				s.loads["a"] = workspace.Load{Livechats: s.loads["a"].Livechats + 1}
				s.mu.Unlock()
				l.Release("home", "a")
				l.Apply(given("a"))
			}
		})
	}
	all.Wait()
	require.Equal(t, []int{1600, 0}, look(t, l, "a", "b"))
}
