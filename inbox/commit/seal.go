package commit

import "switchboard/inbox"

// MaxAttempts bounds how often a verb looks again after a lost race.
const MaxAttempts = 8

// Seal gives ids to the event and its messages, and the event its snapshot. before is
// the conversation that the step began with; its zero value for one that is created.
func (s *Base) Seal(m *inbox.Move, before inbox.Conversation) {
	e := &m.Event
	e.ID = inbox.EventID(s.NewID())
	for i := range e.Messages {
		msg := &e.Messages[i]
		msg.ID, msg.Workspace, msg.Conversation, msg.At = inbox.MessageID(s.NewID()), e.Workspace, e.Conversation, e.At
		if msg.Previews() {
			m.After.LastMessage = msg
		}
	}
	m.Follow(before)
	m.Settle(before)
	after := m.After
	e.After = &after
}
