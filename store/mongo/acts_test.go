package mongo_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/live"
	"switchboard/store/mongo"
)

// acted is a workspace with services over a store whose commands are counted.
type acted struct {
	*services.Services
	store *mongo.Store
	sent  *recorder
	ws    workspace.WorkspaceID
	begun time.Time
}

func newActed(t *testing.T) *acted {
	t.Helper()
	a := &acted{sent: &recorder{}, ws: "acted", begun: time.Now().UTC().Truncate(time.Millisecond)}
	a.store = open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t), Monitor: a.sent.monitor()})
	t.Cleanup(func() { require.NoError(t, a.store.Close(context.Background())) })
	d := workspace.Directory{
		Workspace: workspace.Workspace{ID: a.ws, Plan: "enterprise", Rules: workspace.DefaultRules(), Rev: 1},
		Members: map[workspace.MemberID]workspace.Member{
			"boss":   {ID: "boss", Workspace: a.ws, Roles: []workspace.RoleName{"owner"}, Availability: workspace.Online, Rev: 1},
			"leaver": {ID: "leaver", Workspace: a.ws, Roles: []workspace.RoleName{"agent"}, Rev: 1},
		},
		Teams:  map[workspace.TeamID]workspace.Team{"sales": {ID: "sales", Workspace: a.ws, Name: "Sales", Rev: 1}},
		Agents: map[workspace.AgentID]workspace.AIAgent{"bot": {ID: "bot", Workspace: a.ws, Name: "Bot", Rev: 1}},
	}
	d.Workspace.Rules.CloseIdleAfter, d.Workspace.Rules.LeftWaits = time.Hour, time.Minute
	require.NoError(t, a.store.CreateWorkspace(t.Context(), d))
	for _, id := range []inbox.ContactID{"ada", "bea"} {
		_, err := a.store.SaveContacts(t.Context(), commit.ContactSave{Workspace: a.ws, Contacts: []inbox.Contact{{ID: id, Workspace: a.ws, Name: string(id), Rev: 1, CreatedAt: a.begun}}})
		require.NoError(t, err)
	}
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	directories := live.NewDirectories(a.store.Directory)
	directories.FeedBack()
	var ids atomic.Int64
	a.Services = services.New(services.Config{
		Store: a.store, Directories: directories, Policy: authz.New(preset), Now: time.Now, Pick: rand.IntN,
		NewID: func() string { return fmt.Sprintf("id%06d", ids.Add(1)) },
	})
	return a
}

// with writes n conversations of an owner.
func (a *acted) with(t *testing.T, n int, own inbox.Ownership, edits ...func(*inbox.Conversation)) {
	t.Helper()
	for i := range n {
		c := inbox.Conversation{
			ID: inbox.ConversationID(fmt.Sprint("c", i)), Workspace: a.ws, Kind: workspace.Livechat, Contact: "ada", ContactName: "ada",
			Ownership: own, Version: 1, Epoch: 1, LastActivityAt: a.begun, CreatedAt: a.begun,
		}
		for _, edit := range edits {
			edit(&c)
		}
		after := c
		change := commit.Change{Conversation: c, Create: true, Event: inbox.Event{
			ID: inbox.EventID(fmt.Sprint("e", i)), Workspace: a.ws, Type: inbox.OwnershipEvent, Kind: inbox.EventCreated, Conversation: c.ID,
			Actor: workspace.System(), To: c.Ownership, Version: 1, Epoch: 1, At: a.begun, After: &after,
		}}
		if own.Assignee != "" {
			change.Loads = []inbox.LoadChange{{Member: own.Assignee, Kind: c.Kind, Delta: 1}}
		}
		require.NoError(t, a.store.Commit(t.Context(), change))
	}
}

