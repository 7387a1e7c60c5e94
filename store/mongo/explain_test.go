package mongo_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/shelf"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// Every read that the store sends walks an index, the list of all workspaces apart: what it sends is recorded, and
// the server is asked how it goes about it. B:V1
func TestNoReadScans(t *testing.T) {
	ctx := context.Background()
	sent := &recorder{}
	config := mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sent.monitor()}
	s := open(t, config)
	t.Cleanup(func() { require.NoError(t, s.Close(ctx)) })
	for i := range 30 {
		require.NoError(t, s.Commit(ctx, newConversation(fmt.Sprintf("c%d", i))))
	}
	db := client(t, config.URI).Database(config.Database)

	walked := map[string]bool{} // all lists but those of so few that they may be sorted
	for name, q := range listQueries() {
		walked["list "+name] = len(q.View.Search) == 0 && len(q.View.Contacts) == 0 && q.Visibility.Conversation == "" && !q.View.Starred
	}
	all := reads(s)
	maps.Copy(all, notificationReads(s))
	for name, read := range all {
		t.Run(name, func(t *testing.T) {
			sent.taken()
			require.NoError(t, read(ctx))
			commands := sent.taken()
			require.NotEmpty(t, commands)
			for _, c := range commands {
				if name := names([]bson.Raw{c})[0]; name == "update" || name == "commitTransaction" {
					continue // no read: a document by its id, and the end of a transaction
				}
				plan := explained(t, db, c)
				require.NotContains(t, plan, "COLLSCAN", "%s", c)
				if walked[name] {
					requireWalkedInOrder(t, c)
				}
				require.True(t, strings.Contains(plan, "IXSCAN") || strings.Contains(plan, "IDHACK") || strings.Contains(plan, "EXPRESS"), "%s\n%s", c, plan)
			}
		})
	}
}

// requireWalkedInOrder demands of a sorted find that its index begins with what the
// filter demands by equality and goes on with the sort key, so that the index gives the
// documents in the order of the list: one walk for each value of $in, merged. The server
// of the tests sorts even then, and cannot be asked.
func requireWalkedInOrder(t *testing.T, command bson.Raw) {
	t.Helper()
	var find struct {
		Filter bson.M `bson:"filter"`
		Sort   bson.D `bson:"sort"`
		Hint   string `bson:"hint"`
	}
	require.NoError(t, bson.Unmarshal(command, &find))
	if len(find.Sort) == 0 {
		return // whether there is anything before or after the page
	}
	index := map[string]string{
		"lastActivityAt": "list_by_activity", "createdAt": "list_by_creation", "own.waitingSince": "list_by_waiting", "awaitingReplySince": "list_by_awaiting",
	}[find.Sort[0].Key]
	require.Contains(t, []string{"", index}, find.Hint, "%s", command)
	require.Equal(t, "_id", find.Sort[1].Key)
	require.IsType(t, "", find.Filter["workspace"], "%s", command)
	switch places := find.Filter["places"].(type) {
	case string:
	case bson.D:
		require.Equal(t, "$in", places[0].Key, "%s", command)
	default:
		require.Fail(t, "the filter names no place", "%s", command)
	}
}

// explained asks the server how it would run a find or a count.
func explained(t *testing.T, db *driver.Database, command bson.Raw) string {
	t.Helper()
	plain := bson.D{}
	elements, err := command.Elements()
	require.NoError(t, err)
	for _, e := range elements {
		switch e.Key() {
		case "lsid", "$db", "$clusterTime", "txnNumber", "$readPreference", "maxTimeMS":
		default:
			plain = append(plain, bson.E{Key: e.Key(), Value: e.Value()})
		}
	}
	var plan bson.M
	err = db.RunCommand(context.Background(), bson.D{{Key: "explain", Value: plain}, {Key: "verbosity", Value: "queryPlanner"}}).Decode(&plan)
	require.NoError(t, err, "%s", command)
	text, err := bson.MarshalExtJSON(plan, false, false)
	require.NoError(t, err)
	return string(text)
}

func client(t *testing.T, uri string) *driver.Client {
	t.Helper()
	c, err := driver.Connect(options.Client().ApplyURI(uri))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Disconnect(context.Background())) })
	return c
}

