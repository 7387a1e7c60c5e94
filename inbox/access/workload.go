package access

import (
	"switchboard/inbox/workspace"
)

// WorkloadFacets returns facets by which every event arrives that changes the load of
// these members or the queue of team; if team is empty, those of every event.
func WorkloadFacets(staff []workspace.Member, team workspace.TeamID) []Facet {
	if team == "" {
		return []Facet{AllFacet}
	}
	keys := []Facet{QueueFacet(team)}
	for _, m := range staff {
		keys = append(keys, AssigneeFacet(m.ID))
	}
	return keys
}
