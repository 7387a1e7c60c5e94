package mongo_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/mongo"
)

// step is the change that a pure verb of the member makes of c.
func step(c inbox.Conversation, id string, by workspace.MemberID, verb func(inbox.Conversation, inbox.Command) inbox.Move) commit.Change {
	m := verb(c, inbox.Command{By: workspace.Actor{Kind: workspace.ActorMember, ID: string(by)}, At: c.LastActivityAt, Rules: workspace.DefaultRules()})
	m.Event.ID = inbox.EventID(id)
	after := m.After
	m.Event.After = &after
	return commit.Change{Conversation: m.After, Guard: commit.Guard{Version: c.Version}, Event: m.Event}
}

func assigned(to workspace.MemberID) func(inbox.Conversation, inbox.Command) inbox.Move {
	return func(c inbox.Conversation, t inbox.Command) inbox.Move { return inbox.Assign(c, to, t) }
}

func heard(audience ...inbox.Audience) notify.NotificationQuery {
	return notify.NotificationQuery{Workspace: "w", Member: "me", Audiences: audience, Page: inbox.PageRequest{Limit: 10}}
}

// To notify costs no round trip; to take an announcement back costs one.
func TestNotificationRoundTrips(t *testing.T) {
	ctx := context.Background()
	sent := &recorder{}
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: sent.monitor()})
	c := newConversation("c")
	require.NoError(t, s.Commit(ctx, c))
	next := c.Conversation
	for _, row := range []struct {
		id   string
		by   workspace.MemberID
		verb func(inbox.Conversation, inbox.Command) inbox.Move
		tell int
		want string
	}{
		{"claimed", "me", inbox.Claim, 0, "findAndModify insert commitTransaction"},
		{"given", "me", assigned("you"), 1, "findAndModify insert commitTransaction"},
		{"taken", "me", inbox.TakeOver, 1, "findAndModify insert commitTransaction"},
		{"left", "me", inbox.Leave, 1, "findAndModify insert commitTransaction"},
		{"grabbed", "you", inbox.Claim, 0, "findAndModify delete insert commitTransaction"},
	} {
		sent.taken()
		change := step(next, row.id, row.by, row.verb)
		require.Len(t, inbox.NotificationsOf(change.Event), row.tell, row.id)
		require.NoError(t, s.Commit(ctx, change))
		require.Equal(t, row.want, strings.Join(names(sent.taken()), " "), row.id)
		next = change.Conversation
	}
	require.NoError(t, s.Close(ctx))
}

// A commit whose answer is lost, and a transaction that is run again, notify once,
// and what they take back is gone.
func TestNotifiedOnceWhateverIsLost(t *testing.T) {
	ctx := context.Background()
	server, s := onServer(t, testdb.Options{})
	for name, f := range map[string]testdb.Failure{
		"commit, answer lost":      {Commands: []string{"commitTransaction"}, Times: 3, CloseConnection: true},
		"commit, as if never sent": {Commands: []string{"commitTransaction"}, Times: 1, ErrorCode: 251, ErrorLabels: []string{"TransientTransactionError"}},
		"conflict at the insert":   {Commands: []string{"insert"}, Times: 2, ErrorCode: 112, ErrorLabels: []string{"TransientTransactionError"}},
		"conflict at the delete":   {Commands: []string{"delete"}, Times: 1, ErrorCode: 112, ErrorLabels: []string{"TransientTransactionError"}},
	} {
		t.Run(name, func(t *testing.T) {
			id := strings.NewReplacer(" ", "-", ",", "").Replace(name)
			c := newConversation(id)
			c.Conversation.Team, c.Event.After.Team = workspace.TeamID(id), workspace.TeamID(id)
			require.NoError(t, s.Commit(ctx, c))
			waits := heard(inbox.Audience("claimers:LIVECHAT:" + id))
			owned := step(c.Conversation, "owned-"+id, "you", inbox.Claim)
			require.NoError(t, s.Commit(ctx, owned))

			left := step(owned.Conversation, "left-"+id, "you", inbox.Leave)
			if f.Commands[0] != "delete" {
				server.FailCommand(ctx, f)
			}
			require.NoError(t, s.Commit(ctx, left))
			server.Heal(ctx)
			page, err := s.ListNotifications(ctx, waits)
			require.NoError(t, err)
			require.Len(t, page.Items, 1)
			page.Items[0].Sequence = 0
			require.Equal(t, inbox.NotificationsOf(left.Event), page.Items)

			server.FailCommand(ctx, f)
			require.NoError(t, s.Commit(ctx, step(left.Conversation, "taken-"+id, "them", inbox.Claim)))
			server.Heal(ctx)
			page, err = s.ListNotifications(ctx, waits)
			require.NoError(t, err)
			require.Empty(t, page.Items)
		})
	}
}

// notificationReads are the reads that TestNoReadScans explains.
func notificationReads(s *mongo.Store) map[string]func(context.Context) error {
	unread := notify.ReadMarks{}.With(inbox.PageCursor{At: newConversation("c").Conversation.CreatedAt, ID: "n0"}, []inbox.PageCursor{{At: between().After.At, ID: "n1"}})
	out := map[string]func(context.Context) error{
		"notifications by id": func(ctx context.Context) error {
			_, err := s.NotificationsByID(ctx, "w", []inbox.NotificationID{"n1", "n2"})
			return err
		},
		"events": func(ctx context.Context) error {
			_, err := s.Events(ctx, "w", []inbox.EventID{"e-c1", "e-c2"})
			return err
		},
		"read marks": func(ctx context.Context) error {
			_, err := s.ReadMarks(ctx, "w", "me")
			return err
		},
	}
	for name, marks := range map[string]*notify.ReadMarks{"all": nil, "unread": &unread} {
		q := heard("member:me", "claimers:LIVECHAT:", "team:LIVECHAT:t1")
		q.Unread, q.Page = marks, between()
		out["notifications "+name] = func(ctx context.Context) error { _, err := s.ListNotifications(ctx, q); return err }
		out["count notifications "+name] = func(ctx context.Context) error { _, err := s.CountNotifications(ctx, q, 100); return err }
	}
	return out
}
