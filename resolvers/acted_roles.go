package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

func (r *Resolver) createRole(ctx context.Context, in model.CreateRoleInput) (*model.RolePayload, error) {
	role, err := roleInput(in.Name, in.Permissions)
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.CustomRole, error) {
		return r.Inbox.Admin.CreateRole(ctx, p, role, value(in.IdempotencyKey))
	}, rolePayload)
}

func (r *Resolver) updateRole(ctx context.Context, in model.UpdateRoleInput) (*model.RolePayload, error) {
	role, err := roleInput(in.Name, in.Permissions)
	return runAdmin(ctx, err, func(p inbox.Principal) (releasing[workspace.CustomRole], error) {
		return released(r.Inbox.Admin.UpdateRole(ctx, p, role))
	}, payloadOf(updatedRole))
}

func (r *Resolver) deleteRole(ctx context.Context, in model.DeleteRoleInput) (*model.DeleteRolePayload, error) {
	name := workspace.RoleName(in.Name)
	return runAdmin(ctx, nil, func(p inbox.Principal) (workspace.RoleName, error) {
		return name, r.Inbox.Admin.DeleteRole(ctx, p, name)
	},
		func(name *workspace.RoleName, refused refusals) *model.DeleteRolePayload {
			return &model.DeleteRolePayload{DeletedRole: deletedID(name, func(n workspace.RoleName) string { return string(n) }), UserErrors: refused}
		})
}

func rolePayload(role *workspace.CustomRole, refused refusals) *model.RolePayload {
	return updatedRole(role, noneReleased(role), refused)
}

func updatedRole(role *workspace.CustomRole, released *int, refused refusals) *model.RolePayload {
	shownRole := toModel(role, func(c workspace.CustomRole) *model.Role {
		return &model.Role{Name: string(c.Name), Custom: true, Label: string(c.Name)}
	})
	return &model.RolePayload{Role: shownRole, Released: released, UserErrors: refused}
}

// roleInput reads permissions in the form that the API shows them.
func roleInput(name string, permissions []string) (workspace.CustomRole, error) {
	role := workspace.CustomRole{Name: workspace.RoleName(name)}
	for i, text := range permissions {
		p, ok := workspace.ParsePermission(text)
		if !ok {
			return role, inbox.Invalid("permissions", "Entry %d of permissions is none. Write it as viewer.permissions shows them, such as transfer:livechat:TEAM.", i)
		}
		role.Permissions = append(role.Permissions, p)
	}
	return role, nil
}

// memberRoles are all roles that members can have.
func (s *scope) memberRoles() []*model.Role {
	return s.roles(workspace.Member{Roles: access.MemberRoles(s.access)})
}
