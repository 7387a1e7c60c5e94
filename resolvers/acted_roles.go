package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
)

func (r *Resolver) createRole(ctx context.Context, in model.CreateRoleInput) (*model.RolePayload, error) {
	role, err := roleInput(in.Name, in.Permissions)
	return acted(ctx, err, func(p inbox.Principal) (inbox.CustomRole, error) {
		return r.Inbox.CreateRole(ctx, p, role, value(in.IdempotencyKey))
	}, rolePayload)
}

func (r *Resolver) updateRole(ctx context.Context, in model.UpdateRoleInput) (*model.RolePayload, error) {
	role, err := roleInput(in.Name, in.Permissions)
	return acted(ctx, err, func(p inbox.Principal) (releasing[inbox.CustomRole], error) {
		return released(r.Inbox.UpdateRole(ctx, p, role))
	}, payloadOf(updatedRole))
}

func (r *Resolver) deleteRole(ctx context.Context, in model.DeleteRoleInput) (*model.DeleteRolePayload, error) {
	name := inbox.RoleName(in.Name)
	return acted(ctx, nil, func(p inbox.Principal) (inbox.RoleName, error) { return name, r.Inbox.DeleteRole(ctx, p, name) },
		func(name *inbox.RoleName, refused refusals) *model.DeleteRolePayload {
			return &model.DeleteRolePayload{DeletedRole: gone(name, func(n inbox.RoleName) string { return string(n) }), UserErrors: refused}
		})
}

func rolePayload(role *inbox.CustomRole, refused refusals) *model.RolePayload {
	return updatedRole(role, none(role), refused)
}

func updatedRole(role *inbox.CustomRole, released *int, refused refusals) *model.RolePayload {
	shownRole := shown(role, func(c inbox.CustomRole) *model.Role { return &model.Role{Name: string(c.Name), Custom: true} })
	return &model.RolePayload{Role: shownRole, Released: released, UserErrors: refused}
}

// roleInput reads permissions in the form that the API shows them.
func roleInput(name string, permissions []string) (inbox.CustomRole, error) {
	role := inbox.CustomRole{Name: inbox.RoleName(name)}
	for i, text := range permissions {
		p, ok := inbox.ParsePermission(text)
		if !ok {
			return role, inbox.Invalid("permissions", "Entry %d of permissions is none. Write it as viewer.permissions shows them, such as transfer:livechat:TEAM.", i)
		}
		role.Permissions = append(role.Permissions, p)
	}
	return role, nil
}

// memberRoles are all roles that members can have.
func (s *scope) memberRoles() []*model.Role {
	return s.roles(inbox.Member{Roles: s.access.MemberRoles()})
}
