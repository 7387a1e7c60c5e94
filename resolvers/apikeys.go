package resolvers

import (
	"context"
	"strings"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

func (s *scope) apiKey(k workspace.APIKey) *model.APIKey {
	out := &model.APIKey{
		ID: GlobalID(typeAPIKey, k.ID), Name: k.Name, Role: roleOf(s.access, k.Role), Prefix: k.Prefix(),
		Permissions: []string{}, Secrets: []*model.APIKeySecret{}, CreatedAt: k.CreatedAt, CreatedBy: s.actor(k.CreatedBy, disclosed{}),
	}
	for _, p := range k.Permissions {
		out.Permissions = append(out.Permissions, p.String())
	}
	for _, one := range k.Secrets(time.Now()) {
		out.Secrets = append(out.Secrets, &model.APIKeySecret{
			Key: k.ID, Number: one.Number, Hint: optional(one.Hint), CreatedAt: one.CreatedAt, AcceptedUntil: optionalTime(one.Until),
		})
	}
	out.ExpiresAt, out.RevokedAt = optionalTime(k.ExpiresAt), optionalTime(k.RevokedAt)
	handovers := s.access.Directory.Workspace.Handovers
	out.FeedsRest = handovers[""] == k.ID
	if to := handovers[k.ID]; to != "" {
		out.HandedToID = new(GlobalID(typeAPIKey, to))
	}
	return out
}

func handOverConversations(
	ctx context.Context, by *admin.Service, in model.HandOverConversationsInput,
) (*model.HandOverConversationsPayload, error) {
	to, err := idOf[workspace.KeyID]("toApiKeyId", typeAPIKey, in.ToAPIKeyID)
	var from workspace.KeyID
	if err == nil {
		from, err = optionalID[workspace.KeyID]("fromApiKeyId", typeAPIKey, in.FromAPIKeyID)
	}
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.APIKey, error) { return by.HandOver(ctx, p, from, to) },
		func(k *workspace.APIKey, refused refusals) *model.HandOverConversationsPayload {
			out := &model.HandOverConversationsPayload{APIKey: toModel(k, scopeOf(ctx).apiKey), UserErrors: refused}
			if k != nil { // the scope has the directory of before
				out.APIKey.FeedsRest = out.APIKey.FeedsRest || from == ""
			}
			return out
		})
}

// apiKeyNode finds a key for callers who manage keys, and for the key itself.
func (s *scope) apiKeyNode(id workspace.KeyID) (model.Node, error) {
	k, known := s.access.Directory.Keys[id]
	if s.access.Key.ID != id || !known {
		if err := s.access.Require(workspace.APIKeysManage); err != nil {
			return nil, err
		}
	}
	if !known {
		return nil, inbox.Missing("API key")
	}
	return s.apiKey(k), nil
}

func (r *Resolver) apiKeys(ctx context.Context, args pageArgs) (*model.APIKeyConnection, error) {
	s := scopeOf(ctx)
	if err := s.access.Require(workspace.APIKeysManage); err != nil {
		return nil, err
	}
	all := s.access.Directory.SortedKeys()
	l := r.listOf(s.access.Principal.Workspace, "apiKeys")
	page, err := pageByName(l, all, func(k workspace.APIKey) named { return named{k.Name, string(k.ID)} }, args.first, args.after)
	if err != nil {
		return nil, err
	}
	out := &model.APIKeyConnection{TotalCount: len(all)}
	out.Edges, out.Nodes, out.PageInfo = connect(page,
		func(k workspace.APIKey) string { return l.cursor(k.Name, string(k.ID)) }, s.apiKey,
		func(at string, n *model.APIKey) *model.APIKeyEdge { return &model.APIKeyEdge{Cursor: at, Node: n} })
	return out, nil
}

// keyLastUsed is null for a key that never was.
func (r *Resolver) keyLastUsed(ctx context.Context, obj *model.APIKey) (*time.Time, error) {
	_, id, _ := parseID(obj.ID)
	uses, err := scopeOf(ctx).loaders.keyUse.Load(ctx, workspace.KeyID(id))
	return optionalTime(uses.At), err
}

