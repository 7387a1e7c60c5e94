package document_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// The strings by which conversations are indexed stay as they are: documents of
// earlier versions hold them. Facets that only events are routed by are not
// stored. B:V1
func TestStoredFacetsKeepTheirStrings(t *testing.T) {
	for name, row := range map[string]struct {
		is     inbox.Ownership
		change func(*inbox.Conversation)
		want   []string
	}{
		"waits for a team":        {is: inbox.Ownership{Status: inbox.Open, Team: "t", AIStopped: true}, want: []string{"all", "status:OPEN", "unassigned", "team:t", "queued", "queue:t", "due:LIVECHAT:t"}},
		"waits for no team":       {is: inbox.Ownership{Status: inbox.Open, AIStopped: true}, want: []string{"all", "status:OPEN", "unassigned", "adrift", "queued", "queue:", "due:LIVECHAT:"}},
		"waits and is up for all": {is: inbox.Ownership{Status: inbox.Open, Team: "t", AIStopped: true, UpForGrabs: true}, want: []string{"all", "status:OPEN", "unassigned", "team:t", "queued", "queue:t"}},
		"its agent answers": {
			is: inbox.Ownership{Status: inbox.Open}, change: func(c *inbox.Conversation) { c.OriginAgent = "a" },
			want: []string{"all", "status:OPEN", "unassigned", "adrift", "agent:a"},
		},
		"is assigned": {
			is: inbox.Ownership{Status: inbox.Open, Assignee: "m", Team: "t"}, change: func(c *inbox.Conversation) { c.FormerAssignee = "f" },
			want: []string{"all", "status:OPEN", "member:m", "team:t", "former:f"},
		},
		"is assigned without a team": {is: inbox.Ownership{Status: inbox.Open, Assignee: "m"}, want: []string{"all", "status:OPEN", "member:m"}},
		"is closed": {
			is: inbox.Ownership{Status: inbox.Closed}, change: func(c *inbox.Conversation) { c.ContactEmail = "Ada@Example.org" },
			want: []string{"all", "status:CLOSED", "adrift", "email:ada@example.org"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := inbox.Conversation{ID: "c", Workspace: "w", Kind: workspace.Livechat, Contact: "p", Ownership: row.is}
			if row.change != nil {
				row.change(&c)
			}
			data, err := bson.Marshal(document.OfConversation(c))
			require.NoError(t, err)
			var stored struct {
				Facets []string `bson:"places"`
			}
			require.NoError(t, bson.Unmarshal(data, &stored))
			require.ElementsMatch(t, row.want, stored.Facets)
		})
	}
}
