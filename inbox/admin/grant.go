package admin

import (
	"fmt"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// owners counts the members with the role of an owner.
func owners(members map[workspace.MemberID]workspace.Member) int {
	n := 0
	for _, m := range members {
		if !m.Removed && slices.Contains(m.Roles, workspace.RoleOwner) {
			n++
		}
	}
	return n
}

// checkOwners refuses a change by which nobody would be an owner any longer.
func checkOwners(a access.Access, m workspace.Member) error {
	if owners(a.Directory.Members) > 0 && owners(workspace.WithEntry(a.Directory.Members, m.ID, m)) == 0 {
		return &inbox.Error{Code: inbox.LastOwner, Message: fmt.Sprintf("%s is the only owner. Make somebody else an owner first.", m.Name)}
	}
	return nil
}
