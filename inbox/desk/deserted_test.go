package desk_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// hearsay is a directory as another server knew it before something happened, and what
// that server is told itself.
type hearsay struct {
	mu sync.Mutex
	d  *workspace.Directory
}

// Directory gives what was heard so far.
func (h *hearsay) Directory(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.d, nil
}

// Applied hears of a change.
func (h *hearsay) Applied(_ workspace.WorkspaceID, c workspace.DirectoryChange) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.d = h.d.With(c)
}

// A server that has not heard yet that a member is OFFLINE leaves nobody waiting for them:
// neither who writes to them, nor who is given to them by the rules. B:R1
func TestAServerThatHasNotHeardLeavesNobodyWaiting(t *testing.T) {
	const never, onInbound = workspace.ReclaimOfflineNever, workspace.ReclaimOfflineOnInbound
	write := func(by inbox.Principal, note bool) func(*testing.T, *desk.Messages, *desk.Queues) {
		return func(t *testing.T, m *desk.Messages, _ *desk.Queues) {
			sent, err := m.Send(t.Context(), by, desk.SendRequest{Conversation: "c", Body: "Anybody there?", Internal: note})
			require.NoError(t, err)
			require.Equal(t, "Anybody there?", sent.Message.Body)
		}
	}
	give := func(t *testing.T, _ *desk.Messages, q *desk.Queues) {
		_, err := q.Drain(t.Context(), world.Home, inbox.Queue{Kind: workspace.Livechat})
		require.NoError(t, err)
	}
	for name, c := range map[string]struct {
		rule  workspace.ReclaimOffline
		plan  workspace.PlanName
		waits bool // in the queue, instead of being owned
		is    workspace.Availability
		act   func(*testing.T, *desk.Messages, *desk.Queues)
		taken bool
	}{
		"the contact writes to who is gone": {onInbound, "pro", false, workspace.Offline, write(world.AsContact("c"), false), true},
		"to who is away":                    {onInbound, "pro", false, workspace.Away, write(world.AsContact("c"), false), false},
		"where the rule is off":             {never, "pro", false, workspace.Offline, write(world.AsContact("c"), false), false},
		"above the plan":                    {onInbound, "lite", false, workspace.Offline, write(world.AsContact("c"), false), false},
		"who is gone answers":               {onInbound, "pro", false, workspace.Offline, write(world.AsMember(world.Me), false), false},
		"a colleague writes a note":         {onInbound, "pro", false, workspace.Offline, write(world.AsMember(world.Senior), true), false},
		"the rules give it to who is gone":  {onInbound, "pro", true, workspace.Offline, give, true},
		"the rules give it to who is there": {onInbound, "pro", true, workspace.Online, give, false},
		"given to who is gone, and no rule": {never, "pro", true, workspace.Offline, give, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Roster.Workspace.Plan = c.plan
			d.Rules(func(r *workspace.Rules) { r.ReclaimOffline, r.SendPolicy = c.rule, workspace.SendAnyone })
			d.Alone(world.Me)
			owned := awaiting(0)
			owned.Team = ""
			if c.waits {
				owned.WaitingSince, owned.Assignee, owned.AIStopped = owned.AwaitingReplySince, "", true
			}
			d.Put(owned)
			heard := *d.Clone().Roster
			late := d.Serve(&hearsay{d: &heard})
			d.Member(world.Me, func(m *workspace.Member) { m.Availability, m.Rev = c.is, m.Rev+1 })
			c.act(t, late.Messages, late.Queues)
			after := d.Stored(t, "c")
			require.Equal(t, c.taken, !after.Owned())
			if c.taken {
				e := d.Recorded()[len(d.Recorded())-1]
				require.Equal(t, inbox.ReclaimOwnerOffline, e.ReclaimCause())
				require.Equal(t, after.AwaitingReplySince, after.WaitingSince)
			}
		})
	}
}

// Whichever door a contact's words come through, they are not left with an owner who is
// gone: the contact's own, and those of a key that speaks for the contact. B:R1 B:S2
func TestEveryDoorOfAContactTakesFromWhoIsGone(t *testing.T) {
	for name, write := range map[string]func(context.Context, *world.Inbox) error{
		"send": func(ctx context.Context, d *world.Inbox) error {
			_, err := d.Messages.Send(ctx, world.AsContact("c"), desk.SendRequest{Conversation: "c", Body: "Hello"})
			return err
		},
		"reopen and reply": func(ctx context.Context, d *world.Inbox) error {
			_, err := d.Messages.ReopenAndReply(ctx, world.AsContact("c"), desk.SendRequest{Conversation: "c", Body: "Hello"})
			return err
		},
		"post": func(ctx context.Context, d *world.Inbox) error {
			_, err := d.Messages.Post(ctx, world.AsPartner(), desk.Posting{Conversation: desk.ConversationRef{ID: "c"}, Body: "Hello"})
			return err
		},
		"start what exists": func(ctx context.Context, d *world.Inbox) error {
			_, err := d.Intake.StartLivechat(ctx, world.AsPartner(), desk.NewConversation{ExternalID: "chat", Message: "Hello"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.ReclaimOffline = workspace.ReclaimOfflineOnInbound })
			d.Member(world.Me, func(m *workspace.Member) { m.Availability = workspace.Offline })
			c := awaiting(0)
			c.AwaitingReplySince, c.ExternalID = time.Time{}, "chat"
			d.Put(c)
			require.NoError(t, write(t.Context(), d))
			require.False(t, d.Stored(t, "c").Owned())
			require.Len(t, d.Recorded(), 1, "in one transaction")
		})
	}
}
