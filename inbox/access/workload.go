package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// WorkKeys returns facets by which every event arrives that changes the load of
// these members or the queue of team; if team is empty, those of every event.
func WorkKeys(staff []workspace.Member, team workspace.TeamID) []inbox.Key {
	if team == "" {
		return []inbox.Key{inbox.Everything}
	}
	keys := []inbox.Key{inbox.QueueFacet(team)}
	for _, m := range staff {
		keys = append(keys, inbox.AssigneeFacet(m.ID))
	}
	return keys
}
