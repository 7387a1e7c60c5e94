package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A server that starts reads what was committed shortly before, the newest events at
// least, with the positions that they have for everybody, and goes on behind them. B:V3
func feedRecent(t *testing.T, open Opener) {
	d := newDesk(t, open)
	stream := d.watch("")
	const all, newest = 12, 5
	c := d.created()
	for range all - 1 {
		c = d.commit(saying(c, "hello"))
	}
	items := next(t, stream, all)
	recent, err := d.WatchRecent(soon(t), time.Hour, newest)
	require.NoError(t, err)
	t.Cleanup(func() { _ = recent.Close(context.Background()) })
	got := tried(t, recent)
	for len(got) > 0 && got[0].Event.Workspace != d.ws { // a deployment that others use
		got = got[1:]
	}
	require.GreaterOrEqual(t, len(got), newest)
	require.LessOrEqual(t, len(got), all)
	require.Equal(t, items[all-len(got):], got)
	onward := d.watch(recent.Position())
	d.commit(saying(c, "and then"))
	require.Equal(t, next(t, stream, 1), next(t, onward, 1))
}