// secretLastUsed is null for a secret that never was.
func (r *Resolver) secretLastUsed(ctx context.Context, obj *model.APIKeySecret) (*time.Time, error) {
	uses, err := scopeOf(ctx).loaders.keyUse.Load(ctx, obj.Key)
	return optionalTime(uses.Secrets[obj.Number]), err
}

// madeKey is a key with the secret that is shown once.
type madeKey struct {
	workspace.APIKey
	secret string
}

func (r *Resolver) createAPIKey(ctx context.Context, in model.CreateAPIKeyInput) (*model.CreateAPIKeyPayload, error) {
	s := scopeOf(ctx)
	named, err := permissionsOf("permissions", in.Permissions)
	n := admin.NewAPIKey{Name: in.Name, Role: workspace.RoleName(in.Role), Permissions: named, ExpiresAt: value(in.ExpiresAt)}
	return runAdmin(ctx, err, func(p inbox.Principal) (made madeKey, err error) {
		made.APIKey, made.secret, err = r.Inbox.Admin.CreateAPIKey(ctx, p, n)
		return made, err
	}, func(made *madeKey, refused refusals) *model.CreateAPIKeyPayload {
		out := &model.CreateAPIKeyPayload{UserErrors: refused}
		if made != nil {
			out.APIKey, out.Secret = s.apiKey(made.APIKey), &made.secret
		}
		return out
	})
}

func (r *Resolver) revokeAPIKey(ctx context.Context, in model.RevokeAPIKeyInput) (*model.RevokeAPIKeyPayload, error) {
	s := scopeOf(ctx)
	id, err := idOf[workspace.KeyID]("id", typeAPIKey, in.ID)
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.APIKey, error) { return r.Inbox.Admin.RevokeAPIKey(ctx, p, id) },
		func(k *workspace.APIKey, refused refusals) *model.RevokeAPIKeyPayload {
			return &model.RevokeAPIKeyPayload{APIKey: toModel(k, s.apiKey), UserErrors: refused}
		})
}

func (r *Resolver) rotateAPIKeySecret(ctx context.Context, in model.RotateAPIKeySecretInput) (*model.RotateAPIKeySecretPayload, error) {
	s := scopeOf(ctx)
	id, err := idOf[workspace.KeyID]("id", typeAPIKey, in.ID)
	return runAdmin(ctx, err, func(p inbox.Principal) (made madeKey, err error) {
		made.APIKey, made.secret, err = r.Inbox.Admin.RotateAPIKeySecret(ctx, p, id, time.Duration(in.OverlapSeconds)*time.Second)
		return made, err
	}, func(made *madeKey, refused refusals) *model.RotateAPIKeySecretPayload {
		out := &model.RotateAPIKeySecretPayload{UserErrors: refused}
		if made != nil {
			out.APIKey, out.Secret = s.apiKey(made.APIKey), &made.secret
		}
		return out
	})
}

func (r *Resolver) setAPIKeyExpiry(ctx context.Context, in model.SetAPIKeyExpiryInput) (*model.SetAPIKeyExpiryPayload, error) {
	s := scopeOf(ctx)
	id, err := idOf[workspace.KeyID]("id", typeAPIKey, in.ID)
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.APIKey, error) {
		return r.Inbox.Admin.SetAPIKeyExpiry(ctx, p, id, value(in.ExpiresAt))
	}, func(k *workspace.APIKey, refused refusals) *model.SetAPIKeyExpiryPayload {
		return &model.SetAPIKeyExpiryPayload{APIKey: toModel(k, s.apiKey), UserErrors: refused}
	})
}

// permissionsOf reads permissions as the API shows them.
func permissionsOf(field string, texts []string) ([]workspace.Permission, error) {
	var out []workspace.Permission
	for _, text := range texts {
		action, rest, _ := strings.Cut(text, ":")
		kind, scope, _ := strings.Cut(rest, ":")
		p := workspace.Permission{Kind: workspace.Kind(strings.ToUpper(kind)), Action: workspace.PermAction(action)}
		p.Scope, _ = workspace.ParseScope(scope)
		if p.String() != text {
			return nil, inbox.Invalid(field, "A permission is written as action:kind:scope, such as view:livechat:ALL.")
		}
		out = append(out, p)
	}
	return out, nil
}
