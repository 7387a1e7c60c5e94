package dispatch_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// offerEnder counts what is asked of it.
type offerEnder struct {
	expired, listed int
	checked         []workspace.WorkspaceID
	fails           bool
}

func (o *offerEnder) ExpireOffers(context.Context) error { o.expired++; return nil }

func (o *offerEnder) Offering(context.Context) ([]workspace.WorkspaceID, error) {
	o.listed++
	return []workspace.WorkspaceID{"a", "b"}, nil
}

func (o *offerEnder) CheckOffers(_ context.Context, ws workspace.WorkspaceID) error {
	o.checked = append(o.checked, ws)
	if o.fails && ws == "b" {
		return errors.New("down")
	}
	return nil
}

// What lapsed is looked for in every run, and the targets of a workspace only when its
// directory changed, when events may have been missed, and again after a failure. B:T6
func TestOffers(t *testing.T) {
	by, duty := &offerEnder{}, dispatch.NewOffers()
	run := func(want ...workspace.WorkspaceID) {
		t.Helper()
		by.expired, by.checked = 0, nil
		require.Equal(t, by.fails, duty.Run(t.Context(), by) != nil)
		require.Equal(t, 1, by.expired)
		require.Equal(t, want, by.checked)
	}
	run("a", "b")
	run()
	duty.Apply(inbox.Event{Type: inbox.OwnershipEvent, Workspace: "b"})
	run()
	duty.Apply(inbox.Event{Type: inbox.DirectoryEvent, Workspace: "b"})
	select {
	case <-duty.Wake():
	default:
		require.Fail(t, "a change of the directory wakes the duty")
	}
	by.fails = true
	run("b")
	run("b")
	by.fails = false
	run("b")
	run()
	for _, signal := range []func(){duty.Forget, duty.FeedBack} {
		signal()
		run("a", "b")
	}
	duty.FeedLost()
	run()
	require.Equal(t, 3, by.listed)
}
