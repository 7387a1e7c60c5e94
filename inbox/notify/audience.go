package notify

import (
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Audiences returns all audiences that the caller belongs to; none for a caller who
// is not a member.
func Audiences(a access.Access) []inbox.Audience {
	if a.Principal.Actor.Kind != workspace.ActorMember {
		return nil
	}
	out := []inbox.Audience{inbox.ToMember(a.Member.ID)}
	for _, kind := range workspace.Kinds() {
		out = append(out, claimAudiences(a, kind)...)
		if sight, _ := a.VisibilityScope(kind); min(sight, a.Scope(kind, workspace.PermAssign)) == workspace.ScopeAll {
			out = append(out, inbox.ToAssigners(kind))
		}
	}
	return out
}

// claimAudiences follows canClaim, for unassigned conversations that the caller
// sees.
func claimAudiences(a access.Access, kind workspace.Kind) []inbox.Audience {
	sight, _ := a.VisibilityScope(kind)
	reach := min(sight, a.Scope(kind, workspace.PermClaim), a.Scope(kind, workspace.PermReply))
	if reach < workspace.ScopeTeam {
		return nil
	}
	out := []inbox.Audience{inbox.ToClaimers(kind, "")}
	for _, team := range a.Member.Teams {
		out = append(out, inbox.ToTeam(kind, team))
		if reach == workspace.ScopeTeam {
			out = append(out, inbox.ToClaimers(kind, team))
		}
	}
	if reach == workspace.ScopeAll {
		for team := range a.Directory.Teams {
			out = append(out, inbox.ToClaimers(kind, team))
		}
	}
	return out
}

// FacetsOf are such that every event of which the caller is notified, or that
// takes a notification back, has one of them.
func FacetsOf(a access.Access) []access.Facet {
	r := a.VisibilityFilter()
	return append(access.View{List: access.ListMine}.Facets(r), access.View{List: access.ListUnassigned}.Facets(r)...)
}
