package resolvers

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"switchboard/graph/model"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// memberFilter holds the arguments that members can be filtered by.
type memberFilter struct {
	search       *string
	teamID       *string
	availability *workspace.Availability
}

func (r *Resolver) members(ctx context.Context, f memberFilter, args pageArgs) (*model.MemberConnection, error) {
	s := scopeOf(ctx)
	all, err := r.filterMembers(s, f)
	if err != nil {
		return nil, err
	}
	l := r.listOf(s.access.Principal.Workspace, "members", value(f.search), value(f.teamID), value(f.availability))
	page, err := pageByName(l, all, memberKey, args.first, args.after)
	if err != nil {
		return nil, err
	}
	out := &model.MemberConnection{TotalCount: len(all)}
	out.Edges, out.Nodes, out.PageInfo = connect(page,
		func(m workspace.Member) string { return l.cursor(m.Name, string(m.ID)) }, memberOf,
		func(at string, n *model.Member) *model.MemberEdge { return &model.MemberEdge{Cursor: at, Node: n} })
	return out, nil
}

func memberKey(m workspace.Member) named { return named{m.Name, string(m.ID)} }

func (r *Resolver) filterMembers(s *scope, f memberFilter) ([]workspace.Member, error) {
	words, err := r.words(f.search)
	if err != nil {
		return nil, err
	}
	team, err := optionalID[workspace.TeamID]("teamId", typeTeam, f.teamID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(s.access.Directory.SortedMembers()), func(m workspace.Member) bool {
		return team != "" && !slices.Contains(m.Teams, team) ||
			f.availability != nil && m.Availability != *f.availability ||
			!r.matches(m.Name, words)
	}), nil
}

// matches reports whether each wanted word begins some word of name. B:A2.
func (r *Resolver) matches(name string, wanted []string) bool {
	if len(wanted) == 0 {
		return true
	}
	words := r.Words(name)
	for _, w := range wanted {
		if !slices.ContainsFunc(words, func(has string) bool { return strings.HasPrefix(has, w) }) {
			return false
		}
	}
	return true
}

func (r *Resolver) teams(ctx context.Context, args pageArgs) (*model.TeamConnection, error) {
	s := scopeOf(ctx)
	all := s.access.Directory.SortedTeams()
	l := r.listOf(s.access.Principal.Workspace, "teams")
	page, err := pageByName(l, all, func(t workspace.Team) named { return named{t.Name, string(t.ID)} }, args.first, args.after)
	if err != nil {
		return nil, err
	}
	out := &model.TeamConnection{TotalCount: len(all)}
	out.Edges, out.Nodes, out.PageInfo = connect(page,
		func(t workspace.Team) string { return l.cursor(t.Name, string(t.ID)) }, teamOf,
		func(at string, n *model.Team) *model.TeamEdge { return &model.TeamEdge{Cursor: at, Node: n} })
	return out, nil
}

func (s *scope) roles(m workspace.Member) []*model.Role {
	out := []*model.Role{}
	for _, name := range m.Roles {
		out = append(out, roleOf(s.access, name))
	}
	return out
}

func roleOf(a access.Access, name workspace.RoleName) *model.Role {
	named := func(c workspace.CustomRole) bool { return c.Name == name }
	custom := slices.ContainsFunc(a.Directory.Workspace.CustomRoles, named)
	preset := access.PresetRole(a, name)
	return &model.Role{Name: string(name), Custom: custom, Label: preset.Label, Description: optional(preset.Description)}
}

func (s *scope) teamsOf(m workspace.Member) []*model.Team {
	out := []*model.Team{}
	for _, id := range m.Teams {
		if t, ok := s.access.Directory.Team(id); ok {
			out = append(out, teamOf(t))
		}
	}
	return out
}

func (r *Resolver) setAvailability(ctx context.Context, in model.SetAvailabilityInput) (*model.SetAvailabilityPayload, error) {
	id, err := optionalID[workspace.MemberID]("memberId", typeMember, in.MemberID)
	reason, err2 := reasonCodeID(in.ReasonCodeID)
	s := scopeOf(ctx)
	var m workspace.Member
	if err = cmp.Or(err, err2); err == nil {
		m, err = r.Inbox.Admin.SetAvailability(ctx, s.access.Principal, in.Availability, id, reason)
	}
	refused, ok := s.userErrors(ctx, err)
	if !ok {
		return nil, err
	}
	if err != nil {
		return &model.SetAvailabilityPayload{UserErrors: refused}, nil
	}
	return &model.SetAvailabilityPayload{Member: memberOf(m), UserErrors: refused}, nil
}
