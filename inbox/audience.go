package inbox

import (
	"strings"

	"switchboard/inbox/workspace"
)

// Audience is a key for the recipients of a notification, so that a notification
// for many members costs one write. The recipients are decided when it is read:
// Access.Audiences returns the keys of a member, and a lost permission takes
// notifications away.
type Audience string

// ToMember is one member.
func ToMember(m workspace.MemberID) Audience { return Audience("member:" + m) }

// ToClaimers is every member who may claim a conversation that waits for team, or
// for no team.
func ToClaimers(kind workspace.Kind, team workspace.TeamID) Audience {
	return audience("claimers", kind, team)
}

// ToTeam is those of toClaimers in the team.
func ToTeam(kind workspace.Kind, team workspace.TeamID) Audience { return audience("team", kind, team) }

// ToAssigners is every member who may assign any conversation of the kind.
func ToAssigners(kind workspace.Kind) Audience { return audience("assigners", kind, "") }

func audience(who string, kind workspace.Kind, team workspace.TeamID) Audience {
	return Audience(strings.Join([]string{who, string(kind), string(team)}, ":"))
}
