package follow_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

// breaking is a reader that panics in the first of its reads, a while after it began.
type breaking struct {
	reader
	first func() bool
}

func (b breaking) CountUpTo(
	ctx context.Context, ws workspace.WorkspaceID, v access.View, r access.VisibilityFilter, limit int,
) (int, error) {
	if b.first() {
		time.Sleep(time.Second)
		panic("the read broke")
	}
	return b.reader.CountUpTo(ctx, ws, v, r, limit)
}

// The kind of fault: a lock is given up for a wait and not taken back when that ends by a
// panic, so that the unlock behind it ends the process. The panic of one read is met like
// any other: it ends the stream that read, and whoever waits for the figure counts anew.
func TestAPanicWhileCountingEndsOneStream(t *testing.T) {
	policy := newPolicy(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(policy)
		w.commit("c1", queue("sales"))
		s := w.serve()
		defer s.hub.Close()
		reads := 0
		s.Reader = breaking{reader{w}, func() bool { reads++; return reads == 1 }}
		s.Log = slog.New(slog.DiscardHandler)
		ends, figures := make(chan string, 2), make(chan int, 2)
		ctx, stop := context.WithCancel(t.Context())
		for range 2 {
			open := []access.View{{Statuses: []inbox.Status{inbox.Open}}}
			st, err := s.Counts(ctx, w.request(member("manager"), nil), open)
			require.NoError(t, err)
			go func() {
				defer func() { ends <- fmt.Sprint(recover()) }()
				_ = st.Run(ctx, func(_ context.Context, d follow.Delivery[[]follow.ViewCount]) error {
					figures <- d.Body[0].Count
					return nil
				})
			}()
		}
		time.Sleep(time.Minute)
		require.Equal(t, "the read broke", <-ends)
		require.Equal(t, 1, <-figures)
		stop()
		require.Equal(t, "<nil>", <-ends)
	})
}
