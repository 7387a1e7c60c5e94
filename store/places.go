package store

import "switchboard/inbox"

// A place is something that many lists ask for: to be owned by somebody, to be
// of a team, to wait. A conversation's document holds the places where it
// stands, and one index for each sort key begins with them, so that a list walks
// an index in its own order whatever it asks for first.
type place string

const (
	everywhere place = "all"
	// unassigned is owned by nobody and not closed.
	unassigned place = "unassigned"
	// queued waits in some queue.
	queued place = "queued"
	// adrift has neither owner nor team, whatever its status: every team may
	// pick it up.
	adrift place = "adrift"
)

func ownedBy(m inbox.MemberID) place    { return place("member:" + m) }
func ofTeam(t inbox.TeamID) place       { return place("team:" + t) }
func inStatus(s inbox.Status) place     { return place("status:" + s) }
func formerlyOf(m inbox.MemberID) place { return place("former:" + m) }
func fromAgent(a inbox.AgentID) place   { return place("agent:" + a) }

// ofEmail is where the conversations of contacts with an address stand, by its
// inbox.EmailKey.
func ofEmail(key string) place { return place("email:" + key) }

// queueOf is where the conversations wait that ask for the team; those that ask
// for none have a queue as well.
func queueOf(t inbox.TeamID) place { return place("queue:" + t) }

// dueIn is where the conversations of a kind wait that the rules may hand out of
// the queue of the team.
func dueIn(q inbox.Queue) place { return place("due:" + string(q.Kind) + ":" + string(q.Team)) }

// placesOf are all places where c stands.
func placesOf(c inbox.Conversation) []place {
	places := []place{everywhere, inStatus(c.Status)}
	if c.Owned() {
		places = append(places, ownedBy(c.Assignee))
	} else if c.Status != inbox.Closed {
		places = append(places, unassigned)
	}
	if c.Team != "" {
		places = append(places, ofTeam(c.Team))
	} else if !c.Owned() {
		places = append(places, adrift)
	}
	if c.Waiting() {
		places = append(places, queued, queueOf(c.Team))
	}
	if c.FormerAssignee != "" {
		places = append(places, formerlyOf(c.FormerAssignee))
	}
	if c.OriginAgent != "" {
		places = append(places, fromAgent(c.OriginAgent))
	}
	if c.ContactEmail != "" {
		places = append(places, ofEmail(inbox.EmailKey(c.ContactEmail)))
	}
	if c.Due() {
		places = append(places, dueIn(inbox.Queue{Team: c.Team, Kind: c.Kind}))
	}
	return places
}

func eachPlace[T any](of func(T) place, values []T) []place {
	places := make([]place, 0, len(values))
	for _, v := range values {
		places = append(places, of(v))
	}
	return places
}
