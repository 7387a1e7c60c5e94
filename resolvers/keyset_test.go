package resolvers_test

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"switchboard/inbox"
)

func (w *space) key(name string) inbox.KeyID { return inbox.KeyID(string(w.id) + "-" + name) }

// secret is the secret of a key of the space, the same each time.
func (w *space) secret(name string) string { return "sbk_" + string(w.key(name)) + "_SECRET" + name }

// keySet are the API keys of a space: website feeds conversations in, partner
// sees tickets and closes them.
func (w *space) keySet() map[string]inbox.APIKey {
	out := map[string]inbox.APIKey{
		"website": {Role: inbox.RoleIntegration, Name: "Website"},
		"partner": {Role: inbox.RolePartner, Name: "Reporting", Permissions: []inbox.Permission{
			{Kind: inbox.Ticket, Action: inbox.PermView, Scope: inbox.ScopeAll}, {Kind: inbox.Ticket, Action: inbox.PermClose, Scope: inbox.ScopeAll},
		}},
	}
	for name, k := range out {
		sum := sha256.Sum256([]byte(w.secret(name)))
		k.ID, k.Workspace, k.Hash, k.Rev = w.key(name), w.id, hex.EncodeToString(sum[:]), 1
		k.CreatedAt, k.CreatedBy = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), inbox.Actor{Kind: inbox.ActorMember, ID: string(w.member("owner"))}
		out[name] = k
	}
	return out
}
