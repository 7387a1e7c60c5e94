package resolvers

import (
	"cmp"
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

func (r *Resolver) savedViews(ctx context.Context, args pageArgs) (*model.SavedViewConnection, error) {
	s := scopeOf(ctx)
	if err := r.Seals.genuine(s.access.Principal.Workspace, "after", args.after); err != nil {
		return nil, err
	}
	all, err := r.Inbox.Shelf.SavedViews(ctx, s.access.Principal)
	if err != nil {
		return nil, err
	}
	l := r.listOf(s.access.Principal.Workspace, "savedViews", s.access.Principal.Actor)
	page, err := pageByName(l, all, func(v shelf.ListedView) named { return named{v.Name, string(v.ID)} }, args.first, args.after)
	if err != nil {
		return nil, err
	}
	out := &model.SavedViewConnection{}
	out.Edges, out.Nodes, out.PageInfo = connect(page,
		func(v shelf.ListedView) string { return l.cursor(v.Name, string(v.ID)) }, s.savedView,
		func(at string, n *model.SavedView) *model.SavedViewEdge {
			return &model.SavedViewEdge{Cursor: at, Node: n}
		})
	return out, nil
}

func (r *Resolver) createSavedView(ctx context.Context, in model.CreateSavedViewInput) (*model.SavedViewPayload, error) {
	d, err := r.viewDraft(&in.Name, &in.Sharing, in.TeamID, in.Filter, in.OrderBy)
	err = cmp.Or(shelf.MaySave(scopeOf(ctx).access), err)
	return runAdmin(ctx, err, func(p inbox.Principal) (shelf.ListedView, error) { return r.Inbox.Shelf.CreateSavedView(ctx, p, d) }, savedViewPayload(ctx))
}

func (r *Resolver) updateSavedView(ctx context.Context, in model.UpdateSavedViewInput) (*model.SavedViewPayload, error) {
	id, err := idOf[inbox.SavedViewID]("id", typeSavedView, in.ID)
	d, draftErr := r.viewDraft(in.Name, in.Sharing, in.TeamID, in.Filter, in.OrderBy)
	err = cmp.Or(shelf.MaySave(scopeOf(ctx).access), err, draftErr)
	return runAdmin(ctx, err, func(p inbox.Principal) (shelf.ListedView, error) {
		return r.Inbox.Shelf.UpdateSavedView(ctx, p, id, d)
	}, savedViewPayload(ctx))
}

func (r *Resolver) deleteSavedView(ctx context.Context, in model.DeleteSavedViewInput) (*model.DeleteSavedViewPayload, error) {
	id, err := idOf[inbox.SavedViewID]("id", typeSavedView, in.ID)
	err = cmp.Or(shelf.MaySave(scopeOf(ctx).access), err)
	return runAdmin(ctx, err, func(p inbox.Principal) (shelf.ListedView, error) { return r.Inbox.Shelf.DeleteSavedView(ctx, p, id) },
		func(v *shelf.ListedView, refused refusals) *model.DeleteSavedViewPayload {
			return &model.DeleteSavedViewPayload{
				DeletedSavedViewID: deletedID(v, func(v shelf.ListedView) string { return GlobalID(typeSavedView, v.ID) }), UserErrors: refused,
			}
		})
}

func savedViewPayload(ctx context.Context) func(*shelf.ListedView, refusals) *model.SavedViewPayload {
	return func(v *shelf.ListedView, refused refusals) *model.SavedViewPayload {
		return &model.SavedViewPayload{SavedView: toModel(v, scopeOf(ctx).savedView), UserErrors: refused}
	}
}

// viewDraft reads the arguments of a saved view.
func (r *Resolver) viewDraft(name *string, sharing *shelf.Sharing, team *string, filter *model.InboxView, by *model.ConversationOrder) (shelf.ViewDraft, error) {
	out := shelf.ViewDraft{Name: name, Sharing: sharing}
	if (team != nil) != (sharing != nil && *sharing == shelf.SharedWithTeam) {
		return out, inbox.Invalid("teamId", "Give teamId if sharing is TEAM, and only then.")
	}
	var err error
	if out.Team, err = optionalID[workspace.TeamID]("teamId", typeTeam, team); err != nil {
		return out, err
	}
	if by != nil {
		order := orderOf(by)
		out.Order = &order
	}
	if filter == nil {
		return out, nil
	}
	if filter.SavedViewID != nil {
		return out, inbox.Invalid("filter.savedViewId", "A saved view cannot name another one. Give its filter.")
	}
	view, err := r.view(filter)
	out.Filter, out.Search = &view, value(filter.Search)
	return out, err
}

func (s *scope) savedView(v shelf.ListedView) *model.SavedView {
	sharing, team := v.List.Sharing()
	out := &model.SavedView{
		ID: GlobalID(typeSavedView, v.ID), Name: v.Name, Sharing: sharing, Team: s.team(team), Filter: savedFilter(v.Filter, v.Search),
		OrderBy:         &model.SavedViewOrder{Field: v.Order.Field, Direction: model.OrderDirectionAsc},
		ViewerCanChange: shelf.CanShare(s.access, v.List) == nil, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
	if v.Order.Desc {
		out.OrderBy.Direction = model.OrderDirectionDesc
	}
	if m, ok := s.access.Directory.Member(v.By); ok {
		out.SavedBy = memberOf(m)
	}
	return out
}

func savedFilter(v access.View, search string) *model.SavedViewFilter {
	return &model.SavedViewFilter{
		List: cmp.Or(v.List, access.ListAll), Kinds: v.Kinds, Statuses: v.Statuses, Handlers: v.Handlers, Channels: v.Channels,
		AssigneeIds: globalIDs(typeMember, v.Assignees), TeamIds: globalIDs(typeTeam, v.Teams), ContactIds: globalIDs(typeContact, v.Contacts),
		FormerAssigneeIds: globalIDs(typeMember, v.FormerAssignees), OriginAgentIds: globalIDs(typeAgent, v.OriginAgents),
		ContactEmails: v.ContactEmails, CreatedBetween: timeSpan(v.Created), LastActivityBetween: timeSpan(v.Active), ClosedBetween: timeSpan(v.Closed),
		AwaitingReply: v.Awaiting, Starred: v.Starred, IncludeSnoozed: v.Asleep, Search: optional(search),
	}
}

func globalIDs[T ~string](typeName string, ids []T) []string {
	var out []string
	for _, id := range ids {
		out = append(out, GlobalID(typeName, id))
	}
	return out
}

func timeSpan(s access.Span) *model.TimeSpan {
	if !s.Bounded() {
		return nil
	}
	return &model.TimeSpan{From: optionalTime(s.From), Until: optionalTime(s.Until)}
}
