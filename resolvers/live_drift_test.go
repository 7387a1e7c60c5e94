package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/sharding"
	"switchboard/internal/testdb"
	"switchboard/resolvers"
	"switchboard/store/mongo"
)

// newCluster is several servers on one database, each with a feed, a hub and
// directories of its own.
func newCluster(t *testing.T, n int) []*server {
	t.Helper()
	config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sharding.Watch(t, nil)}
	out := make([]*server, n)
	for i := range out {
		opened, err := mongo.Open(t.Context(), config)
		require.NoError(t, err)
		require.NoError(t, opened.Migrate(t.Context()))
		out[i] = serve(t, opened)
	}
	return out
}

// subscriptions is each field of Subscription with an operation that follows it.
func (w *space) subscriptions(c inbox.Conversation) map[string]func(*client) *stream {
	plain := func(query string, v vars) func(*client) *stream {
		return func(c *client) *stream { return c.followAtOnce(query, v) }
	}
	return map[string]func(*client) *stream{
		"assignmentEvents":    plain(followEvents, nil),
		"conversationUpdates": plain(followConversation, vars{"id": resolvers.ConversationID(c.ID)}),
		"inboxChanges":        plain(followView, vars{"view": object{"list": "ALL"}}),
		"inboxCounts":         plain(followCounts, vars{"views": []object{{"list": "ALL"}}}),
		"workloads":           plain(followWorkloads, nil),
		"notifications":       plain(followNotifications, nil),
		"attention":           plain(followAttention, at(c)),
		"eventLog":            plain(followLog, nil),
		"viewerChanges":       plain(`subscription { viewerChanges { workspace { id } } }`, nil),
	}
}

// drift is a right that is lost, and with which code each stream ends.
type drift struct {
	name, who string
	change    func(w *space)
	ends      map[string]string
}

// drifts leave out the fields that the right does not matter to.
func drifts() []drift {
	denied := map[string]string{"assignmentEvents": "PERMISSION_DENIED", "inboxChanges": "PERMISSION_DENIED", "inboxCounts": "PERMISSION_DENIED", "conversationUpdates": "complete", "attention": "PERMISSION_DENIED", "eventLog": "PERMISSION_DENIED"}
	gone := map[string]string{
		"assignmentEvents": "UNAUTHENTICATED", "inboxChanges": "UNAUTHENTICATED", "inboxCounts": "UNAUTHENTICATED", "conversationUpdates": "UNAUTHENTICATED",
		"workloads": "UNAUTHENTICATED", "notifications": "UNAUTHENTICATED", "viewerChanges": "UNAUTHENTICATED", "attention": "UNAUTHENTICATED", "eventLog": "UNAUTHENTICATED",
	}
	keyed := map[string]string{
		"assignmentEvents": "UNAUTHENTICATED", "inboxChanges": "UNAUTHENTICATED", "inboxCounts": "UNAUTHENTICATED", "conversationUpdates": "UNAUTHENTICATED",
		"workloads": "UNAUTHENTICATED", "viewerChanges": "UNAUTHENTICATED", "attention": "UNAUTHENTICATED", "eventLog": "UNAUTHENTICATED",
	}
	return []drift{
		{"the member is removed", "observer", func(w *space) { w.editMember("observer", func(m *workspace.Member) { m.Removed = true }) }, gone},
		{"the roles are taken", "observer", func(w *space) { w.editMember("observer", func(m *workspace.Member) { m.Roles = nil }) }, denied},
		{"the role is changed", "observer", func(w *space) {
			w.editWorkspace(func(ws *workspace.Workspace) { ws.CustomRoles = []workspace.CustomRole{{Name: "auditor"}} })
		}, denied},
		{"the plan is lowered", "observer", func(w *space) { w.editWorkspace(func(ws *workspace.Workspace) { ws.Plan = "free" }) }, denied},
		{"the key is revoked", "partner", func(w *space) {
			w.edit(func(d *workspace.Directory) workspace.DirectoryChange {
				k := d.Keys[w.key("partner")]
				k.Hash, k.RevokedAt, k.Rev = "", time.Now().UTC().Truncate(time.Millisecond), k.Rev+1
				return workspace.DirectoryChange{Key: &k}
			})
		}, keyed},
	}
}

func withTicketAuditor(d *workspace.Directory) {
	withAuditor(d)
	d.Workspace.CustomRoles[0].Permissions = []workspace.Permission{{Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeAll}}
}

// A right that is lost ends every stream that needs it, on every server, and
// what is committed after it is told to none of them. B:Z4, B:Z6
func TestLostRightsEndEveryStreamOnEveryServer(t *testing.T) {
	servers := newCluster(t, 4)
	fields := loadSchema(t).Subscription.Fields
	for _, c := range drifts() {
		t.Run(c.name, func(t *testing.T) {
			w := servers[0].newSpace(t, "enterprise", withTicketAuditor)
			ticket := w.ticket("agent1")
			all := w.subscriptions(ticket)
			streams := map[string][]*stream{}
			for _, f := range fields {
				require.Contains(t, all, f.Name, "no test follows this field to its end")
				if _, ends := c.ends[f.Name]; !ends {
					continue
				}
				for _, s := range servers {
					here := &space{server: s, t: t, id: w.id}
					streams[f.Name] = append(streams[f.Name], all[f.Name](here.as(c.who)))
				}
			}
			c.change(w)
			lost := time.Now()
			later := (&space{server: servers[1], t: t, id: w.id}).ticket("agent2")
			_, err := servers[2].service.Messages.Send(t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: ticket.ID, Body: "after the end"})
			require.NoError(t, err)
			for field, everywhere := range streams {
				for _, st := range everywhere {
					require.Equal(t, c.ends[field], st.ending("after the end", resolvers.ConversationID(later.ID)), field)
				}
			}
			t.Logf("all ended after %s", time.Since(lost).Round(time.Millisecond))
		})
	}
}

// ending reads to the end and gives its code, or complete. Nothing of secrets
// may come before it.
func (st *stream) ending(secrets ...string) string {
	st.t.Helper()
	for {
		m := st.message()
		switch m.Type {
		case "complete":
			return m.Type
		case "error":
			return parse(st.t, 0, []byte(`{"errors":`+string(m.Payload)+`}`)).code()
		}
		for _, secret := range secrets {
			require.NotContains(st.t, string(m.Payload), secret, "told after the right was lost")
		}
	}
}
