package access

import (
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Standing is what a member is to one conversation, as far as any verdict depends on it:
// members of one visibility class with equal standings may do the same to it, and are
// refused in the same words. It is comparable. B:Z5
type Standing struct {
	// Roles are the member's, each once, in order.
	Roles string
	// Named is the member if the conversation or its newest offer names them; empty for all
	// others, who are nobody in particular to it.
	Named workspace.MemberID
	// InTeam, BesideOwner and InOffer say whether the member is in the team of the
	// conversation, in any team with its owner, and in the team that it was offered to.
	InTeam, BesideOwner, InOffer bool
}

// StandingOf returns what the caller, who is a member, is to c. For any other kind of caller it
// says nothing.
func StandingOf(a Access, c inbox.Conversation) Standing {
	roles, teams := slices.Clone(a.Member.Roles), a.Member.Teams
	slices.Sort(roles)
	var text strings.Builder
	for _, role := range slices.Compact(roles) {
		text.WriteString(string(role))
		text.WriteByte(0)
	}
	s := Standing{
		Roles:       text.String(),
		InTeam:      slices.Contains(teams, c.Team),
		BesideOwner: c.Owned() && shareTeam(teams, a.Directory.Members[c.Assignee].Teams),
		InOffer:     slices.Contains(teams, c.Offer.Team),
	}
	if names(c, a.Member.ID) {
		s.Named = a.Member.ID
	}
	return s
}

// names reports whether c or its newest offer names the member.
func names(c inbox.Conversation, m workspace.MemberID) bool {
	o := c.Offer
	return m == c.Assignee || m == o.Sender || m == o.By.Member() || m == o.Member ||
		slices.Contains(o.Asked, m) || o.DeclinedBy(m)
}
