package document

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// FeedersOf finds the API keys that began conversations of before this was kept, empty for
// those that no key began, or of which that is not known any more. first reads the first
// events of conversations by their ids; ids of which there is none have no entry. One that
// continues another has the feeder of that.
func FeedersOf(
	all []ConversationState, first func([]inbox.ConversationID) (map[inbox.ConversationID]Event, error),
) (map[inbox.ConversationID]workspace.KeyID, error) {
	out := map[inbox.ConversationID]workspace.KeyID{}
	// at is where the beginning of each is looked for now, previous what each continues.
	at, previous := map[inbox.ConversationID]inbox.ConversationID{}, map[inbox.ConversationID]inbox.ConversationID{}
	for _, c := range all {
		if c.Feeder == nil {
			at[c.ID], previous[c.ID] = c.ID, c.Previous
		}
	}
	for len(at) > 0 {
		events, err := first(distinct(at))
		if err != nil {
			return nil, err
		}
		for id, where := range at {
			e, found := events[where]
			if found && e.After != nil {
				previous[where] = e.After.Previous
			}
			switch before := previous[where]; {
			case found && e.Actor.Kind == workspace.ActorPartner:
				out[id] = workspace.KeyID(e.Actor.ID)
				delete(at, id)
			case before != "":
				at[id] = before
			default:
				out[id] = ""
				delete(at, id)
			}
		}
	}
	return out, nil
}

func distinct(at map[inbox.ConversationID]inbox.ConversationID) (out []inbox.ConversationID) {
	for _, where := range at {
		out = append(out, where)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
