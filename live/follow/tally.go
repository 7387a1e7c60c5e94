package follow

import (
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
)

// Tally counts what a view holds, up to a limit, and is kept right by events.
// It is used by one goroutine.
//
// It holds ids, not a number alone: then an event that was counted already can
// be applied again and changes nothing, so that reading first and applying what
// came meanwhile is exact. Where there are more ids than it holds, the figure is
// the limit, until so many left that it may be less.
type Tally struct {
	view  *access.View
	limit int
	// held are the versions of what the view holds; nil when that is too much.
	held map[inbox.ConversationID]int
	// spare is how many may still leave before the figure may be below the limit.
	spare int
}

// NewTally counts v up to limit. Begin it before anything else.
func NewTally(v access.View, limit int) *Tally { return &Tally{view: &v, limit: limit} }

// Wants is how far to count, and how many snapshots Load has to be given, if there are so
// many: more than the limit, so that a view above it needs to be read again seldom.
func (t *Tally) Wants() int { return t.limit + t.slack() }

func (t *Tally) slack() int { return max(1, t.limit/2) }

// Begin begins anew with how much the view holds, counted to Wants. Enough is false when
// that is below the limit: then load what it holds.
func (t *Tally) Begin(n int) (enough bool) {
	t.held, t.spare = nil, n-t.limit
	return n >= t.limit
}

// Load begins anew with what the view holds, up to Wants of it.
func (t *Tally) Load(all []desk.OwnershipSnapshot) {
	t.held = make(map[inbox.ConversationID]int, len(all))
	for _, s := range all {
		t.held[s.ID] = s.Version
	}
	t.shed()
}

// Apply takes an event of a conversation, for somebody with reach r. Enough is
// false when the figure is not known any more: load again.
//
// An ownership change that was loaded already changes nothing. A change of a contact
// does not move the version, and a message may be written beside an ownership change
// that came first: both are applied as what the conversation was then, and what came
// between is applied next.
func (t *Tally) Apply(r access.VisibilityFilter, e inbox.Event, words func(string) []string) (enough bool) {
	version, held := t.held[e.Conversation]
	switch {
	case !t.moves(e.Type):
	case held && (e.Type == inbox.OwnershipEvent && e.Version <= version || e.Type == inbox.ContactEvent && e.Version < version):
	case t.held == nil:
		if change, _ := t.view.Change(r, e, words); change == access.ViewLeft {
			t.spare--
		}
		return t.spare >= 0
	case t.view.Holds(r, *e.After, words):
		t.held[e.Conversation] = e.Version
		t.shed()
	default:
		delete(t.held, e.Conversation)
	}
	return true
}

// moves reports whether events of a type move conversations into the view, or out of it.
func (t *Tally) moves(of inbox.EventType) bool {
	return of == inbox.OwnershipEvent || of == inbox.ContactEvent && t.view.NamesContacts() || of == inbox.MessageEvent && t.view.Moves()
}

// shed gives up the ids when they are too many.
func (t *Tally) shed() {
	if len(t.held) >= t.Wants() {
		t.held, t.spare = nil, len(t.held)-t.limit
	}
}

// heldBytes is what an id that is held takes: the id, its version and its place in the map.
const heldBytes = 128

// Bytes is about how much memory the tally takes.
func (t *Tally) Bytes() int { return heldBytes * len(t.held) }

// Count is how many the view holds, and the limit when it holds more.
func (t *Tally) Count() int {
	if t.held == nil {
		return t.limit
	}
	return min(len(t.held), t.limit)
}
