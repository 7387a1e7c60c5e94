package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

func (r *contactResolver) Email(ctx context.Context, obj *model.Contact) (*string, error) {
	c, err := r.contact(ctx, obj)
	return optional(c.Email), err
}

func (r *contactResolver) ExternalID(ctx context.Context, obj *model.Contact) (*string, error) {
	return r.externalID(ctx, obj)
}

func (r *memberResolver) Roles(ctx context.Context, obj *model.Member) ([]*model.Role, error) {
	return scopeOf(ctx).roles(obj.Source), nil
}

func (r *memberResolver) Teams(ctx context.Context, obj *model.Member) ([]*model.Team, error) {
	return scopeOf(ctx).teamsOf(obj.Source), nil
}

func (r *memberResolver) AvailabilityChange(ctx context.Context, obj *model.Member) (*model.AvailabilityChange, error) {
	return scopeOf(ctx).availabilityChange(obj.Source), nil
}

func (r *memberResolver) OpenConversations(ctx context.Context, obj *model.Member) (int, error) {
	load, err := scopeOf(ctx).loaders.load.Load(ctx, obj.Source.ID)
	return load.Open(), err
}

func (r *mutationResolver) SetAvailability(ctx context.Context, input model.SetAvailabilityInput) (*model.SetAvailabilityPayload, error) {
	return r.setAvailability(ctx, input)
}

func (r *queryResolver) Members(ctx context.Context, search *string, teamID *string, availability *workspace.Availability, first *int, after *string) (*model.MemberConnection, error) {
	return r.members(ctx, memberFilter{search, teamID, availability}, pageArgs{first: first, after: after})
}

func (r *queryResolver) Teams(ctx context.Context, first *int, after *string) (*model.TeamConnection, error) {
	return r.teams(ctx, pageArgs{first: first, after: after})
}

func (r *queryResolver) AssignableMembers(ctx context.Context, conversationID string, search *string, first *int, after *string) (*model.AssignableConnection, error) {
	return r.assignable(ctx, conversationID, search, pageArgs{first: first, after: after})
}

func (r *roleResolver) Permissions(ctx context.Context, obj *model.Role) ([]string, error) {
	return access.RolePermissions(scopeOf(ctx).access, workspace.RoleName(obj.Name)), nil
}

func (r *teamResolver) Members(ctx context.Context, obj *model.Team, first *int, after *string) (*model.MemberConnection, error) {
	return r.members(ctx, memberFilter{teamID: &obj.ID}, pageArgs{first: first, after: after})
}

func (r *Resolver) Contact() graph.ContactResolver { return &contactResolver{r} }

func (r *Resolver) Member() graph.MemberResolver { return &memberResolver{r} }

func (r *Resolver) Role() graph.RoleResolver { return &roleResolver{r} }

func (r *Resolver) Team() graph.TeamResolver { return &teamResolver{r} }

type (
	contactResolver struct{ *Resolver }
	memberResolver  struct{ *Resolver }
	roleResolver    struct{ *Resolver }
	teamResolver    struct{ *Resolver }
)
