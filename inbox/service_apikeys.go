package inbox

import (
	"context"
	"slices"
	"time"
)

// MaxAPIKeys bounds how many keys of a workspace may hold at once.
const MaxAPIKeys = 100

// NewAPIKey is what createApiKey asks for.
type NewAPIKey struct {
	Name string
	// Role is RoleIntegration or RolePartner.
	Role RoleName
	// Permissions are what the key of a partner may do; others name none.
	Permissions []Permission
}

// CreateAPIKey makes a key, which needs apikeys.manage. The secret is given here
// and never again. The key of a partner needs the plan feature api.partner, and
// whoever makes it must hold what it names.
func (s *Service) CreateAPIKey(ctx context.Context, p Principal, n NewAPIKey) (k APIKey, secret string, err error) {
	err = s.editDirectory(ctx, p, func(a Access) (DirectoryChange, error) {
		if err := a.checkNewKey(n); err != nil {
			return DirectoryChange{}, err
		}
		k, secret = APIKey{
			ID: KeyID(s.newID()), Workspace: p.Workspace, Name: n.Name, Role: n.Role, Permissions: n.Permissions,
			CreatedAt: s.clock(), CreatedBy: p.Actor, Rev: 1,
		}.withSecret()
		return DirectoryChange{Key: &k}, nil
	})
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

// keyActions are what the key of a partner may name. What makes its holder an
// assignee is not among them: only people own.
func keyActions() []PermAction {
	return []PermAction{PermView, PermReply, PermAssign, PermClose, PermExport}
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
			return Invalid("permissions", "The key of a partner cannot be given %s. It can be given view, reply, assign, close and export, each as action:kind:ALL.", p)
		case a.Scope(p.Kind, p.Action) < p.Scope:
			return denied(p.String())
		}
	}
	return nil
}

// RevokeAPIKey ends a key at once, which needs apikeys.manage. A key that was
// revoked before stays as it is.
func (s *Service) RevokeAPIKey(ctx context.Context, p Principal, id KeyID) (APIKey, error) {
	var k APIKey
	err := s.editDirectory(ctx, p, func(a Access) (DirectoryChange, error) {
		if err := a.Require(APIKeysManage); err != nil {
			return DirectoryChange{}, err
		}
		var known bool
		k, known = a.Directory.Keys[id]
		switch {
		case !known:
			return DirectoryChange{}, Missing("API key")
		case k.Revoked():
			return DirectoryChange{}, nil
		}
		k.Hash, k.RevokedAt = "", s.clock()
		k.Rev++
		return DirectoryChange{Key: &k}, nil
	})
	return k, err
}

// KeyUses tells when keys of the caller's workspace were last used; what never
// was is left out.
func (s *Service) KeyUses(ctx context.Context, p Principal, ids []KeyID) (map[KeyID]time.Time, error) {
	return s.store.KeyUses(ctx, p.Workspace, ids)
}
