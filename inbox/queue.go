package inbox

import (
	"slices"

	"switchboard/inbox/workspace"
)

// Queue is where conversations of a kind wait: that of a team, or of the
// workspace when Team is empty. B:Q7.
type Queue struct {
	Team workspace.TeamID
	Kind workspace.Kind
}

// DueQueue returns the queue in which the conversation of an ownership event is due
// now; ok is false if it is not due.
func (e Event) DueQueue() (q Queue, ok bool) {
	if e.Type != OwnershipEvent || e.After == nil || !e.After.Due() {
		return Queue{}, false
	}
	return Queue{Team: e.After.Team, Kind: e.After.Kind}, true
}

// FreesCapacity reports whether e may give a member capacity for another conversation: a
// load fell, or the directory changed. B:Q8.
func (e Event) FreesCapacity() bool {
	if e.Type == DirectoryEvent {
		return true
	}
	if e.Type != OwnershipEvent || e.After == nil {
		return false
	}
	before, existed := e.Before()
	falls := func(l LoadChange) bool { return l.Held() < 0 }
	return existed && slices.ContainsFunc(LoadChanges(before, *e.After), falls)
}