// reads is every list in every order for every reach, forwards and backwards,
// and every other read.
func reads(s *mongo.Store) map[string]func(context.Context) error {
	out := map[string]func(context.Context) error{
		"conversation": func(ctx context.Context) error { _, err := s.Conversation(ctx, "w", "c1"); return err },
		"conversation by external id": func(ctx context.Context) error {
			_, err := s.ConversationByExternalID(ctx, "w", "x-c1")
			return err
		},
		"conversations": func(ctx context.Context) error {
			_, err := s.Conversations(ctx, "w", []inbox.ConversationID{"c1", "c2"})
			return err
		},
		"queue position": func(ctx context.Context) error {
			_, err := s.QueuePosition(ctx, newConversation("c1").Conversation)
			return err
		},
		"due": func(ctx context.Context) error {
			_, err := s.Due(ctx, "w", inbox.Queue{Kind: workspace.Livechat}, &inbox.PageCursor{At: time.Now(), ID: "c1"}, 5)
			return err
		},
		"idle":    func(ctx context.Context) error { _, err := s.Idle(ctx, "w", time.Now(), 5); return err },
		"waits":   func(ctx context.Context) error { _, err := s.Waits(ctx, "w"); return err },
		"message": func(ctx context.Context) error { _, err := s.Message(ctx, "w", "m-c1"); return err },
		"messages": func(ctx context.Context) error {
			_, err := s.ListMessages(ctx, desk.MessageQuery{Workspace: "w", Conversation: "c1", PublicOnly: true, Page: between()})
			return err
		},
		"history": func(ctx context.Context) error {
			_, err := s.ListHistory(ctx, desk.HistoryQuery{Workspace: "w", Conversation: "c1", Limit: 5, Before: 9})
			return err
		},
		"newest id": func(ctx context.Context) error { _, err := s.NewestID(ctx); return err },
		"event":     func(ctx context.Context) error { _, err := s.Event(ctx, "w", "e-c1"); return err },
		"event by key": func(ctx context.Context) error {
			_, err := s.EventByKey(ctx, "w", workspace.System(), "k-c1")
			return err
		},
		"events by keys": func(ctx context.Context) error {
			_, err := s.EventsByKeys(ctx, "w", workspace.System(), "k-", 5)
			return err
		},
		"contact by external id": func(ctx context.Context) error { _, err := s.ContactByExternalID(ctx, "w", "x-c1"); return err },
		"contacts": func(ctx context.Context) error {
			_, err := s.Contacts(ctx, "w", []inbox.ContactID{"p-c1", "p-c2"})
			return err
		},
		"contacts by what is verified": func(ctx context.Context) error {
			_, err := s.VerifiedContacts(ctx, "w", "ada@example.test", "+49301234567", 5)
			return err
		},
		"contacts that are being copied": func(ctx context.Context) error { _, err := s.SpreadingContacts(ctx, 5); return err },
		"conversations behind their contact": func(ctx context.Context) error {
			_, err := s.SaveContacts(ctx, commit.ContactSave{Workspace: "w", Copy: &commit.ContactCopying{
				Contact: inbox.Contact{ID: "p-c1", Workspace: "w", Rev: 1, Merged: []inbox.ContactID{"p-none"}}, Limit: 2,
			}})
			return err
		},
		"list of contacts": func(ctx context.Context) error {
			_, err := s.ListContacts(ctx, contacts.ContactQuery{Workspace: "w", Page: between()})
			return err
		},
		"count of contacts": func(ctx context.Context) error {
			_, err := s.CountContacts(ctx, contacts.ContactQuery{Workspace: "w"}, 5)
			return err
		},
		"search of contacts": func(ctx context.Context) error {
			_, err := s.ListContacts(ctx, contacts.ContactQuery{Workspace: "w", Search: []string{"ad", "ex"}, Page: between()})
			return err
		},
		"count of a search of contacts": func(ctx context.Context) error {
			_, err := s.CountContacts(ctx, contacts.ContactQuery{Workspace: "w", Search: []string{"ad"}}, 5)
			return err
		},
		"message by external id": func(ctx context.Context) error {
			_, err := s.MessageByExternalID(ctx, "w", "c1", "x")
			return err
		},
		"stars": func(ctx context.Context) error { _, err := s.Stars(ctx, "w", "me"); return err },
		"saved views": func(ctx context.Context) error {
			_, err := s.SavedViewLists(ctx, "w", []shelf.SavedViewListID{"member:me", "workspace"})
			return err
		},
		"key": func(ctx context.Context) error {
			_, err := s.WorkspaceOfKey(ctx, "k")
			if inbox.CodeOf(err) == inbox.NotFound {
				return nil
			}
			return err
		},
		"uses of keys": func(ctx context.Context) error {
			_, err := s.KeyUses(ctx, "w", []workspace.KeyID{"k1", "k2"})
			return err
		},
		"what was left": func(ctx context.Context) error {
			_, err := s.Left(ctx, time.Now(), 5)
			return err
		},
		"what is removed": func(ctx context.Context) error { _, err := s.Offboardings(ctx, 5); return err },
		"audit log": func(ctx context.Context) error {
			_, err := s.ListAudit(ctx, audit.AuditQuery{Workspace: "w", Page: between()})
			return err
		},
		"count of the audit log": func(ctx context.Context) error {
			_, err := s.CountAudit(ctx, audit.AuditQuery{Workspace: "w", Actor: workspace.System()}, 5)
			return err
		},
		"audit log of one": func(ctx context.Context) error {
			refused := true
			_, err := s.ListAudit(ctx, audit.AuditQuery{
				Workspace: "w", Actor: workspace.System(), Actions: []audit.AuditAction{audit.AuditPlanSet, audit.AuditTeamCreate},
				Target: audit.AuditTarget{Kind: audit.AuditTeam, ID: "t"}, Refused: &refused, Page: between(),
			})
			return err
		},
		"deliveries in a state": func(ctx context.Context) error {
			_, err := s.ListDeliveries(ctx, webhooks.DeliveryQuery{Workspace: "w", Webhook: "h1", State: webhooks.Parked, Page: inbox.PageRequest{Limit: 9}})
			return err
		},
		"old deliveries": func(ctx context.Context) error {
			_, err := s.ForgetDeliveries(ctx, "w", "h1", 9, 9)
			return err
		},
		"conditions of webhooks": func(ctx context.Context) error {
			_, err := s.WebhookConditions(ctx, "w", []workspace.WebhookID{"h1", "h2"})
			return err
		},
		"loads": func(ctx context.Context) error {
			_, err := s.Loads(ctx, "w", []workspace.MemberID{"me", "you"})
			return err
		},
	}
	for name, q := range listQueries() {
		out["list "+name] = func(ctx context.Context) error { _, err := s.ListConversations(ctx, q); return err }
		out["count "+name] = func(ctx context.Context) error { _, err := s.CountConversations(ctx, q, 100); return err }
	}
	return out
}

