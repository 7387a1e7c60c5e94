package admin

import (
	"context"
	"maps"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// HandOver gives the conversations that an API key feeds to another, or with an empty from
// those that no key began; it needs apikeys.manage and sight of all conversations, so that no key takes conversations by
// itself. from need not be valid any more, and keeps what it began until it is revoked.
// INVALID_INPUT for a key that cannot feed them; NOT_FOUND. It returns the key to. A repeat
// changes nothing.
func (s *Service) HandOver(ctx context.Context, p inbox.Principal, from, to workspace.KeyID) (workspace.APIKey, error) {
	var given workspace.APIKey
	decide := func(a access.Access) (m Amendment, err error) {
		if given, err = checkHandover(a, from, to); err == nil {
			err = keyHasEnded("toApiKeyId", given, s.base.Clock())
		}
		if err == nil {
			m = handOver(a, from, given)
		}
		return m, err
	}
	_, err := s.administer(ctx, p, act{name: "handOverConversations", decide: decide})
	return given, err
}

func checkHandover(a access.Access, from, to workspace.KeyID) (workspace.APIKey, error) {
	if err := a.Require(workspace.APIKeysManage); err != nil {
		return workspace.APIKey{}, err
	}
	k, known := a.Directory.Keys[to]
	_, began := a.Directory.Keys[from]
	switch {
	case !began && from != "":
		return k, inbox.Missing("API key", "fromApiKeyId")
	case !known:
		return k, inbox.Missing("API key", "toApiKeyId")
	case from == to:
		return k, inbox.Invalid("toApiKeyId",
			"fromApiKeyId and toApiKeyId are the same API key, which feeds its conversations already.")
	case k.Revoked():
		return k, inbox.Invalid("toApiKeyId",
			"This API key was revoked and can feed no conversations. Name one that is valid.")
	case !k.Feeds():
		return k, inbox.Invalid("toApiKeyId", "This API key may reply to no conversations. "+
			"Name one with the role integration, or with the permission to reply.")
	}
	return k, holdsAll(a, sightOfAll())
}

// sightOfAll is what a key is given of the conversations that it is to feed.
func sightOfAll() (all []workspace.Permission) {
	for _, kind := range workspace.Kinds() {
		all = append(all, workspace.Permission{Kind: kind, Action: workspace.PermView, Scope: workspace.ScopeAll})
	}
	return all
}

// handOver is recorded as an act on the key that is given the conversations.
func handOver(a access.Access, from workspace.KeyID, to workspace.APIKey) Amendment {
	w, f := a.Directory.Workspace, auditFields{}
	before := w.Handovers
	if w.Handovers = before.With(from, to.ID); !maps.Equal(before, w.Handovers) {
		f = append(f, audit.AuditField{Field: "conversationsOf", From: string(before[from]), To: string(from)})
	}
	target := audit.AuditTarget{Kind: audit.AuditAPIKey, ID: string(to.ID), Name: to.Name}
	return amendWorkspace(a, audit.AuditKeyHandover, target, w, f)
}
