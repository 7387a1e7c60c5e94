package cloudevent_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/cloudevent"
	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

var rewrite = flag.Bool("rewrite", false, "write the list of types in docs/webhooks.md again")

// records has one record of each type.
func records() (all []eventlog.Record) {
	member := workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}
	for _, kind := range inbox.EventKinds() {
		all = append(all, record(eventlog.Ownership, "e", inbox.Event{
			Kind: kind, Actor: member, Version: 4, Epoch: 3, From: inbox.Ownership{Status: inbox.Open, Team: "sales"}, To: inbox.Ownership{Status: inbox.Open, Assignee: "mia"},
		}))
	}
	said := record(eventlog.Message, "m", inbox.Event{Actor: member})
	said.Message = &inbox.Message{ID: "m", Author: workspace.Actor{Kind: workspace.ActorContact, ID: "vera"}, Body: "Hello", Sequence: 7}
	moved := record(eventlog.Availability, "e", inbox.Event{
		Actor: member, Directory: &workspace.DirectoryChange{Member: &workspace.Member{ID: "mia", Availability: workspace.Away}},
	})
	moved.Conversation = ""
	gone := record(eventlog.Ownership, "e", inbox.Event{})
	gone.Gone = true
	return append(all, said, moved, record(eventlog.Contact, "e", inbox.Event{Actor: member}), gone)
}

func record(kind eventlog.Kind, id string, content inbox.Event) eventlog.Record {
	return eventlog.Record{
		Entry:   eventlog.Entry{Workspace: "home", Kind: kind, ID: id, Conversation: "c", At: time.Unix(1_800_000_000, 0).UTC()},
		Content: content,
	}
}

func maker() cloudevent.Maker {
	return cloudevent.Maker{GlobalID: func(typeName, id string) string { return typeName + ":" + id }}
}

// Every type is that of some record, and every record has one of the types, an id, and data
// that says its kind and holds no text that anybody wrote. B:V12
func TestEveryTypeIsThatOfARecord(t *testing.T) {
	var met []string
	for _, r := range records() {
		e, err := maker().Of(r)
		require.NoError(t, err)
		require.Equal(t, maker().ID(r.Kind, r.ID), e.ID)
		require.NotEmpty(t, e.Subject)
		require.Equal(t, "/switchboard/workspaces/Workspace:home", e.Source())
		var data map[string]any
		require.NoError(t, json.Unmarshal(e.Data, &data))
		require.NotEmpty(t, data["kind"])
		require.Equal(t, r.Kind == eventlog.Ownership && !r.Gone, data["from"] != nil)
		require.NotContains(t, string(e.Data), "Hello")
		met = append(met, e.Type)
	}
	require.Equal(t, cloudevent.Types(), met)
}

// The documentation shows the data of every type as it is sent.
func TestTheDocumentationListsEveryType(t *testing.T) {
	const path, begin, end = "../docs/webhooks.md", "<!-- types: go test ./cloudevent -rewrite -->\n", "<!-- end of types -->"
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	list := "| Type | Default `data` |\n|---|---|\n"
	for _, r := range records() {
		e, err := maker().Of(r)
		require.NoError(t, err)
		list += "| `" + e.Type + "` | `" + string(e.Data) + "` |\n"
	}
	before, after := strings.Index(string(text), begin), strings.Index(string(text), end)
	require.True(t, before > 0 && after > before)
	want := string(text)[:before+len(begin)] + list + string(text)[after:]
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o600))
		return
	}
	require.Equal(t, want, string(text), "run go test ./cloudevent -rewrite")
}
