package access

import (
	"switchboard/inbox/workspace"
)

// WorkKeys returns facets by which every event arrives that changes the load of
// these members or the queue of team; if team is empty, those of every event.
func WorkKeys(staff []workspace.Member, team workspace.TeamID) []Key {
	if team == "" {
		return []Key{Everything}
	}
	keys := []Key{QueueFacet(team)}
	for _, m := range staff {
		keys = append(keys, AssigneeFacet(m.ID))
	}
	return keys
}
