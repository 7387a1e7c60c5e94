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
		out = append(append(out, claimAudiences(a, kind)...), assignAudiences(a, kind)...)
	}
	return out
}

// assignAudiences is for members who see and may assign every conversation of the kind.
func assignAudiences(a access.Access, kind workspace.Kind) []inbox.Audience {
	sight, _ := a.VisibilityScope(kind)
	if min(sight, a.Scope(kind, workspace.PermAssign)) < workspace.ScopeAll {
		return nil
	}
	return []inbox.Audience{inbox.ToAssigners(kind)}
}

// claimReach is how far the caller sees and may claim conversations of a kind.
func claimReach(a access.Access, kind workspace.Kind) workspace.Scope {
	sight, _ := a.VisibilityScope(kind)
	return min(sight, a.Scope(kind, workspace.PermClaim), a.Scope(kind, workspace.PermReply))
}

// claimAudiences follows canClaim, for unassigned conversations that the caller
// sees.
func claimAudiences(a access.Access, kind workspace.Kind) []inbox.Audience {
	out := teamAudiences(a, kind)
	if claimReach(a, kind) == workspace.ScopeAll {
		for team := range a.Directory.Teams {
			out = append(out, inbox.ToClaimers(kind, team))
		}
	}
	return out
}

// teamAudiences are those that do not take a reach beyond the own teams.
func teamAudiences(a access.Access, kind workspace.Kind) []inbox.Audience {
	reach := claimReach(a, kind)
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
	return out
}

// FacetsOf are such that every event of which the caller is notified, or that takes a
// notification back, has one of them, and seldom another event: who is not notified is
// not asked. They are few, however many teams there are.
func FacetsOf(a access.Access) []access.Facet {
	to := []inbox.Audience{inbox.ToMember(a.Member.ID)}
	var out []access.Facet
	for _, kind := range workspace.Kinds() {
		to = append(append(to, teamAudiences(a, kind)...), assignAudiences(a, kind)...)
		if claimReach(a, kind) == workspace.ScopeAll {
			out = append(out, access.ClaimersFacet(kind))
		}
	}
	for _, audience := range to {
		out = append(out, access.AudienceFacets(audience)[0])
	}
	return out
}
