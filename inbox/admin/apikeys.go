package admin

import (
	"context"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// MaxAPIKeys bounds how many keys of a workspace may hold at once.
const MaxAPIKeys = 100

// NewAPIKey holds the arguments of createApiKey.
type NewAPIKey struct {
	Name string
	// Role is RoleIntegration or RolePartner.
	Role workspace.RoleName
	// Permissions are those of a partner's key; other keys have none of their own.
	Permissions []workspace.Permission
	// ExpiresAt is the first moment at which the key is refused; zero for no end.
	ExpiresAt time.Time
}

// CreateAPIKey makes a key, which needs apikeys.manage. The secret is returned here
// and never again. A partner's key needs the plan feature api.partner, and its
// creator must hold the permissions that it names.
func (s *Service) CreateAPIKey(ctx context.Context, p inbox.Principal, n NewAPIKey) (k workspace.APIKey, secret string, err error) {
	k, secret = workspace.APIKey{
		ID: workspace.KeyID(s.base.NewID()), Workspace: p.Workspace, Name: n.Name, Role: n.Role, Permissions: n.Permissions,
		CreatedAt: s.base.Clock(), CreatedBy: p.Actor, ExpiresAt: stored(n.ExpiresAt), Rev: 1,
	}.Drawn()
	_, err = s.administer(ctx, p, act{name: "createApiKey", decide: func(a access.Access) (Amendment, error) {
		return keyAmendment(audit.AuditKeyCreate, workspace.APIKey{}, k, k), checkNewKey(a, n, k.CreatedAt)
	}})
	if err != nil {
		return workspace.APIKey{}, "", err
	}
	return k, secret, nil
}

func checkNewKey(a access.Access, n NewAPIKey, now time.Time) error {
	if err := a.Require(workspace.APIKeysManage); err != nil {
		return err
	}
	if err := inbox.CheckLine("name", n.Name, inbox.MaxSubject); err != nil {
		return err
	}
	if err := checkKeyRole(a, n); err != nil {
		return err
	}
	if err := checkExpiry(n.ExpiresAt, now); err != nil {
		return err
	}
	hold := 0
	for _, k := range a.Directory.Keys {
		if !k.Revoked() {
			hold++
		}
	}
	if hold >= MaxAPIKeys {
		return inbox.Invalid("name", "The workspace has %d API keys, which is as many as it may have. Revoke one that is no longer used.", hold)
	}
	return nil
}

func checkKeyRole(a access.Access, n NewAPIKey) error {
	switch n.Role {
	case workspace.RoleIntegration:
		if len(n.Permissions) > 0 {
			return inbox.Invalid("permissions", "A key with the role integration has its permissions from the policy. Leave permissions out, or ask for the role partner.")
		}
		return nil
	case workspace.RolePartner:
		if err := a.Refusal(inbox.Conversation{}, a.Includes(workspace.FeaturePartnerAPI)); err != nil {
			return err
		}
		return checkNamed(a, n.Permissions)
	default:
		return inbox.Invalid("role", "A key has the role integration or partner; people have the others.")
	}
}

// keyActions are the actions that a partner's key may name. Those that make their
// holder an assignee are not among them: only people own conversations.
func keyActions() []workspace.PermAction {
	return []workspace.PermAction{workspace.PermView, workspace.PermReply, workspace.PermAssign, workspace.PermTransfer, workspace.PermClose}
}

func checkNamed(a access.Access, named []workspace.Permission) error {
	if most := len(keyActions()) * len(workspace.Kinds()); len(named) > most {
		return inbox.Invalid("permissions", "permissions has %d entries; a key can be given %d.", len(named), most)
	}
	if len(named) == 0 {
		return inbox.Invalid("permissions", "Name what the key of a partner may do, such as view:livechat:ALL.")
	}
	for _, p := range named {
		switch {
		case !slices.Contains(keyActions(), p.Action) || p.Scope != workspace.ScopeAll || !slices.Contains(workspace.Kinds(), p.Kind):
			return inbox.Invalid("permissions", "The key of a partner cannot be given %s. It can be given view, reply, assign, transfer and close, each as action:kind:ALL.", p)
		}
	}
	return holdsAll(a, named)
}

// holdsAll refuses a caller who lacks one of the permissions: nobody gets the secret, or the
// sight, of a key that may do more than they.
func holdsAll(a access.Access, all []workspace.Permission) error {
	for _, p := range all {
		if a.Scope(p.Kind, p.Action) < p.Scope {
			return access.Denied(p.String())
		}
	}
	return nil
}

// RevokeAPIKey ends a key at once, which needs apikeys.manage. A key that was
// revoked before stays as it is.
func (s *Service) RevokeAPIKey(ctx context.Context, p inbox.Principal, id workspace.KeyID) (workspace.APIKey, error) {
	return s.changeKey(ctx, p, "revokeApiKey", id, revokeKey)
}

// changeKey makes an act on a key that exists, which needs apikeys.manage. It returns the
// key as it is then.
func (s *Service) changeKey(
	ctx context.Context, p inbox.Principal, name string, id workspace.KeyID, decide func(a access.Access, k workspace.APIKey, now time.Time) (Amendment, error),
) (workspace.APIKey, error) {
	done, err := s.administer(ctx, p, act{name: name, decide: func(a access.Access) (Amendment, error) {
		if err := a.Require(workspace.APIKeysManage); err != nil {
			return Amendment{}, err
		}
		k, known := a.Directory.Keys[id]
		if !known {
			return Amendment{}, inbox.Missing("API key")
		}
		return decide(a, k, s.base.Clock())
	}})
	if err != nil {
		return workspace.APIKey{}, err
	}
	return *done.Key, nil
}

func revokeKey(_ access.Access, k workspace.APIKey, now time.Time) (Amendment, error) {
	if k.Revoked() {
		return keyAmendment(audit.AuditKeyRevoke, k, k, k), nil
	}
	revoked := k
	revoked.Hash, revoked.Hint, revoked.Earlier, revoked.RevokedAt = "", "", nil, now
	revoked.Rev++
	return keyAmendment(audit.AuditKeyRevoke, k, workspace.APIKey{}, revoked), nil
}

// keyAmendment records a key's name and permissions, and never its secret.
func keyAmendment(action audit.AuditAction, before, after, k workspace.APIKey) Amendment {
	var f auditFields
	f.text("name", before.Name, after.Name)
	f.text("role", string(before.Role), string(after.Role))
	f.list("permissions", workspace.CustomRole{Permissions: before.Permissions}.Words(), workspace.CustomRole{Permissions: after.Permissions}.Words())
	f.text("expiresAt", exactly(before.ExpiresAt), exactly(after.ExpiresAt))
	target := audit.AuditTarget{Kind: audit.AuditAPIKey, ID: string(k.ID), Name: k.Name}
	return Amendment{Changes: []workspace.DirectoryChange{{Key: &k}}, Action: action, Target: target, Fields: f}
}

// KeyUses returns when keys of the caller's workspace, and their secrets, were last used. Keys that
// were never used have no entry.
func (s *Service) KeyUses(ctx context.Context, p inbox.Principal, ids []workspace.KeyID) (map[workspace.KeyID]workspace.KeyUses, error) {
	return s.store.KeyUses(ctx, p.Workspace, ids)
}
