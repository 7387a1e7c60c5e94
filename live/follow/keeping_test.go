package follow_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/live/follow"
)

// keeping is a request that notes what its stream keeps.
func (w *world) keeping(into *atomic.Int64) follow.Request {
	r := w.request(member("manager"), nil)
	r.Keep = func(bytes int) error { into.Store(int64(bytes)); return nil }
	return r
}

// The ids of a counted view count once, for one of those who follow it. Who leaves hands
// them on, and what grows is counted when it does.
func TestTheIDsOfACountedViewCountOnce(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		for i := range 10 {
			w.commit(inbox.ConversationID(fmt.Sprint("c", i)), give("seller"))
		}
		s.settle()
		var first, second atomic.Int64
		follows := func(into *atomic.Int64) (end func() error) {
			st, err := s.Counts(t.Context(), w.keeping(into), []access.View{{}})
			_, end = got(t, st, err)
			time.Sleep(time.Second)
			synctest.Wait()
			return end
		}
		leave := follows(&first)
		all := first.Load()
		require.Positive(t, all)
		end := follows(&second)
		require.Zero(t, second.Load(), "the first bears them")
		require.ErrorIs(t, leave(), context.Canceled)
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, all, second.Load(), "somebody bears them")
		w.commit("more", give("seller"))
		s.settle()
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, all+all/10, second.Load())
		require.ErrorIs(t, end(), context.Canceled)
	})
}

// Streams whose caller has no room for what they keep end with the reason.
func TestStreamsWithoutRoomEnd(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		full := errors.New("full")
		w.commit("c1", give("seller"))
		s.settle()
		r := w.request(member("manager"), nil)
		r.Keep = func(bytes int) error {
			if bytes > 0 {
				return full
			}
			return nil
		}
		counts, err := s.Counts(t.Context(), r, []access.View{{}})
		require.NoError(t, err)
		require.ErrorIs(t, counts.Run(t.Context(), ignore[[]follow.ViewCount]), full)
		board, err := s.Workloads(t.Context(), r, "")
		require.NoError(t, err)
		require.ErrorIs(t, board.Run(t.Context(), ignore[follow.WorkloadChange]), full)
	})
}

func ignore[T any](context.Context, follow.Delivery[T]) error { return nil }
