package dispatch

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

// Who may wait does not wait for ever: not behind others that never end, either.
func TestWhatMayWaitIsDoneAtLast(t *testing.T) {
	w := newWork()
	w.addBehind("patient")
	for n := range 10 * patience {
		w.add(workspace.WorkspaceID(fmt.Sprint("w", n)))
		ws, ok := w.take()
		require.True(t, ok)
		w.done(ws)
		if ws == "patient" {
			require.GreaterOrEqual(t, n, patience)
			return
		}
	}
	require.Fail(t, "it was never begun")
}
