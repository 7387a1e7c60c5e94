package resolvers_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const (
	notificationFields = `id kind at read claimable gone conversation { id subject version assignee { name } lastMessage { body } }
		actor { __typename ... on Member { name } }
		event { id kind note } message { id body }`
	listNotifications = `query($unread: Boolean, $first: Int, $after: Cursor) { notifications(unreadOnly: $unread, first: $first, after: $after) {
		totalCount unreadCount edges { cursor } nodes { ` + notificationFields + ` } } }`
	followNotifications = `subscription { notifications { ` + notificationFields + ` } }`
	markRead            = `mutation($in: MarkNotificationsReadInput!) { payload: markNotificationsRead(input: $in) { unreadCount userErrors { __typename code field } } }`
)

// notify has the manager give the member n tickets.
func (w *space) notify(key string, n int) (ids []string) {
	w.t.Helper()
	for i := range n {
		out, err := w.service.Intake.CreateTicket(w.t.Context(), w.principal("manager"), desk.NewConversation{
			Subject: fmt.Sprint("Ticket ", i), Contact: contacts.NewContact{Name: "Vera Visitor"}, To: access.Owner{Member: w.member(key)},
		})
		require.NoError(w.t, err)
		ids = append(ids, resolvers.GlobalID("Notification", inbox.NotificationsOf(out.Event)[0].ID))
	}
	return ids
}

// told is the member's list, newest first.
func (w *space) told(key string) []any {
	w.t.Helper()
	nodes, ok := w.as(key).do(listNotifications, vars{"first": 100}).at("notifications.nodes").([]any)
	require.True(w.t, ok)
	return nodes
}

func (w *space) request(c inbox.Conversation) desk.Request {
	return desk.Request{Conversation: c.ID}
}

func (w *space) says(who inbox.Principal, c inbox.Conversation, body string) inbox.Event {
	w.t.Helper()
	sent, err := w.service.Messages.Send(w.t.Context(), who, desk.SendRequest{Conversation: c.ID, Body: body})
	require.NoError(w.t, err)
	return sent.Event
}

// What each kind says, in the list and live alike. B:A1, B:T1, B:K1, B:L1, B:S2
func TestNotificationsSayWhatHappened(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		anna, emile := w.as("agent1").follow(followNotifications, nil), w.as("agent2").follow(followNotifications, nil)
		both := func(st *stream, key string, want object) {
			t.Helper()
			item := st.item()
			requireMatch(t, want, item, "live")
			require.Equal(t, resolvers.ConversationID(c.ID), dig(t, item, "conversation.id"))
			if item["gone"] == false {
				newest, _ := w.told(key)[0].(object)
				require.Equal(t, item["id"], newest["id"])
				requireMatch(t, want, newest, "list")
			}
		}
		_, err := w.service.Desk.Transfer(t.Context(), w.principal("agent1"), w.request(c), access.Owner{Member: w.member("agent2")}, "look at this")
		require.NoError(t, err)
		both(emile, "agent2", object{"kind": "TRANSFERRED_TO_YOU", "read": false, "claimable": false, "actor": object{"name": "Anna Berg"}, "event": object{"kind": "TRANSFERRED", "note": "look at this"}, "message": nil})
		w.says(contactOf(c), c, "are you there?")
		both(emile, "agent2", object{"kind": "INBOUND_MESSAGE", "claimable": false, "actor": object{"__typename": "Contact"}, "event": nil, "message": object{"body": "are you there?"}})
		_, err = w.service.Desk.TakeOver(t.Context(), w.principal("agent1"), w.request(c), nil, "")
		require.NoError(t, err)
		both(emile, "agent2", object{"kind": "TAKEN_OVER_FROM_YOU", "actor": object{"name": "Anna Berg"}, "event": object{"kind": "TAKEN_OVER"}, "conversation": object{"assignee": object{"name": "Anna Berg"}}})
		// The contact's very next message goes to the new owner. B:S2
		w.says(contactOf(c), c, "hello?")
		both(anna, "agent1", object{"kind": "INBOUND_MESSAGE", "message": object{"body": "hello?"}})
		_, err = w.service.Desk.Leave(t.Context(), w.principal("agent1"), w.request(c))
		require.NoError(t, err)
		both(emile, "agent2", object{"kind": "UP_FOR_GRABS", "claimable": true, "gone": false, "event": object{"kind": "LEFT"}, "conversation": object{"assignee": nil}})
		w.claim(c, "agent1")
		both(emile, "agent2", object{"kind": "UP_FOR_GRABS", "gone": true, "actor": object{"name": "Anna Berg"}, "event": object{"kind": "CLAIMED"}})
		both(anna, "agent1", object{"kind": "UP_FOR_GRABS", "gone": true})
		_, err = w.service.Desk.Transfer(t.Context(), w.principal("agent1"), w.request(c), access.Owner{Team: w.team("sales")}, "")
		require.NoError(t, err)
		w.claim(w.queuedFor("support"), "agent1")
		require.Equal(t, "QUEUED_IN_YOUR_TEAM", dig(t, emile.item(), "kind"))
	})
}

