package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

// The demo workspaces that were made are noted once each, whoever notes them, and none
// while there are none.
func demoRecord(t *testing.T, open Opener) {
	d := newDesk(t, open)
	before, err := d.DemoMade(soon(t))
	require.NoError(t, err)
	one, two := workspace.WorkspaceID(id("demo")), workspace.WorkspaceID(id("demo"))
	note := func(ws workspace.WorkspaceID) func() error {
		return func() error { return d.NoteDemo(soon(t), ws) }
	}
	for _, err := range together(note(one), note(two), note(one)) {
		require.NoError(t, err)
	}
	made, err := d.DemoMade(soon(t))
	require.NoError(t, err)
	require.ElementsMatch(t, append(before, one, two), made)
}
