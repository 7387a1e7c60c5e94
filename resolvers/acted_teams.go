package resolvers

import (
	"cmp"
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

func (r *Resolver) createTeam(ctx context.Context, in model.CreateTeamInput) (*model.TeamPayload, error) {
	members, err := idsOf[workspace.MemberID]("memberIds", typeMember, in.MemberIds)
	n := admin.NewTeam{Name: in.Name, Method: value(in.Method), MaxAutoAssigned: in.MaxAutoAssigned, Members: members, Key: value(in.IdempotencyKey)}
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.Team, error) { return r.Inbox.Admin.CreateTeam(ctx, p, n) }, teamPayload)
}

func (r *Resolver) updateTeam(ctx context.Context, in model.UpdateTeamInput) (*model.TeamPayload, error) {
	id, err := idOf[workspace.TeamID]("id", typeTeam, in.ID)
	members, named, membersErr := optionalIDs[workspace.MemberID]("memberIds", typeMember, in.MemberIds)
	edit := admin.TeamEdit{Name: in.Name, ExpectedRevision: in.ExpectedRevision}
	method, setMethod := omittable(in.Method)
	edit.Method, edit.SetMethod = value(method), setMethod
	edit.MaxAutoAssigned, edit.SetCap = omittable(in.MaxAutoAssigned)
	if named {
		edit.Members = &members
	}
	return runAdmin(ctx, cmp.Or(err, membersErr), func(p inbox.Principal) (workspace.Team, error) { return r.Inbox.Admin.UpdateTeam(ctx, p, id, edit) }, teamPayload)
}

func (r *Resolver) deleteTeam(ctx context.Context, in model.DeleteTeamInput) (*model.DeleteTeamPayload, error) {
	id, err := idOf[workspace.TeamID]("id", typeTeam, in.ID)
	return runAdmin(ctx, err, func(p inbox.Principal) (releasing[workspace.Team], error) {
		return released(r.Inbox.Admin.DeleteTeam(ctx, p, id))
	},
		payloadOf(func(t *workspace.Team, n *int, refused refusals) *model.DeleteTeamPayload {
			return &model.DeleteTeamPayload{DeletedTeamID: deletedID(t, func(t workspace.Team) string { return GlobalID(typeTeam, t.ID) }), Released: n, UserErrors: refused}
		}))
}

func teamPayload(t *workspace.Team, refused refusals) *model.TeamPayload {
	return &model.TeamPayload{Team: toModel(t, teamOf), UserErrors: refused}
}