func listQueries() map[string]access.ConversationQuery {
	out := map[string]access.ConversationQuery{}
	add := func(name string, q access.ConversationQuery) {
		for _, field := range []access.OrderField{access.ByLastActivity, access.ByCreated, access.ByWaiting, access.ByAwaitingReply} {
			for direction, backward := range map[string]bool{"forwards": false, "backwards": true} {
				q.Workspace, q.Order, q.Page = "w", access.Order{Field: field, Desc: true}, between()
				q.Page.Backward = backward
				out[name+" by "+string(field)+" "+direction] = q
			}
		}
	}
	for who, reach := range reaches() {
		for _, list := range []access.List{access.ListAll, access.ListMine, access.ListUnassigned, access.ListQueued, access.ListMyTeams} {
			if (who == "agent" || who == "contact") && (list == access.ListMine || list == access.ListMyTeams) {
				continue // only members have such lists
			}
			add(string(list)+" "+who, access.ConversationQuery{View: access.View{List: list}, Visibility: reach})
		}
	}
	for name, view := range map[string]access.View{
		"closed": {Statuses: []inbox.Status{inbox.Closed}}, "kind": {Kinds: []workspace.Kind{workspace.Ticket}},
		"channel": {Channels: []string{"web"}}, "handler": {Handlers: []inbox.Handler{inbox.HandledByAI}},
		"assignee": {Assignees: []workspace.MemberID{"you"}}, "teams": {Teams: []workspace.TeamID{"t1", "t2"}},
		"contact": {Contacts: []inbox.ContactID{"p-c1"}}, "text": {Search: []string{"par"}},
	} {
		add("by "+name, access.ConversationQuery{View: view, Visibility: reaches()["all"]})
	}
	for name, view := range findingViews() {
		for who, reach := range reaches() {
			if who != "contact" {
				reach.Starred = []inbox.ConversationID{"c1", "c2"}
				add("by "+name+" "+who, access.ConversationQuery{View: view, Visibility: reach})
			}
		}
	}
	return out
}

