package storetest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// Dump gives everything that an engine keeps: the rows of each table or the documents of
// each collection, whatever their names, as texts.
type Dump func(t *testing.T) map[string][]string

// RunDeletion checks that what is left of a workspace that was deleted is nothing, in no table or
// collection, and what others have is as it was. OfInstallation names the tables that
// hold nothing of a workspace: a new one that is neither there nor furnished by the suite
// fails.
func RunDeletion(t *testing.T, open Opener, dump Dump, ofInstallation ...string) {
	t.Helper()
	stays := newEstate(t, open)
	before := dump(t)
	goes := newEstate(t, func() store.Engine { return unclosed{stays.Engine} })
	goes.furnish()
	during := dump(t)
	for table, rows := range during {
		if !slices.Contains(ofInstallation, table) {
			require.NotEqual(t, before[table], rows, "the suite puts nothing of a workspace into %s, so that nobody sees whether it goes", table)
		}
	}
	require.Equal(t, goes.exported(goes.ws), goes.remove(goes.ws), "what was removed is what an export gives")
	require.NotEmpty(t, goes.remove(goes.other.ws))
	after := dump(t)
	for _, table := range slices.Sorted(maps.Keys(during)) {
		if !slices.Contains(ofInstallation, table) {
			require.Equal(t, before[table], after[table], table)
		}
	}
	require.Empty(t, goes.remove(goes.ws), "a second time")
	require.Empty(t, goes.exported(goes.ws))
}

// unclosed is an engine that another closes.
type unclosed struct{ store.Engine }

// Close does nothing.
func (unclosed) Close(context.Context) error { return nil }

// furnish adds what no other test of the suite puts into an estate.
func (e *estate) furnish() {
	require.NoError(e.t, e.BeginLinkSession(soon(e.t), cluster.LinkSession{ID: id("link"), Workspace: e.ws, Member: e.member, Until: at(9)}))
	m := e.dir.Members[e.member]
	m.Rev, m.OffboardingSince = m.Rev+1, at(4)
	require.NoError(e.t, e.SaveDirectory(soon(e.t), directoryEvent(e.ws, workspace.DirectoryChange{Member: &m})))
}

func (e *estate) remove(ws workspace.WorkspaceID) map[string]int {
	e.t.Helper()
	told := -1
	removed, err := e.DeleteWorkspace(soon(e.t), ws, func(n int) { told = n })
	require.NoError(e.t, err)
	total := 0
	for _, n := range removed {
		total += n
	}
	require.Equal(e.t, total, told)
	return removed
}

// exported counts what an export of a workspace gives, each document with nothing of
// another one.
func (e *estate) exported(ws workspace.WorkspaceID) map[string]int {
	e.t.Helper()
	out := map[string]int{}
	for _, c := range document.Collections() {
		require.NoError(e.t, e.ExportWorkspace(soon(e.t), ws, c, func(d bson.Raw) error {
			out[c]++
			require.NotContains(e.t, strings.ReplaceAll(string(d), string(ws), ""), "ws_", "%s", d)
			return nil
		}))
	}
	return out
}

// Furnished puts a workspace that has one of everything into an engine.
func Furnished(t *testing.T, e store.Engine) workspace.WorkspaceID {
	t.Helper()
	made := newEstate(t, func() store.Engine { return unclosed{e} })
	made.furnish()
	return made.ws
}