// queuedFor is a ticket that waits in a team's queue.
func (w *space) queuedFor(team string) inbox.Conversation { return w.ticket("team " + team) }

// However often a verb is sent, one after the other and many at once, there is one
// notification for each event and person: in the list, and live in the order in
// which it happened.
func TestNotifiedOnceHoweverOftenAsked(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.chat()
		people := []string{"owner", "manager", "senior", "agent1", "agent2", "sales1", "observer"}
		streams := map[string]*stream{}
		for _, key := range people {
			streams[key] = w.as(key).follow(followNotifications, nil)
		}
		committed, err := w.hub.Subscribe(t.Context(), w.id, access.AllFacet)
		require.NoError(t, err)
		for i, verb := range w.verbs(c) {
			r := w.request(c)
			r.Key = fmt.Sprint("key ", i)
			require.NoError(t, verb(r))
			var again sync.WaitGroup
			for range 3 {
				again.Go(func() {
					if err := verb(r); err != nil {
						t.Errorf("verb %d again: %v", i, err)
					}
				})
			}
			again.Wait()
		}
		w.settle()
		var events []inbox.Event
		for item, _ := committed.TryNext(); item != nil; item, _ = committed.TryNext() {
			events = append(events, item.Event)
		}
		for _, key := range people {
			live, listed := w.expected(key, events)
			for _, want := range live {
				item := streams[key].item()
				require.Equal(t, want, fmt.Sprint(item["id"], item["gone"]), key)
			}
			require.Equal(t, listed, column(t, w.told(key), "id"), key)
			require.Len(t, slices.Compact(slices.Sorted(slices.Values(listed))), len(listed), key)
		}
		w.notify("agent1", 1)
		require.Equal(t, "ASSIGNED", dig(t, streams["agent1"].item(), "kind"), "more was told than happened")
	})
}

