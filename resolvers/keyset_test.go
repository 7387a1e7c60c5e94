package resolvers_test

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"switchboard/inbox/workspace"
)

func (w *space) key(name string) workspace.KeyID { return workspace.KeyID(string(w.id) + "-" + name) }

// secret is the secret of a key of the space, the same each time.
func (w *space) secret(name string) string { return "sbk_" + string(w.key(name)) + "_SECRET" + name }

// keySet are the API keys of a space: website feeds conversations in, partner
// sees tickets and closes them.
func (w *space) keySet() map[string]workspace.APIKey {
	out := map[string]workspace.APIKey{
		"website": {Role: workspace.RoleIntegration, Name: "Website"},
		"partner": {Role: workspace.RolePartner, Name: "Reporting", Permissions: []workspace.Permission{
			{Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeAll}, {Kind: workspace.Ticket, Action: workspace.PermClose, Scope: workspace.ScopeAll},
		}},
	}
	for name, k := range out {
		sum := sha256.Sum256([]byte(w.secret(name)))
		k.ID, k.Workspace, k.Hash, k.Rev = w.key(name), w.id, hex.EncodeToString(sum[:]), 1
		k.CreatedAt, k.CreatedBy = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), workspace.Actor{Kind: workspace.ActorMember, ID: string(w.member("owner"))}
		out[name] = k
	}
	return out
}