// findingViews are the filters by which people find what is over.
func findingViews() map[string]access.View {
	span := access.Span{From: moment(0), Until: moment(30)}
	yes, no := true, false
	return map[string]access.View{
		"former assignee": {FormerAssignees: []workspace.MemberID{"me"}, Statuses: []inbox.Status{inbox.Closed}},
		"origin agent":    {OriginAgents: []workspace.AgentID{"bot"}}, "email": {ContactEmails: []string{"ada@example.org"}},
		"creation": {Created: span}, "activity": {Active: span}, "closing": {Closed: span},
		"awaiting": {Awaiting: &yes}, "not awaiting": {Awaiting: &no}, "star": {Starred: true},
	}
}

func reaches() map[string]access.VisibilityFilter {
	me := access.VisibilityFilter{Member: "me", Teams: []workspace.TeamID{"t1", "t2"}, Teammates: []workspace.MemberID{"me", "you"}}
	scoped := func(livechats, tickets workspace.Scope, exclusive bool) access.VisibilityFilter {
		r := me
		r.Scopes = map[workspace.Kind]workspace.Scope{workspace.Livechat: livechats, workspace.Ticket: tickets}
		r.OwnedExclusively = map[workspace.Kind]bool{workspace.Livechat: exclusive, workspace.Ticket: exclusive}
		return r
	}
	agent := scoped(workspace.ScopeOwn, workspace.ScopeNone, false)
	agent.Agent, agent.Member = "bot", ""
	return map[string]access.VisibilityFilter{
		"all": scoped(workspace.ScopeAll, workspace.ScopeAll, false), "team": scoped(workspace.ScopeTeam, workspace.ScopeTeam, false),
		"own": scoped(workspace.ScopeOwn, workspace.ScopeOwn, false), "mixed": scoped(workspace.ScopeAll, workspace.ScopeTeam, false),
		"exclusive": scoped(workspace.ScopeAll, workspace.ScopeAll, true), "agent": agent, "contact": {Conversation: "c1"},
	}
}

// between is a page with both ends, so that the ends are looked at as well.
func between() inbox.PageRequest {
	return inbox.PageRequest{Limit: 5, After: &inbox.PageCursor{At: moment(59), ID: "z"}, Before: &inbox.PageCursor{At: moment(0), ID: "a"}}
}

func moment(n int) time.Time { return time.Date(2030, 1, 2, 3, 4, n, 0, time.UTC) }

// newConversation is the change that creates a waiting conversation with all
// that can come with it, its ids made from id.
func newConversation(id string) commit.Change {
	c := inbox.Conversation{
		ID: inbox.ConversationID(id), Workspace: "w", Kind: workspace.Livechat, Subject: "Lost parcel", Channel: "web",
		Contact: inbox.ContactID("p-" + id), ContactName: "Ada", ExternalID: "x-" + id,
		Ownership: inbox.Ownership{Status: inbox.Open, AIStopped: true, WaitingSince: moment(1)},
		Version:   1, Epoch: 1, LastActivityAt: moment(1), CreatedAt: moment(1),
	}
	m := inbox.Message{ID: inbox.MessageID("m-" + id), Workspace: "w", Conversation: c.ID, Body: "hi", At: moment(1), ExternalID: "x", Author: workspace.Actor{Kind: workspace.ActorContact, ID: "p-" + id}}
	after := c
	after.LastMessage = &m
	return commit.Change{
		Conversation: after, Create: true,
		Event: inbox.Event{
			ID: inbox.EventID("e-" + id), Workspace: "w", Type: inbox.OwnershipEvent, Kind: inbox.EventCreated, Conversation: c.ID,
			Actor: workspace.System(), To: c.Ownership, Version: 1, Epoch: 1, At: moment(1), After: &after, Messages: []inbox.Message{m},
			Key: inbox.IdempotencyKey{Actor: workspace.System(), Key: "k-" + id, Request: "r"},
		},
		Contact: &inbox.Contact{ID: c.Contact, Workspace: "w", Name: "Ada", Email: "Ada@example.org", ExternalID: "x-" + id},
	}
}
