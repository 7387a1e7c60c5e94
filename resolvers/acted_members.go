package resolvers

import (
	"cmp"
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

func (r *Resolver) addMember(ctx context.Context, in model.AddMemberInput) (*model.MemberPayload, error) {
	teams, err := idsOf[workspace.TeamID]("teamIds", typeTeam, in.TeamIds)
	n := admin.NewMember{
		Email: in.Email, Name: in.Name, Roles: roleNames(in.Roles), Teams: teams, MaxAutoAssigned: in.MaxAutoAssigned, Key: value(in.IdempotencyKey),
	}
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.Member, error) { return r.Inbox.Admin.AddMember(ctx, p, n) }, memberPayload)
}

func (r *Resolver) updateMember(ctx context.Context, in model.UpdateMemberInput) (*model.MemberPayload, error) {
	id, err := idOf[workspace.MemberID]("id", typeMember, in.ID)
	teams, named, teamsErr := optionalIDs[workspace.TeamID]("teamIds", typeTeam, in.TeamIds)
	edit := admin.MemberEdit{Name: in.Name, Roles: roleNames(in.Roles), ExpectedRevision: in.ExpectedRevision}
	edit.MaxAutoAssigned, edit.SetCap = omittable(in.MaxAutoAssigned)
	if named {
		edit.Teams = &teams
	}
	return runAdmin(ctx, cmp.Or(err, teamsErr), func(p inbox.Principal) (releasing[workspace.Member], error) {
		return released(r.Inbox.Admin.UpdateMember(ctx, p, id, edit))
	}, payloadOf(updatedMember))
}

func (r *Resolver) removeMember(ctx context.Context, in model.RemoveMemberInput) (*model.RemoveMemberPayload, error) {
	id, err := idOf[workspace.MemberID]("id", typeMember, in.ID)
	return runAdmin(ctx, err, func(p inbox.Principal) (releasing[workspace.Member], error) {
		return released(r.Inbox.Admin.RemoveMember(ctx, p, id))
	},
		payloadOf(func(m *workspace.Member, n *int, refused refusals) *model.RemoveMemberPayload {
			return &model.RemoveMemberPayload{RemovedMemberID: deletedID(m, func(m workspace.Member) string { return GlobalID(typeMember, m.ID) }), Released: n, UserErrors: refused}
		}))
}

func memberPayload(m *workspace.Member, refused refusals) *model.MemberPayload {
	return updatedMember(m, noneReleased(m), refused)
}

func updatedMember(m *workspace.Member, released *int, refused refusals) *model.MemberPayload {
	return &model.MemberPayload{Member: toModel(m, memberOf), Released: released, UserErrors: refused}
}

// roleNames keeps a list that is left out apart from an empty one.
func roleNames(names []string) []workspace.RoleName {
	if names == nil {
		return nil
	}
	out := []workspace.RoleName{}
	for _, name := range names {
		out = append(out, workspace.RoleName(name))
	}
	return out
}
