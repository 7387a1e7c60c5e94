package follow_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

// countingReader counts the reads of conversations as they are now.
type countingReader struct {
	reader
	reads *atomic.Int64
}

func (r countingReader) ConversationsByID(
	ctx context.Context, p inbox.Principal, ids []inbox.ConversationID,
) (map[inbox.ConversationID]inbox.Conversation, error) {
	r.reads.Add(1)
	return r.reader.ConversationsByID(ctx, p, ids)
}

// An event is read once, however many streams deliver it: fan-out costs no query.
func TestOneReadServesAllStreams(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		var reads, told atomic.Int64
		s.Reader = countingReader{reader{w}, &reads}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		for _, id := range []workspace.MemberID{"manager", "seller", "helper"} {
			for range 20 {
				st, err := s.Events(ctx, w.request(member(id), nil), follow.EventFilter{})
				require.NoError(t, err)
				go func() {
					_ = st.Run(ctx, func(context.Context, follow.Delivery[follow.OwnershipChange]) error { told.Add(1); return nil })
				}()
			}
		}
		w.edit("helper", func(m *workspace.Member) { m.Teams = []workspace.TeamID{"sales"} })
		s.settle()
		for i, verb := range []workspace.MemberID{"seller", "helper", "seller", "helper"} {
			w.commit("c0", give(verb))
			s.settle()
			require.EqualValues(t, 60*(i+1), told.Load())
			require.EqualValues(t, i+1, reads.Load())
		}
	})
}

// A stream that is slower than another does not go back to what that one read. B:V8b
func TestASharedReadIsNeverOlderThanTheLast(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		follows := func(first time.Duration) func() []int {
			st, err := s.Events(ctx, w.request(member("manager"), nil), follow.EventFilter{})
			require.NoError(t, err)
			var revisions []int
			go func() {
				_ = st.Run(ctx, func(_ context.Context, d follow.Delivery[follow.OwnershipChange]) error {
					if revisions = append(revisions, d.Body.Now.Revision); len(revisions) == 1 {
						time.Sleep(first)
					}
					return nil
				})
			}()
			return func() []int { synctest.Wait(); return revisions }
		}
		quick, slow := follows(0), follows(200*time.Millisecond)
		w.commit("c0", give("seller"))
		w.commit("c0", give("helper"))
		s.settle()
		time.Sleep(150 * time.Millisecond)
		w.commit("c0", give("seller"))
		s.settle()
		time.Sleep(30 * time.Millisecond)
		w.say("c0", false)
		time.Sleep(time.Second)
		require.IsIncreasing(t, quick()[1:])
		got := slow()
		require.Len(t, got, 3)
		require.IsNonDecreasing(t, got)
	})
}

// A stream that comes back does not go back to what others read before it read what it missed,
// and writes nothing into what they share. B:V8b
func TestASharedReadIsNotOlderThanWhatWasMissed(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		after := textOf(follow.ResumeToken{Position: place(1), Rights: follow.AnyRights})
		var revisions []int
		run := func(token *string) (begin func()) {
			st, err := s.Events(ctx, w.request(member("manager"), token), follow.EventFilter{})
			require.NoError(t, err)
			return func() {
				go func() {
					_ = st.Run(ctx, func(_ context.Context, d follow.Delivery[follow.OwnershipChange]) error {
						if token != nil {
							revisions = append(revisions, d.Body.Now.Revision)
						}
						return nil
					})
				}()
			}
		}
		w.commit("c0", give("seller"))
		s.settle()
		run(nil)()
		back := run(after) // the change to the seller is what it missed
		w.commit("c0", give("helper"))
		s.settle() // the other stream has read it
		w.commit("c0", give("seller"))
		time.Sleep(10 * time.Millisecond)
		back()
		s.settle()
		require.Len(t, revisions, 3)
		require.IsNonDecreasing(t, revisions)
	})
}

// What many streams share is written to by none, also not by one that is tried again. B:V8b
func TestWhatIsSharedIsNotWrittenTo(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		given := []map[inbox.ConversationID]inbox.Conversation{}
		s.Reader = handingOut{reader{w}, &given}
		follow.LoadTwice(t, s.Streams, w.log[0].Event)
		require.Len(t, given, 2)
		require.Equal(t, 1, given[0]["c0"].Revision)
	})
}

// handingOut keeps what it returned, which has another revision each time.
type handingOut struct {
	reader
	given *[]map[inbox.ConversationID]inbox.Conversation
}

func (r handingOut) ConversationsByID(
	context.Context, inbox.Principal, []inbox.ConversationID,
) (map[inbox.ConversationID]inbox.Conversation, error) {
	*r.given = append(*r.given, map[inbox.ConversationID]inbox.Conversation{"c0": {ID: "c0", Revision: len(*r.given) + 1}})
	return (*r.given)[len(*r.given)-1], nil
}
