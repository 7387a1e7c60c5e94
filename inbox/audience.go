package inbox

import "strings"

// Audience says in one key who a notification is for, so that to tell many costs
// one write. Who hears it is asked when it is read: Access.Audiences gives the
// keys of a member, and a permission that is lost takes notifications away.
type Audience string

// toMember is one member.
func toMember(m MemberID) Audience { return Audience("member:" + m) }

// toClaimers is everybody who may claim what waits for team, or for no team.
func toClaimers(kind Kind, team TeamID) Audience { return audience("claimers", kind, team) }

// toTeam are those of toClaimers who are in the team.
func toTeam(kind Kind, team TeamID) Audience { return audience("team", kind, team) }

func audience(who string, kind Kind, team TeamID) Audience {
	return Audience(strings.Join([]string{who, string(kind), string(team)}, ":"))
}

// Audiences are all audiences that the caller belongs to; none for who is no
// member.
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

// claimAudiences follow canClaim, for what nobody owns and the caller sees.
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
