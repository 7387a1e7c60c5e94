package logcheck

import "switchboard/inbox"

// Sight returns what somebody gets who sees the conversations that sees says, where each
// record is judged by its conversation as it is at some moment from the commit on: what is
// seen in every state from there on must come, and what is seen in none must not. A change
// that takes its conversation out of sight may come. What is of no conversation must come.
func Sight(events []inbox.Event, sees func(inbox.Conversation) bool) func(Record) Want {
	type later struct{ always, ever bool }
	from := map[inbox.ConversationID]later{}
	wants := make([]Want, len(events))
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		if e.Conversation == "" || e.After == nil {
			continue
		}
		seen := sees(*e.After)
		l, known := from[e.Conversation]
		l = later{always: seen && (l.always || !known), ever: seen || l.ever}
		from[e.Conversation] = l
		switch {
		case l.always:
			wants[i] = Always
		case l.ever, e.Type == inbox.OwnershipEvent && saw(e, sees):
			wants[i] = Maybe
		default:
			wants[i] = Never
		}
	}
	return func(r Record) Want { return wants[r.event] }
}

func saw(e inbox.Event, sees func(inbox.Conversation) bool) bool {
	before, existed := e.Before()
	return existed && sees(before)
}