// TestActsOverMany: an act or a duty over many conversations sends at most ten commands
// for each hundred of them. A new act of this sort belongs into the table.
func TestActsOverMany(t *testing.T) {
	open := inbox.Ownership{Status: inbox.Open, AIStopped: true}
	boss := inbox.Principal{Workspace: "acted", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "boss"}}
	for name, act := range map[string]struct {
		own  inbox.Ownership
		edit func(*acted, *inbox.Conversation)
		do   func(context.Context, *acted) error
		// over reports whether the act reached a conversation.
		over func(inbox.Conversation) bool
	}{
		"remove a member": {
			own: inbox.Ownership{Status: inbox.Open, AIStopped: true, Assignee: "leaver"},
			do: func(ctx context.Context, a *acted) error {
				if _, _, err := a.Admin.RemoveMember(ctx, boss, "leaver"); err != nil {
					return err
				}
				return a.Offboarding.Run(ctx)
			},
			over: func(c inbox.Conversation) bool { return c.Assignee == "" },
		},
		"delete a team": {
			own: inbox.Ownership{Status: inbox.Open, AIStopped: true, Team: "sales"},
			do: func(ctx context.Context, a *acted) error {
				if _, _, err := a.Admin.DeleteTeam(ctx, boss, "sales"); err != nil {
					return err
				}
				return a.Offboarding.Run(ctx)
			},
			over: func(c inbox.Conversation) bool { return c.Team == "" },
		},
		"remove an AI agent": {
			own:  inbox.Ownership{Status: inbox.Unset},
			edit: func(_ *acted, c *inbox.Conversation) { c.OriginAgent = "bot" },
			do: func(ctx context.Context, a *acted) error {
				if _, _, err := a.Admin.RemoveAgent(ctx, boss, "bot"); err != nil {
					return err
				}
				return a.Offboarding.Run(ctx)
			},
			over: func(c inbox.Conversation) bool { return c.Handler() != inbox.HandledByAI },
		},
		"close idle chats": {
			own:  open,
			edit: func(a *acted, c *inbox.Conversation) { c.LastActivityAt = a.begun.Add(-3 * time.Hour) },
			do: func(ctx context.Context, a *acted) error {
				for range 3 { // 100 in each run
					if err := a.Queues.CloseIdle(ctx); err != nil {
						return err
					}
				}
				return nil
			},
			over: func(c inbox.Conversation) bool { return c.Status == inbox.Closed },
		},
		"queue what nobody claimed": {
			own: inbox.Ownership{Status: inbox.Open, AIStopped: true, UpForGrabs: true, GrabsUntil: time.Now().Add(-time.Hour).UTC().Truncate(time.Millisecond)},
			do: func(ctx context.Context, a *acted) error {
				for range 3 {
					if err := a.Queues.QueueLeft(ctx); err != nil {
						return err
					}
				}
				return nil
			},
			over: func(c inbox.Conversation) bool { return c.GrabsUntil.IsZero() },
		},
		"merge contacts": {
			own: open,
			do: func(ctx context.Context, a *acted) error {
				_, err := a.Contacts.MergeContacts(ctx, boss, "bea", "ada", "")
				return err
			},
			over: func(c inbox.Conversation) bool { return c.Contact == "bea" },
		},
		"erase a contact": {
			own: open,
			do: func(ctx context.Context, a *acted) error {
				_, err := a.Contacts.EraseContact(ctx, boss, "ada", "")
				return err
			},
			over: func(c inbox.Conversation) bool { return c.ContactName != "ada" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			sent := map[int]int{}
			for _, n := range []int{10, 210} {
				a := newActed(t)
				a.with(t, n, act.own, func(c *inbox.Conversation) {
					if act.edit != nil {
						act.edit(a, c)
					}
				})
				a.sent.taken()
				require.NoError(t, act.do(t.Context(), a))
				commands := names(a.sent.taken())
				sent[n] = len(commands)
				for i := range n {
					c, err := a.store.Conversation(t.Context(), a.ws, inbox.ConversationID(fmt.Sprint("c", i)))
					require.NoError(t, err)
					require.True(t, act.over(c), "%+v", c)
				}
				t.Logf("%d conversations: %d commands", n, len(commands))
			}
			require.LessOrEqual(t, sent[210]-sent[10], 20)
		})
	}
}
