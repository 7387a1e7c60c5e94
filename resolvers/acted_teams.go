package resolvers

import (
	"cmp"
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
)

func (r *Resolver) createTeam(ctx context.Context, in model.CreateTeamInput) (*model.TeamPayload, error) {
	members, err := idsOf[inbox.MemberID]("memberIds", typeMember, in.MemberIds)
	n := inbox.NewTeam{Name: in.Name, Method: value(in.Method), MaxAutoAssigned: in.MaxAutoAssigned, Members: members, Key: value(in.IdempotencyKey)}
	return acted(ctx, err, func(p inbox.Principal) (inbox.Team, error) { return r.Inbox.CreateTeam(ctx, p, n) }, teamPayload)
}

func (r *Resolver) updateTeam(ctx context.Context, in model.UpdateTeamInput) (*model.TeamPayload, error) {
	id, err := idOf[inbox.TeamID]("id", typeTeam, in.ID)
	members, named, membersErr := optionalIDs[inbox.MemberID]("memberIds", typeMember, in.MemberIds)
	edit := inbox.TeamEdit{Name: in.Name, ExpectedRevision: in.ExpectedRevision}
	method, setMethod := given(in.Method)
	edit.Method, edit.SetMethod = value(method), setMethod
	edit.MaxAutoAssigned, edit.SetCap = given(in.MaxAutoAssigned)
	if named {
		edit.Members = &members
	}
	return acted(ctx, cmp.Or(err, membersErr), func(p inbox.Principal) (inbox.Team, error) { return r.Inbox.UpdateTeam(ctx, p, id, edit) }, teamPayload)
}

func (r *Resolver) deleteTeam(ctx context.Context, in model.DeleteTeamInput) (*model.DeleteTeamPayload, error) {
	id, err := idOf[inbox.TeamID]("id", typeTeam, in.ID)
	return acted(ctx, err, func(p inbox.Principal) (releasing[inbox.Team], error) {
		return released(r.Inbox.DeleteTeam(ctx, p, id))
	},
		payloadOf(func(t *inbox.Team, n *int, refused refusals) *model.DeleteTeamPayload {
			return &model.DeleteTeamPayload{DeletedTeamID: gone(t, func(t inbox.Team) string { return GlobalID(typeTeam, t.ID) }), Released: n, UserErrors: refused}
		}))
}

func teamPayload(t *inbox.Team, refused refusals) *model.TeamPayload {
	return &model.TeamPayload{Team: shown(t, teamOf), UserErrors: refused}
}
