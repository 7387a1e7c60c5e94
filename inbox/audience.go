package inbox

import "strings"

// Audience is a key for the recipients of a notification, so that a notification
// for many members costs one write. The recipients are decided when it is read:
// Access.Audiences returns the keys of a member, and a lost permission takes
// notifications away.
type Audience string

// toMember is one member.
func toMember(m MemberID) Audience { return Audience("member:" + m) }

// toClaimers is every member who may claim a conversation that waits for team, or
// for no team.
func toClaimers(kind Kind, team TeamID) Audience { return audience("claimers", kind, team) }

// toTeam is those of toClaimers in the team.
func toTeam(kind Kind, team TeamID) Audience { return audience("team", kind, team) }

func audience(who string, kind Kind, team TeamID) Audience {
	return Audience(strings.Join([]string{who, string(kind), string(team)}, ":"))
}

// Audiences returns all audiences that the caller belongs to; none for a caller who
// is not a member.
func (a Access) Audiences() []Audience {
	if a.Principal.Actor.Kind != ActorMember {
		return nil
	}
	out := []Audience{toMember(a.Member.ID)}
	for _, kind := range Kinds() {
		out = append(out, a.claimAudiences(kind)...)
	}
	return out
}

// claimAudiences follows canClaim, for unassigned conversations that the caller
// sees.
func (a Access) claimAudiences(kind Kind) []Audience {
	sight, _ := a.sight(kind)
	reach := min(sight, a.Scope(kind, PermClaim), a.Scope(kind, PermReply))
	if reach < ScopeTeam {
		return nil
	}
	out := []Audience{toClaimers(kind, "")}
	for _, team := range a.Member.Teams {
		out = append(out, toTeam(kind, team))
		if reach == ScopeTeam {
			out = append(out, toClaimers(kind, team))
		}
	}
	if reach == ScopeAll {
		for team := range a.Directory.Teams {
			out = append(out, toClaimers(kind, team))
		}
	}
	return out
}

// NewsKeys are such that every event of which the caller is notified, or that
// takes a notification back, has one of them.
func (a Access) NewsKeys() []Key {
	r := a.Reach()
	return append(View{List: ListMine}.Keys(r), View{List: ListUnassigned}.Keys(r)...)
}
