package inbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// A new key's secret is accepted by that key alone, leads to it, and is nowhere
// in what is kept.
func TestSecretsOfKeys(t *testing.T) {
	d := newDesk(t)
	keys, secrets := []workspace.APIKey{}, []string{}
	for range 3 {
		k, secret, err := d.Admin.CreateAPIKey(t.Context(), asMember(owner), admin.NewAPIKey{Name: "K", Role: workspace.RoleIntegration})
		require.NoError(t, err)
		require.NotContains(t, k.Hash, secret)
		id, ok := workspace.APIKeyID(secret)
		require.True(t, ok && workspace.IsAPIKey(secret))
		require.Equal(t, k.ID, id)
		keys, secrets = append(keys, k), append(secrets, secret)
	}
	for i, k := range keys {
		for j, secret := range secrets {
			require.Equal(t, i == j, k.Accepts(secret))
		}
		revoked := k
		revoked.RevokedAt = time.Now()
		require.False(t, revoked.Accepts(secrets[i]), "even if the hash were still there")
	}
	rapid.Check(t, func(t *rapid.T) {
		guess := rapid.String().Draw(t, "guess")
		require.False(t, keys[0].Accepts(guess))
		require.False(t, workspace.APIKey{}.Accepts(guess))
		if id, ok := workspace.APIKeyID(guess); ok {
			require.True(t, strings.HasPrefix(guess, "sbk_"+string(id)+"_"))
		}
	})
}

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
		"for the contact":                   {"chat: AI answers", asPartner(), contact("c"), ""},
		"for the contact, whoever owns":     {"chat: a stranger's", asPartner(), contact("c"), ""},
		"for the contact of a ticket":       {"ticket: mine", asPartner(), contact("c"), ""},
		"for the contact, when closed":      {"chat: closed and a teammate's", asPartner(), contact("c"), ""},
		"for the AI agent, when closed":     {"chat: closed and a teammate's", asPartner(), agent(bot, ptr(2)), inbox.ConversationClosed},
		"for the AI agent, given back":      {"chat: closed and back with the AI", asPartner(), agent(bot, ptr(2)), ""},
		"for the AI agent":                  {"chat: AI answers", asPartner(), agent(bot, ptr(2)), ""},
		"for the AI agent without an epoch": {"chat: AI answers", asPartner(), agent(bot, nil), inbox.InvalidInput},
		"for the AI agent, late":            {"chat: mine", asPartner(), agent(bot, ptr(1)), inbox.StaleEpoch},
		"for the AI agent once it stopped":  {"chat: mine", asPartner(), agent(bot, ptr(2)), inbox.TakeoverRequired},
		"for another AI agent":              {"chat: AI answers", asPartner(), agent(otherBot, ptr(2)), inbox.InvalidInput},
		"for an AI agent of nowhere":        {"chat: AI answers", asPartner(), agent("nobody", ptr(2)), inbox.NotFound},
		"by a person":                       {"chat: mine", asMember(me), contact("c"), inbox.PermissionDenied},
		"by the owner of the workspace":     {"chat: mine", asMember(owner), contact("c"), inbox.PermissionDenied},
		"by the contact":                    {"chat: mine", asContact("c"), contact("c"), inbox.PermissionDenied},
		"by the AI agent":                   {"chat: AI answers", asAgent(bot), agent(bot, ptr(2)), inbox.PermissionDenied},
		"nowhere":                           {"chat: mine", asPartner(), contact("made-up"), inbox.NotFound},
		"without naming where":              {"chat: mine", asPartner(), contact(""), inbox.InvalidInput},
		"by a key of nowhere":               {"chat: mine", inbox.Principal{Workspace: home, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: "x"}}, contact("c"), inbox.Unauthenticated},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.begin(t, c.state)
			sent, err := d.Messages.Post(t.Context(), c.by, c.post)
			if c.want != "" {
				refused(t, err, c.want)
				require.Empty(t, d.recorded())
				return
			}
			require.NoError(t, err)
			require.NotEqual(t, workspace.ActorPartner, sent.Message.Author.Kind, "it is not the key that said it")
			require.Equal(t, sent.Message.Author, sent.Event.Actor)
			require.Len(t, d.recorded(), 1)
			again, err := d.Messages.Post(t.Context(), c.by, c.post)
			require.NoError(t, err)
			if c.post.ExternalID != "" {
				require.Equal(t, sent.Message, again.Message)
				require.Len(t, d.recorded(), 1)
			}
		})
	}
}
