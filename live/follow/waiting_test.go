package follow_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
	"switchboard/live/follow"
)

// idle has a stream do all there is to do. Woken is how often it was woken since.
func idle(t *testing.T, ctx context.Context, st *follow.Stream[[]follow.ViewCount]) (woken *atomic.Int64) {
	t.Helper()
	woken = new(atomic.Int64)
	for waits := false; !waits; {
		over, err := st.Work(ctx, ignore[[]follow.ViewCount])
		require.NoError(t, err)
		require.False(t, over)
		waits = st.Await(func() { woken.Add(1) })
	}
	synctest.Wait()
	return woken
}

// The kind of fault: a stream that waits without a goroutine is not called for one of the
// things that there may be to do, and stands still until something else happens. Each wakes
// it once.
func TestWhateverThereIsToDoWakesAStream(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(w *world, s *server, leave func())
		ends    error // how the stream ends behind it; nil if it goes on
	}{
		"a figure changes":         {happens: func(w *world, s *server, _ func()) { w.commit("c1", queue("sales")); s.hear(1) }},
		"the directory changes":    {happens: func(w *world, s *server, _ func()) { w.edit("seller", func(*workspace.Member) {}); s.hear(1) }},
		"events are lost":          {happens: func(_ *world, s *server, _ func()) { s.lose(0) }},
		"rights are to be seen":    {happens: func(_ *world, s *server, _ func()) { s.hub.Rechecks.Ask() }},
		"the hub ends":             {happens: func(_ *world, s *server, _ func()) { s.hub.Close() }, ends: feed.ErrClosed},
		"the subscriber has gone":  {happens: func(_ *world, _ *server, leave func()) { leave() }, ends: context.Canceled},
		"it fell behind":           {happens: fallBehind, ends: feed.ErrSlow},
		"both go on at one moment": {happens: func(w *world, s *server, _ func()) { s.hub.Rechecks.Ask(); s.lose(0) }},
	} {
		t.Run(name, func(t *testing.T) {
			playing(t, func(t *testing.T, w *world, s *server) {
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				st, err := s.Counts(ctx, w.request(member("manager"), nil), []access.View{{}})
				require.NoError(t, err)
				idle(t, ctx, st)
				time.Sleep(time.Second) // the pause behind the figures
				woken := idle(t, ctx, st)
				time.Sleep(time.Hour)
				require.Zero(t, woken.Load(), "nothing happens")
				row.happens(w, s, leave)
				synctest.Wait()
				require.EqualValues(t, 1, woken.Load())
				if row.ends == nil {
					idle(t, ctx, st)
					return
				}
				over, err := st.Work(ctx, ignore[[]follow.ViewCount])
				require.True(t, over)
				require.ErrorIs(t, err, row.ends)
			})
		})
	}
}

// fallBehind changes the directory more often than a subscription may be behind.
func fallBehind(w *world, s *server, _ func()) {
	for range 300 {
		w.edit("seller", func(*workspace.Member) {})
	}
	s.hear(300)
}

// The end of a pause is one of these things, and so is what happens in it.
func TestAPauseWakesAStream(t *testing.T) {
	playing(t, func(t *testing.T, w *world, s *server) {
		st, err := s.Counts(t.Context(), w.request(member("manager"), nil), []access.View{{}})
		require.NoError(t, err)
		woken := idle(t, t.Context(), st)
		require.Zero(t, woken.Load())
		time.Sleep(time.Second)
		synctest.Wait()
		require.EqualValues(t, 1, woken.Load())
	})
}