// verbs lead c through every way to notify.
func (w *space) verbs(c inbox.Conversation) []func(r desk.Request) error {
	ctx, did := w.t.Context(), desk.Outcome{}
	change := func(verb func(r desk.Request) (desk.Outcome, error)) func(r desk.Request) error {
		return func(r desk.Request) error { _, err := verb(r); return err }
	}
	says := func(body string) func(r desk.Request) error {
		return func(r desk.Request) error {
			_, err := w.service.Messages.Send(ctx, contactOf(c), desk.SendRequest{Conversation: r.Conversation, Key: r.Key, Body: body})
			return err
		}
	}
	return []func(r desk.Request) error{
		change(func(r desk.Request) (desk.Outcome, error) {
			return w.service.Desk.RequestHandoff(ctx, w.principal("ai"), r, desk.HandoffTarget{Member: w.member("agent1")})
		}),
		change(func(r desk.Request) (desk.Outcome, error) {
			return w.service.Desk.Transfer(ctx, w.principal("agent1"), r, access.Owner{Member: w.member("agent2")}, "")
		}),
		func(r desk.Request) (err error) {
			if did.Event.ID == "" { // the first run alone; repeats only read it
				did, err = w.service.Desk.TakeOver(ctx, w.principal("senior"), r, nil, "")
				return err
			}
			_, err = w.service.Desk.TakeOver(ctx, w.principal("senior"), r, nil, "")
			return err
		},
		change(func(r desk.Request) (desk.Outcome, error) {
			return w.service.Desk.Undo(ctx, w.principal("senior"), did.Event.ID, r.Key)
		}),
		says("Hello?"),
		change(func(r desk.Request) (desk.Outcome, error) { return w.service.Desk.Leave(ctx, w.principal("agent2"), r) }),
		says("Anybody?"),
		change(func(r desk.Request) (desk.Outcome, error) { return w.service.Desk.Claim(ctx, w.principal("agent1"), r) }),
		change(func(r desk.Request) (desk.Outcome, error) {
			return w.service.Desk.Unassign(ctx, w.principal("manager"), r)
		}),
		change(func(r desk.Request) (desk.Outcome, error) {
			return w.service.Desk.Assign(ctx, w.principal("manager"), r, access.Owner{Member: w.member("sales1")}, "")
		}),
		change(func(r desk.Request) (desk.Outcome, error) {
			return w.service.Desk.SetStatus(ctx, w.principal("manager"), r, inbox.Closed)
		}),
		func(r desk.Request) error {
			_, err := w.service.Messages.ReopenAndReply(ctx, contactOf(c), desk.SendRequest{Conversation: r.Conversation, Key: r.Key, Body: "One more thing"})
			return err
		},
	}
}

// expected is what a member is told of the events, by the rights of now: live, and
// what is in the list at the end, newest first.
func (w *space) expected(key string, events []inbox.Event) (live, listed []string) {
	w.t.Helper()
	access, err := w.service.Callers.Access(w.t.Context(), w.principal(key))
	require.NoError(w.t, err)
	var kept []inbox.Notification
	for _, e := range events {
		if n, ok := inbox.Withdrawn(e); ok {
			kept = slices.DeleteFunc(kept, func(k inbox.Notification) bool { return k.Claimable && k.Conversation == n.Conversation })
			if slices.Contains(notify.Audiences(access), n.Audience) {
				live = append(live, fmt.Sprint(resolvers.GlobalID("Notification", n.ID), true))
			}
		}
		for _, n := range inbox.NotificationsOf(e) {
			if notify.Receives(access, n) {
				kept, live = append(kept, n), append(live, fmt.Sprint(resolvers.GlobalID("Notification", n.ID), false))
			}
		}
	}
	slices.SortFunc(kept, func(a, b inbox.Notification) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	listed = []string{}
	for _, n := range kept {
		listed = append(listed, resolvers.GlobalID("Notification", n.ID))
	}
	return live, listed
}

// Of many who claim at once one has it, and it is gone for everybody: nobody's
// list or screen offers what somebody has. B:A4, B:L1
func TestClaimableIsGoneForEverybody(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		people := []string{"manager", "senior", "agent1", "agent2", "sales1"}
		streams := map[string]*stream{}
		for _, key := range people {
			streams[key] = w.as(key).follow(followNotifications, nil)
		}
		for range 5 {
			c := w.owned("owner")
			_, err := w.service.Desk.Leave(t.Context(), w.principal("owner"), w.request(c))
			require.NoError(t, err)
			id := ""
			for _, key := range people {
				item := streams[key].item()
				requireMatch(t, object{"kind": "UP_FOR_GRABS", "claimable": true, "gone": false}, item, key)
				id, _ = item["id"].(string)
				require.Equal(t, id, dig(t, w.told(key)[0], "id"))
			}
			won := make(chan string, len(people))
			var all sync.WaitGroup
			for _, key := range people {
				all.Go(func() {
					_, err := w.service.Desk.Claim(t.Context(), w.principal(key), w.request(c))
					if err == nil {
						won <- key
						return
					}
					var lost *inbox.Error
					if !errors.As(err, &lost) || lost.Code != inbox.AlreadyAssigned {
						t.Errorf("%s: %v", key, err)
					}
				})
			}
			all.Wait()
			require.Len(t, won, 1)
			for _, key := range people {
				require.Empty(t, w.told(key), key)
				require.Equal(t, "NOT_FOUND", w.as(key).do(`query($id: ID!) { node(id: $id) { id } }`, vars{"id": id}).code())
				requireMatch(t, object{"id": id, "gone": true}, streams[key].item(), key)
			}
		}
	})
}

