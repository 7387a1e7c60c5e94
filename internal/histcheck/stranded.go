package histcheck

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Stranded is a time in which a contact waited for an answer of a member who was OFFLINE.
type Stranded struct {
	Conversation inbox.ConversationID
	Owner        workspace.MemberID
	// From is when it began: the contact wrote, the owner went OFFLINE, or an absent member
	// became the owner.
	From time.Time
	// For is how long it lasted; up to the end of the history if it had not ended.
	For time.Duration
	// Ended says that it ended before the history did.
	Ended bool
}

// Stranded gives each time in which a contact waited for somebody who was OFFLINE, in the
// order in which they ended, from the events alone: the messages, the owners and the
// availability of members, in commit order, by the clock that stamped them. B:R1
func (h History) Stranded() []Stranded {
	w := watch{
		directory: h.Start.Remembering(),
		contacts:  map[inbox.ConversationID]contact{}, open: map[inbox.ConversationID]Stranded{},
	}
	for _, e := range h.Events {
		w.event(e)
	}
	w.now = latest(w.now, h.End)
	for _, s := range w.open {
		s.For = w.now.Sub(s.From)
		w.found = append(w.found, s)
	}
	return w.found
}

// watch follows who waits for whom.
type watch struct {
	directory *workspace.Directory
	contacts  map[inbox.ConversationID]contact
	open      map[inbox.ConversationID]Stranded
	found     []Stranded
	now       time.Time
}

func (w *watch) event(e inbox.Event) {
	w.now = latest(w.now, e.At)
	switch {
	case e.Type == inbox.DirectoryEvent && e.Directory != nil:
		w.directory = w.directory.With(*e.Directory)
		if m := e.Directory.Member; m != nil {
			w.turned(m.ID)
		}
	case e.Conversation != "" && (e.Type == inbox.OwnershipEvent || e.Type == inbox.MessageEvent):
		w.contacts[e.Conversation] = w.contacts[e.Conversation].hears(e)
		w.look(e.Conversation)
	}
}

// turned looks at everything that a member owns.
func (w *watch) turned(m workspace.MemberID) {
	for id, k := range w.contacts {
		if k.owner == m {
			w.look(id)
		}
	}
}

// look begins or ends the time in which a contact waits for nobody.
func (w *watch) look(id inbox.ConversationID) {
	k := w.contacts[id]
	m, known := w.directory.Member(k.owner)
	stranded := k.owner != "" && !k.waits.IsZero() && (!known || m.Absent())
	s, was := w.open[id]
	if was && (!stranded || s.Owner != k.owner) {
		s.For, s.Ended = w.now.Sub(s.From), true
		w.found = append(w.found, s)
		delete(w.open, id)
	}
	if _, still := w.open[id]; stranded && !still {
		w.open[id] = Stranded{Conversation: id, Owner: k.owner, From: w.now}
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
