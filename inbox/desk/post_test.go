package desk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// The order of the refusals, and whom a key may write for. B:S2, B:H3
func TestPost(t *testing.T) {
	contact := func(c inbox.ConversationID) desk.Posting {
		return desk.Posting{Conversation: desk.ConversationRef{ID: c}, Body: "Hi", ExternalID: "m1"}
	}
	agent := func(id workspace.AgentID, epoch *int) desk.Posting {
		return desk.Posting{Conversation: desk.ConversationRef{ID: "c"}, Agent: id, Body: "Hi", Epoch: epoch}
	}
	for name, c := range map[string]struct {
		state string
		by    inbox.Principal
		post  desk.Posting
		want  inbox.Code
	}{
		"for the contact":                   {"chat: AI answers", world.AsPartner(), contact("c"), ""},
		"for the contact, whoever owns":     {"chat: a stranger's", world.AsPartner(), contact("c"), ""},
		"for the contact of a ticket":       {"ticket: mine", world.AsPartner(), contact("c"), ""},
		"for the contact, when closed":      {"chat: closed and a teammate's", world.AsPartner(), contact("c"), ""},
		"for the AI agent, when closed":     {"chat: closed and a teammate's", world.AsPartner(), agent(world.Bot, world.Ptr(2)), inbox.ConversationClosed},
		"for the AI agent, given back":      {"chat: closed and back with the AI", world.AsPartner(), agent(world.Bot, world.Ptr(2)), ""},
		"for the AI agent":                  {"chat: AI answers", world.AsPartner(), agent(world.Bot, world.Ptr(2)), ""},
		"for the AI agent without an epoch": {"chat: AI answers", world.AsPartner(), agent(world.Bot, nil), inbox.InvalidInput},
		"for the AI agent, late":            {"chat: mine", world.AsPartner(), agent(world.Bot, world.Ptr(1)), inbox.StaleEpoch},
		"for the AI agent once it stopped":  {"chat: mine", world.AsPartner(), agent(world.Bot, world.Ptr(2)), inbox.TakeoverRequired},
		"for another AI agent":              {"chat: AI answers", world.AsPartner(), agent(world.OtherBot, world.Ptr(2)), inbox.InvalidInput},
		"for an AI agent of nowhere":        {"chat: AI answers", world.AsPartner(), agent("nobody", world.Ptr(2)), inbox.NotFound},
		"by a person":                       {"chat: mine", world.AsMember(world.Me), contact("c"), inbox.PermissionDenied},
		"by the owner of the workspace":     {"chat: mine", world.AsMember(world.Owner), contact("c"), inbox.PermissionDenied},
		"by the contact":                    {"chat: mine", world.AsContact("c"), contact("c"), inbox.PermissionDenied},
		"by the AI agent":                   {"chat: AI answers", world.AsAgent(world.Bot), agent(world.Bot, world.Ptr(2)), inbox.PermissionDenied},
		"nowhere":                           {"chat: mine", world.AsPartner(), contact("made-up"), inbox.NotFound},
		"without naming where":              {"chat: mine", world.AsPartner(), contact(""), inbox.InvalidInput},
		"by a key of nowhere":               {"chat: mine", inbox.Principal{Workspace: world.Home, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: "x"}}, contact("c"), inbox.Unauthenticated},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Begin(t, c.state)
			sent, err := d.Messages.Post(t.Context(), c.by, c.post)
			if c.want != "" {
				world.Refused(t, err, c.want)
				require.Empty(t, d.Recorded())
				return
			}
			require.NoError(t, err)
			require.NotEqual(t, workspace.ActorPartner, sent.Message.Author.Kind, "it is not the key that said it")
			require.Equal(t, sent.Message.Author, sent.Event.Actor)
			require.Len(t, d.Recorded(), 1)
			again, err := d.Messages.Post(t.Context(), c.by, c.post)
			require.NoError(t, err)
			if c.post.ExternalID != "" {
				require.Equal(t, sent.Message, again.Message)
				require.Len(t, d.Recorded(), 1)
			}
		})
	}
}