// Rights that are gained and lost count for the list at once, and for a stream
// that runs from then on. B:Z4
func TestNotificationsFollowRights(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		waiting := w.queuedFor("support")
		anna := w.as("agent1").follow(followNotifications, nil)
		require.Len(t, w.told("agent1"), 1)
		require.Empty(t, w.told("sales1"))
		w.editMember("agent1", func(m *workspace.Member) { m.Teams = []workspace.TeamID{w.team("sales")} })
		w.settle()
		require.Empty(t, w.told("agent1"), "another team's")
		w.claim(waiting, "agent2") // agent1 hears nothing of it
		theirs := w.queuedFor("sales")
		if item := anna.message(); item.Type == "error" { // something may have been missed: come back and fetch
			require.Contains(t, string(item.Payload), "UNAVAILABLE")
			require.Equal(t, "QUEUED_IN_YOUR_TEAM", dig(t, w.told("agent1")[0], "kind"))
		} else {
			require.Equal(t, resolvers.ConversationID(theirs.ID), parse(t, 0, item.Payload).at("notifications.conversation.id"))
		}
		refused := w.as("agent1").follow(followNotifications, nil)
		w.editMember("agent1", func(m *workspace.Member) { m.Roles = nil })
		require.Equal(t, "PERMISSION_DENIED", refused.refused())
		require.Equal(t, "PERMISSION_DENIED", w.as("agent1").do(listNotifications, nil).code())
	})
}

func TestOnlyMembersAreNotified(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.chat()
		for name, who := range map[string]*client{"AI agent": w.as("ai"), "contact": w.contact(c)} {
			require.Equal(t, "PERMISSION_DENIED", who.do(listNotifications, nil).code(), name)
			require.Equal(t, "PERMISSION_DENIED", who.connect().subscribe(followNotifications, nil).refused(), name)
		}
		payload := w.as("ai").do(markRead, vars{"in": object{"all": true}})
		require.Equal(t, []string{"PERMISSION_DENIED"}, column(t, payload.at("payload.userErrors"), "code"))
		require.Equal(t, number(0), payload.at("payload.unreadCount"))
	})
}

// What one workspace is told is nothing to another. B:Z7
func TestNotificationsStayInTheirWorkspace(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, other := s.newSpace(t, "enterprise", nil), s.newSpace(t, "enterprise", nil)
		theirs := other.as("agent1").follow(followNotifications, nil)
		ids := w.notify("agent1", 2)
		w.queuedFor("support")
		require.Empty(t, other.told("agent1"))
		mine := other.notify("agent1", 1)
		require.Equal(t, mine[0], dig(t, theirs.item(), "id"))
		payload := other.as("agent1").do(markRead, vars{"in": object{"ids": ids}})
		require.Equal(t, []string{"NOT_FOUND"}, column(t, payload.at("payload.userErrors"), "code"))
		require.Equal(t, number(3), w.as("agent1").do(listNotifications, nil).at("notifications.unreadCount"))
		require.Equal(t, number(1), other.as("agent1").do(listNotifications, nil).at("notifications.unreadCount"))
	})
}

