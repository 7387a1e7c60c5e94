package desk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Since when an answer is awaited, and when a conversation was closed, through the life
// of a chat. B:V1
func TestWhoAwaitsAnAnswer(t *testing.T) {
	d := world.New(t)
	out, err := d.Intake.StartLivechat(t.Context(), world.AsAgent(world.Bot), desk.NewConversation{})
	require.NoError(t, err)
	c := out.Conversation
	visitor := inbox.Principal{Workspace: world.Home, Actor: workspace.Actor{Kind: workspace.ActorContact, ID: string(c.Contact)}, Conversation: c.ID}
	say := func(p inbox.Principal, internal bool) func() {
		return func() {
			now := d.Stored(t, c.ID)
			_, err := d.Services.Messages.Send(t.Context(), p, desk.SendRequest{Conversation: c.ID, Body: "Hello", Internal: internal, Epoch: &now.Epoch})
			require.NoError(t, err)
		}
	}
	status := func(to inbox.Status) func() {
		return func() {
			_, err := d.Services.Desk.SetStatus(t.Context(), world.AsMember(world.Me), desk.Request{Conversation: c.ID}, to)
			require.NoError(t, err)
		}
	}
	request := desk.Request{Conversation: c.ID}
	var first, closed time.Time
	for _, step := range []struct {
		name     string
		do       func()
		awaiting string // "", "now" or "first"
		closed   string
	}{
		{"the contact writes", say(visitor, false), "now", ""},
		{"and again", say(visitor, false), "first", ""},
		{"the AI agent answers", say(world.AsAgent(world.Bot), false), "", ""},
		{"the contact writes again", say(visitor, false), "now", ""},
		{"a person claims it, who has said nothing yet", func() {
			_, err := d.Services.Desk.Claim(t.Context(), world.AsMember(world.Me), request)
			require.NoError(t, err)
		}, "first", ""},
		{"a note is no answer", say(world.AsMember(world.Me), true), "first", ""},
		{"an answer is", say(world.AsMember(world.Me), false), "", ""},
		{"an answer to an answer", say(world.AsMember(world.Me), false), "", ""},
		{"the contact asks", say(visitor, false), "now", ""},
		{"what is closed awaits nothing", status(inbox.Closed), "", "now"},
		{"open again", status(inbox.Open), "", ""},
		{"asked once more", say(visitor, false), "now", ""},
		{"a manager takes it over with an answer", func() {
			text := "I will help"
			_, err := d.Services.Desk.TakeOver(t.Context(), world.AsMember(world.Manager), request, &text, "")
			require.NoError(t, err)
		}, "", ""},
	} {
		d.Pass(time.Second)
		step.do()
		now := d.Stored(t, c.ID)
		for field, is := range map[string]struct {
			want string
			got  time.Time
			kept *time.Time
		}{"awaiting": {step.awaiting, now.AwaitingReplySince, &first}, "closed": {step.closed, now.ClosedAt, &closed}} {
			switch is.want {
			case "":
				require.Zero(t, is.got, "%s: %s", step.name, field)
			case "now":
				require.Equal(t, d.Clock(), is.got, "%s: %s", step.name, field)
				*is.kept = is.got
			default:
				require.Equal(t, *is.kept, is.got, "%s: %s", step.name, field)
			}
		}
		all := d.Recorded()
		e := all[len(all)-1]
		require.NotNil(t, e.Was, step.name)
		require.Equal(t, now.AwaitingReplySince, e.After.AwaitingReplySince, step.name)
	}
}
