package desk_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// declarations are those of all verbs and steps.
func declarations() []access.Verb {
	verbs, steps := access.Verbs(), access.Steps()
	return append(verbs[:], steps[:]...)
}

// readsOnly are the verbs that change nothing.
func readsOnly() []inbox.Action { return []inbox.Action{inbox.ActionView, inbox.ActionMonitor} }

// What is declared of a verb holds together: its name is its own, it has a verdict,
// and it has a pure function, which makes the event that it names.
func TestVerbsAreDeclaredOnce(t *testing.T) {
	var actions []inbox.Action
	for _, v := range declarations() {
		require.NotEmpty(t, v.Action)
		require.NotContains(t, actions, v.Action)
		require.NotNil(t, v.Verdict, v.Action)
		require.Equal(t, v.Action, access.VerbOf(v.Action).Action)
		actions = append(actions, v.Action)
		if slices.Contains(readsOnly(), v.Action) {
			require.Nil(t, v.Apply, v.Action)
			require.Empty(t, v.Kind, v.Action)
			continue
		}
		require.NotNil(t, v.Apply, "%s has no pure function", v.Action)
		require.Equal(t, v.Action == inbox.ActionReply, v.Kind == "", "%s: only a message is no ownership event", v.Action)
		c := world.Owned(world.NewConversation(workspace.Livechat), world.Mate, world.Billing)
		m := v.Apply(c, command(), access.Choice{To: access.Target{Member: world.Senior}, Messages: []inbox.Message{{}}})
		require.Equal(t, v.Kind, m.Event.Kind, v.Action)
	}
	require.Equal(t, actions[:len(access.Verbs())], access.Actions())
	w := world.NewWorld(t)
	for _, none := range append([]inbox.Action{"DANCE"}, actions[len(access.Verbs()):]...) {
		require.Equal(t, inbox.InvalidInput, w.Access(t, world.AsMember(world.Me)).Can(world.NewConversation(workspace.Livechat), none).Code, none)
	}
}

func command() inbox.Command {
	return inbox.Command{By: world.AsMember(world.Me).Actor, At: world.Start(), Rules: workspace.DefaultRules()}
}

// Each row of the table of ownership changes is that of its verb, and the verb's pure
// function makes the change that the row describes.
func TestVerbsMakeTheChangesOfTheirRows(t *testing.T) {
	chat := world.NewConversation(workspace.Livechat)
	before := map[access.Holder]inbox.Conversation{
		access.HeldByNobody: world.Stopped(world.Queued(chat, "")), access.HeldByMe: world.Owned(chat, world.Me, ""), access.HeldByOther: world.Owned(chat, world.Mate, ""),
	}
	to := map[access.Holder]access.Target{access.HeldByOther: {Member: world.Senior}, access.HeldByTeam: {Team: world.Sales, Automatic: true}}
	a := world.NewWorld(t).Access(t, world.AsMember(world.Me))
	for _, row := range access.OwnershipChanges() {
		c, known := before[row.Before]
		require.True(t, known, "%s: %s", row.Row, row.Before)
		m := access.VerbOf(row.Action).Apply(c, command(), access.Choice{To: to[row.After]})
		switch row.After {
		case access.HeldByTeam:
			require.Equal(t, world.Sales, m.After.Team, row)
			require.True(t, m.After.Waiting(), row)
		case access.HeldByAgent:
			require.Equal(t, inbox.HandledByAI, m.After.Handler(), row)
		default:
			require.Equal(t, row.After, a.Holder(m.After), row)
			require.Equal(t, row.Kind, m.Event.Kind, row)
		}
	}
}

