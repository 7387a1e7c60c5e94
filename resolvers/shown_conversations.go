package resolvers

import (
	"sync"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// shownConversations are the conversations of one answer, each as it is shown there. A client
// keeps one object for a global id: whichever state it meets last, older or newer,
// would be the one that it goes on with. So an answer has one state of each; only
// the payload of a further mutation shows a newer one. B:V8b
type shownConversations struct {
	mu    sync.Mutex
	shown map[shownKey]inbox.Conversation
	// newer means that later reads may see changes of the operation itself.
	newer bool
}

// shownKey distinguishes the full conversation from the form without content.
type shownKey struct {
	id   inbox.ConversationID
	open bool
}

// settle returns the state that the answer shows of the conversation of d.
func (p *shownConversations) settle(d disclosed) disclosed {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := shownKey{d.ID, d.open}
	known, ok := p.shown[key]
	if ok && (!p.newer || d.Revision <= known.Revision) {
		d.Conversation = known
		return d
	}
	if p.shown == nil {
		p.shown = map[shownKey]inbox.Conversation{}
	}
	p.shown[key] = d.Conversation
	return d
}

// nested is c, the conversation as it is now, to be shown beneath obj: as obj
// shows it, unless the caller lost or gained sight of it since.
func (s *scope) nested(obj *model.Conversation, c inbox.Conversation) disclosed {
	d := s.disclose(c)
	if d.open != obj.Hidden {
		d.Conversation = obj.Source
	}
	return d
}

// snapshot shows a past state: its owners, and no content.
func (s *scope) snapshot(c inbox.Conversation) *model.ConversationSnapshot {
	return &model.ConversationSnapshot{
		Revision: c.Revision, Version: c.Version, Epoch: c.Epoch, Status: c.Status, Handler: c.Handler(), Assignee: s.member(c.Assignee),
		Team: s.team(c.Team), WaitingSince: s.waitingSince(c), LastActivityAt: s.lastActivityAt(c),
		Snooze: snoozeOf(s, c, true),
	}
}

// snapshotOf is the state that e left; c stands in for events that do not hold it.
func (s *scope) snapshotOf(e inbox.Event, c inbox.Conversation) *model.ConversationSnapshot {
	if e.After != nil {
		c = *e.After
	}
	return s.snapshot(c)
}
