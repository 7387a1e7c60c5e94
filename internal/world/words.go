package world

import (
	"strings"

	"switchboard/inbox/workspace"
)

// IDsOf lists the ids of members in their order.
func IDsOf(members []workspace.Member) (ids []workspace.MemberID) {
	for _, m := range members {
		ids = append(ids, m.ID)
	}
	return ids
}

// Words splits a text as a search does, in lower case.
func Words(text string) []string { return strings.Fields(strings.ToLower(text)) }
