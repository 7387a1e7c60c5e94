package eventlog_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

// The last entry of an event is known without making the others.
func TestLastOf(t *testing.T) {
	types := []inbox.EventType{
		inbox.OwnershipEvent, inbox.MessageEvent, inbox.ContactTokensEvent, inbox.ContactEvent, inbox.DirectoryEvent, inbox.StarEvent, inbox.ReceiptEvent,
	}
	for _, kind := range types {
		for _, messages := range [][]inbox.Message{nil, {{ID: "m1"}}, {{ID: "m1"}, {ID: "m2"}}} {
			for _, after := range []*inbox.Conversation{nil, {ID: "c"}} {
				for _, directory := range []*workspace.DirectoryChange{nil, {}} {
					e := inbox.Event{ID: "e", Type: kind, Messages: messages, After: after, Directory: directory}
					all := eventlog.Of(e)
					id, brings := eventlog.LastOf(e)
					require.Equal(t, len(all) > 0, brings, "%+v", e)
					if brings {
						require.Equal(t, all[len(all)-1].ID, id, "%+v", e)
					}
				}
			}
		}
	}
}