func TestNotificationsAreMarkedRead(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		ids := w.notify("agent1", 6)
		agent := w.as("agent1")
		mark := func(in object) any {
			t.Helper()
			a := agent.do(markRead, vars{"in": in})
			require.Empty(t, a.at("payload.userErrors"))
			return a.at("payload.unreadCount")
		}
		unread := func() []string {
			t.Helper()
			a := agent.do(listNotifications, vars{"unread": true, "first": 100})
			got := column(t, a.at("notifications.nodes"), "id")
			slices.Reverse(got)
			require.Equal(t, number(len(got)), a.at("notifications.totalCount"))
			require.Equal(t, number(len(got)), a.at("notifications.unreadCount"))
			return got
		}
		require.Equal(t, ids, unread())
		require.Equal(t, number(5), mark(object{"ids": []string{ids[4]}}))
		require.Equal(t, []string{ids[0], ids[1], ids[2], ids[3], ids[5]}, unread())
		require.Equal(t, number(5), mark(object{"ids": []string{ids[4], made("Notification")}}), "what went away is passed over")
		page := agent.do(listNotifications, vars{"first": 4})
		require.Equal(t, number(6), page.at("notifications.totalCount"))
		cursor := column(t, page.at("notifications.edges"), "cursor")[3]
		require.Equal(t, number(2), mark(object{"upTo": cursor}))
		require.Equal(t, []string{ids[3], ids[5]}, unread())
		require.Equal(t, number(2), mark(object{"upTo": cursor}))
		read := agent.do(`query($id: ID!) { node(id: $id) { ... on Notification { read } } }`, vars{"id": ids[4]})
		require.Equal(t, true, read.at("node.read"))
		require.Equal(t, number(0), mark(object{"all": true}))
		require.Equal(t, append([]string{}, w.notify("agent1", 1)...), unread())

		for _, in := range []object{{}, {"all": false}, {"all": true, "upTo": cursor}, {"ids": ids, "all": true}, {"ids": slices.Repeat(ids, 20)}} {
			a := agent.do(markRead, vars{"in": in})
			require.Equal(t, []string{"INVALID_INPUT"}, column(t, a.at("payload.userErrors"), "code"), "%v", in)
			require.Equal(t, number(1), a.at("payload.unreadCount"))
		}
		require.Equal(t, "INVALID_CURSOR", agent.do(markRead, vars{"in": object{"upTo": "nonsense"}}).code())
		require.Equal(t, "INVALID_CURSOR", w.as("agent2").do(markRead, vars{"in": object{"upTo": cursor}}).code(), "another's")
	})
}

// A list costs the same calls however long it is.
func TestNotificationsCostNoQueryPerRow(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.notify("agent1", 30)
		one := w.as("agent1").calls(listNotifications, vars{"first": 1})
		many := w.as("agent1").calls(listNotifications, vars{"first": 30})
		require.Equal(t, one, many)
	})
}

// K1: the former owner hears who took it, on the conversation's stream as well,
// where it is the last thing when the right to read went too.
func TestWhoTookItIsTold(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.ticket("agent1")
		bell, open := w.as("agent1").follow(followNotifications, nil), w.as("agent1").followConversation(c.ID)
		_, err := w.service.Desk.TakeOver(t.Context(), w.principal("admin"), w.request(c), ptr("I take this"), "")
		require.NoError(t, err)
		requireMatch(t, object{
			"kind": "TAKEN_OVER_FROM_YOU", "actor": object{"name": "Adrián Núñez"}, "message": nil,
			"conversation": object{"assignee": object{"name": "Adrián Núñez"}, "lastMessage": nil},
		}, bell.item(), "bell")
		requireMatch(t, object{"accessLost": true, "conversation": object{"assignee": object{"name": "Adrián Núñez"}}}, open.item(), "conversation")
		open.completed()
		newest, _ := w.told("agent1")[0].(object)
		requireMatch(t, object{"kind": "TAKEN_OVER_FROM_YOU", "conversation": object{"lastMessage": nil}}, newest, "list")
	})
}

func ptr[T any](v T) *T { return &v }