// Every verb that is declared has use cases, and each asks the verdict of the
// declaration and makes its change by the pure function of it.
func TestUseCasesRunTheDeclaration(t *testing.T) {
	for _, v := range declarations() {
		if slices.Contains(readsOnly(), v.Action) {
			continue
		}
		all := useCases()[v.Action]
		require.NotEmpty(t, all, "no use case of %s is shown to run its declaration", v.Action)
		for name, u := range all {
			t.Run(string(v.Action)+"/"+name, func(t *testing.T) {
				d := world.New(t)
				do := u.prepare(t, d)
				d.Commits = 0
				require.Equal(t, inbox.Code("DECLARED"), inbox.CodeOf(refusing(t, d, u.judgedAs(v.Action), do)), "it does not ask the verdict of its declaration")
				require.Zero(t, d.Commits)
				require.NoError(t, marking(d, v.Action, do))
				last := d.Recorded()[len(d.Recorded())-1]
				require.Equal(t, "declared", last.Reason, "its change is not made by the pure function of its declaration")
				require.Equal(t, v.Kind, last.Kind)
			})
		}
	}
}

// refusing runs do while the verdict on action refuses.
func refusing(t *testing.T, d *world.Inbox, action inbox.Action, do func() error) error {
	t.Helper()
	redeclare(d, action, func(v *access.Verb) {
		v.Verdict = func(access.Access, inbox.Conversation, access.Asked) access.Verdict {
			return access.Refuse(access.DeniedByState, "DECLARED")
		}
	})
	return do()
}

// marking runs do while the pure function of action marks what it makes.
func marking(d *world.Inbox, action inbox.Action, do func() error) error {
	redeclare(d, action, func(v *access.Verb) {
		apply := v.Apply
		v.Apply = func(c inbox.Conversation, t inbox.Command, w access.Choice) inbox.Move {
			m := apply(c, t, w)
			m.Event.Reason = "declared"
			return m
		}
	})
	return do()
}

func redeclare(d *world.Inbox, action inbox.Action, edit func(*access.Verb)) {
	desk.Redeclare(d.Services.Desk, func(asked inbox.Action) access.Verb {
		v := access.VerbOf(asked)
		if asked == action {
			edit(&v)
		}
		return v
	})
}

// park is a verb that the program does not have. This is all that it takes.
func park() access.Verb {
	return access.Verb{
		Action: "PARK", Kind: "PARKED",
		Verdict: func(a access.Access, c inbox.Conversation, _ access.Asked) access.Verdict {
			if c.Status == inbox.Closed {
				return access.Refuse(access.DeniedByState, inbox.ConversationClosed)
			}
			return a.Can(c, inbox.ActionLeave)
		},
		Apply: func(c inbox.Conversation, t inbox.Command, _ access.Choice) inbox.Move {
			m := inbox.SetStatus(c, inbox.Unset, t)
			m.Event.Kind = "PARKED"
			return m
		},
	}
}

// A verb that is declared runs as every other does: authorized, guarded, recorded, and
// done once for each idempotency key.
func TestDeclaredVerbRuns(t *testing.T) {
	d := world.New(t)
	c := d.Put(world.Owned(world.NewConversation(workspace.Livechat), world.Me, world.Billing))
	r := desk.Request{Conversation: c.ID, Key: "k"}
	_, err := d.Desk.Do(t.Context(), world.AsMember(world.Mate), desk.Request{Conversation: c.ID}, park())
	require.Equal(t, inbox.NotAssignee, inbox.CodeOf(err))
	out, err := d.Desk.Do(t.Context(), world.AsMember(world.Me), r, park())
	require.NoError(t, err)
	require.Equal(t, inbox.EventKind("PARKED"), out.Event.Kind)
	require.Equal(t, inbox.Unset, out.Conversation.Status)
	again, err := d.Desk.Do(t.Context(), world.AsMember(world.Me), r, park())
	require.NoError(t, err)
	require.Equal(t, out.Event.ID, again.Event.ID)
	_, err = d.Desk.Do(t.Context(), world.AsMember(world.Me), desk.Request{Conversation: c.ID, ExpectedVersion: &c.Version}, park())
	require.Equal(t, inbox.Conflict, inbox.CodeOf(err))
	verdict := park().Judge(d.Access(t, world.AsMember(world.Mate)), out.Conversation, access.Asked{})
	require.Equal(t, access.Verdict{Action: "PARK", Reason: access.DeniedNotAssignee, Code: inbox.NotAssignee}, verdict)
}
