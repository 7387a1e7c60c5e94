package inbox

import (
	"context"
	"slices"
	"time"
)

// MaxAPIKeys bounds how many keys of a workspace may hold at once.
const MaxAPIKeys = 100

// NewAPIKey holds the arguments of createApiKey.
type NewAPIKey struct {
	Name string
	// Role is RoleIntegration or RolePartner.
	Role RoleName
	// Permissions are those of a partner's key; other keys have none of their own.
	Permissions []Permission
}

// CreateAPIKey makes a key, which needs apikeys.manage. The secret is returned here
// and never again. A partner's key needs the plan feature api.partner, and its
// creator must hold the permissions that it names.
func (s *Service) CreateAPIKey(ctx context.Context, p Principal, n NewAPIKey) (k APIKey, secret string, err error) {
	k, secret = APIKey{
		ID: KeyID(s.nextID()), Workspace: p.Workspace, Name: n.Name, Role: n.Role, Permissions: n.Permissions,
		CreatedAt: s.clock(), CreatedBy: p.Actor, Rev: 1,
	}.withSecret()
	_, err = s.administer(ctx, p, act{name: "createApiKey", decide: func(a Access) (Amendment, error) {
		return keyAmendment(AuditKeyCreate, APIKey{}, k, k), a.checkNewKey(n)
	}})
	if err != nil {
		return APIKey{}, "", err
	}
	return k, secret, nil
}

func (a Access) checkNewKey(n NewAPIKey) error {
	if err := a.Require(APIKeysManage); err != nil {
		return err
	}
	if err := checkText("name", n.Name, MaxSubject); err != nil {
		return err
	}
	if err := a.checkKeyRole(n); err != nil {
		return err
	}
	hold := 0
	for _, k := range a.Directory.Keys {
		if !k.Revoked() {
			hold++
		}
	}
	if hold >= MaxAPIKeys {
		return Invalid("name", "The workspace has %d API keys, which is as many as it may have. Revoke one that is no longer used.", hold)
	}
	return nil
}

func (a Access) checkKeyRole(n NewAPIKey) error {
	switch n.Role {
	case RoleIntegration:
		if len(n.Permissions) > 0 {
			return Invalid("permissions", "A key with the role integration has its permissions from the policy. Leave permissions out, or ask for the role partner.")
		}
		return nil
	case RolePartner:
		if err := a.Refusal(Conversation{}, a.includes(FeaturePartnerAPI)); err != nil {
			return err
		}
		return a.checkNamed(n.Permissions)
	default:
		return Invalid("role", "A key has the role integration or partner; people have the others.")
	}
}

// keyActions are the actions that a partner's key may name. Those that make their
// holder an assignee are not among them: only people own conversations.
func keyActions() []PermAction {
	return []PermAction{PermView, PermReply, PermAssign, PermTransfer, PermClose}
}

func (a Access) checkNamed(named []Permission) error {
	if most := len(keyActions()) * len(Kinds()); len(named) > most {
		return Invalid("permissions", "permissions has %d entries; a key can be given %d.", len(named), most)
	}
	if len(named) == 0 {
		return Invalid("permissions", "Name what the key of a partner may do, such as view:livechat:ALL.")
	}
	for _, p := range named {
		switch {
		case !slices.Contains(keyActions(), p.Action) || p.Scope != ScopeAll || !slices.Contains(Kinds(), p.Kind):
			return Invalid("permissions", "The key of a partner cannot be given %s. It can be given view, reply, assign, transfer and close, each as action:kind:ALL.", p)
		case a.Scope(p.Kind, p.Action) < p.Scope:
			return denied(p.String())
		}
	}
	return nil
}

// RevokeAPIKey ends a key at once, which needs apikeys.manage. A key that was
// revoked before stays as it is.
func (s *Service) RevokeAPIKey(ctx context.Context, p Principal, id KeyID) (APIKey, error) {
	now := s.clock()
	done, err := s.administer(ctx, p, act{name: "revokeApiKey", decide: func(a Access) (Amendment, error) { return a.revokeKey(id, now) }})
	if err != nil {
		return APIKey{}, err
	}
	return *done.Key, nil
}

func (a Access) revokeKey(id KeyID, now time.Time) (Amendment, error) {
	if err := a.Require(APIKeysManage); err != nil {
		return Amendment{}, err
	}
	k, known := a.Directory.Keys[id]
	switch {
	case !known:
		return Amendment{}, Missing("API key")
	case k.Revoked():
		return keyAmendment(AuditKeyRevoke, k, k, k), nil
	}
	revoked := k
	revoked.Hash, revoked.RevokedAt = "", now
	revoked.Rev++
	return keyAmendment(AuditKeyRevoke, k, APIKey{}, revoked), nil
}

// keyAmendment records a key's name and permissions, and never its secret.
func keyAmendment(action AuditAction, before, after, k APIKey) Amendment {
	var f auditFields
	f.text("name", before.Name, after.Name)
	f.text("role", string(before.Role), string(after.Role))
	f.list("permissions", CustomRole{Permissions: before.Permissions}.words(), CustomRole{Permissions: after.Permissions}.words())
	target := AuditTarget{Kind: AuditAPIKey, ID: string(k.ID), Name: k.Name}
	return Amendment{Changes: []DirectoryChange{{Key: &k}}, Action: action, Target: target, Fields: f}
}

// KeyUses returns when keys of the caller's workspace were last used. Keys that
// were never used have no entry.
func (s *Service) KeyUses(ctx context.Context, p Principal, ids []KeyID) (map[KeyID]time.Time, error) {
	return s.store.KeyUses(ctx, p.Workspace, ids)
}
