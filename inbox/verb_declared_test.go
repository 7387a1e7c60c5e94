package inbox_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// Whatever is declared of a verb holds together: names are its own, and what its pure
// function makes is recorded as the kind that it names.
func TestVerbsAreDeclaredOnce(t *testing.T) {
	var actions []inbox.Action
	for _, v := range access.Verbs() {
		require.NotEmpty(t, v.Action)
		require.NotContains(t, actions, v.Action)
		require.NotNil(t, v.Verdict, v.Action)
		require.Equal(t, v.Action, access.VerbOf(v.Action).Action)
		actions = append(actions, v.Action)
		if v.Changes != nil {
			require.NotEmpty(t, v.Changes(), v.Action)
		}
		if v.Changes != nil || v.Apply != nil && v.Action != inbox.ActionReply {
			require.NotEmpty(t, v.Kind, v.Action)
		}
		if v.Apply == nil {
			continue
		}
		c := owned(newConversation(workspace.Livechat), mate, billing)
		m := v.Apply(c, inbox.Command{By: asMember(me).Actor, At: start(), Rules: workspace.DefaultRules()}, access.Choice{To: access.Target{Member: mate}, Messages: []inbox.Message{{}}})
		require.Equal(t, v.Kind, m.Event.Kind, v.Action)
		require.Equal(t, c.Version+1, m.After.Version, v.Action)
	}
	require.Equal(t, actions, access.Actions())
	for _, row := range access.OwnershipChanges() {
		v := access.VerbOf(row.Action)
		require.Equal(t, v.Kind, row.Kind)
		require.True(t, slices.ContainsFunc(v.Changes(), func(r access.OwnershipChange) bool {
			return r.Row == row.Row && r.Before == row.Before && r.After == row.After
		}))
	}
	w := newWorld(t)
	require.Equal(t, inbox.InvalidInput, w.access(t, asMember(me)).Can(newConversation(workspace.Livechat), "DANCE").Code)
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

// A verb that is declared runs as every other does: asked, guarded, recorded, told
// once for each idempotency key.
func TestDeclaredVerbRuns(t *testing.T) {
	d := newDesk(t)
	c := d.put(owned(newConversation(workspace.Livechat), me, billing))
	r := desk.Request{Conversation: c.ID, Key: "k"}
	_, err := d.Desk.Do(t.Context(), asMember(mate), desk.Request{Conversation: c.ID}, park())
	require.Equal(t, inbox.NotAssignee, inbox.CodeOf(err))
	out, err := d.Desk.Do(t.Context(), asMember(me), r, park())
	require.NoError(t, err)
	require.Equal(t, inbox.EventKind("PARKED"), out.Event.Kind)
	require.Equal(t, inbox.Unset, out.Conversation.Status)
	again, err := d.Desk.Do(t.Context(), asMember(me), r, park())
	require.NoError(t, err)
	require.Equal(t, out.Event.ID, again.Event.ID)
	_, err = d.Desk.Do(t.Context(), asMember(me), desk.Request{Conversation: c.ID, ExpectedVersion: &c.Version}, park())
	require.Equal(t, inbox.Conflict, inbox.CodeOf(err))
	require.Equal(t, access.Verdict{Action: "PARK", Reason: access.DeniedNotAssignee, Code: inbox.NotAssignee}, park().Judge(d.access(t, asMember(mate)), out.Conversation, access.Asked{}))
}
