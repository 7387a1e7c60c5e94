package storetest

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store"
)

// ofInstallation are the methods that stand above the workspaces, with the reason.
func ofInstallation() map[string]string {
	return map[string]string{
		"WorkspaceOfKey": "tells which workspace it is", "Workspaces": "lists them", "Offboardings": "is asked by the program for all of them", "Left": "is asked by the program for all of them",
		"LogProgress": "is the installation's", "AppendLog": "numbers what the feed gives of all",
		"ExtendLog": "numbers what the feed gives of all", "StoredEvents": "is asked by the program for all of them",
		"LapsedOffers":      "is asked by the program for all of them",
		"SpreadingContacts": "is asked by the program for all of them",
		"LostPresences":     "is asked by the program for all of them", "ServerHeartbeat": "is of servers", "Servers": "is of servers", "ExpireServer": "is of servers",
		"Watch": "gives the events of all", "WatchRecent": "gives the events of all", "WatchPast": "gives the events of all",
		"WatchWorkspace": "has a test of its own", "SealingKeys": "are the installation's", "SaveSealingKeys": "are the installation's",
		"SendBulletin": "is of servers",
		"Lease":        "is of servers", "SwapLease": "is of servers", "FeedHeartbeat": "is of servers",
		"BeginLinkSession": "is asked with the id in a signed link", "RenewLinkSession": "is asked with the id in a signed link", "EndLinkSession": "is asked with the id in a signed link",
		"WebhookWorkspaces": "is asked by the program for all of them", "WebhookKey": "is the installation's",
		"DemoMade": "is the installation's", "NoteDemo": "is the installation's",
		"Secrets": "are the installation's", "SaveSecrets": "are the installation's",
		"Secret": "is the installation's", "NewestID": "is asked by the program for all of them", "Close": "ends it", "Migrate": "is the installation's",
	}
}

// isolation: whatever is asked of one workspace with the ids of another finds
// nothing, and changes nothing there. A new method of the backend that is not
// tried here fails. B:Z7
func isolation(t *testing.T, open Opener) {
	e := newEstate(t, open)
	reads, writes := e.reads(), e.writes()
	maps.Copy(writes, e.writesOfWebhooks())
	backend := reflect.TypeFor[store.Engine]()
	for i := range backend.NumMethod() {
		name := backend.Method(i).Name
		_, read := reads[name]
		_, written := writes[name]
		require.True(t, read || written || ofInstallation()[name] != "", "say in storetest/isolation*.go what %s gives to another workspace", name)
	}
	before := e.all(t, reads)
	for name, found := range before {
		require.False(t, nothing(found), "%s finds nothing where it should: what it hides cannot be seen", name)
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			found, err := read(e.other.ws)
			if err != nil {
				require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
				_, madeUp := read(workspace.WorkspaceID(id("ws")))
				require.Equal(t, madeUp, err, "another answer than for a workspace that never was")
			}
			require.True(t, nothing(found), "%v", found)
		})
	}
	for name, write := range writes {
		t.Run(name, func(t *testing.T) {
			write(t)
			require.Equal(t, before, e.all(t, reads), "what another workspace has was changed")
		})
	}
}

// all asks everything of the estate's own workspace.
func (e *estate) all(t *testing.T, reads map[string]func(workspace.WorkspaceID) (any, error)) map[string]any {
	t.Helper()
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(reads)) {
		found, err := reads[name](e.ws)
		require.NoError(t, err, name)
		out[name] = found
	}
	return out
}

// nothing reports whether an answer holds nothing: zero, or empty in all that it
// lists.
func nothing(found any) bool {
	v := reflect.ValueOf(found)
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Map:
		return v.Len() == 0
	case reflect.Slice:
		for i := range v.Len() {
			if !nothing(v.Index(i).Interface()) {
				return false
			}
		}
		return true
	case reflect.Struct:
		items := v.FieldByName("Items")
		return items.IsValid() && items.Len() == 0 || v.IsZero()
	default:
		return v.IsZero()
	}
}
