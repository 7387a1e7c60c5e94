package document

import (
	"slices"

	"switchboard/inbox"
)

// A store that keeps messages and events as documents keeps the text of a message in the
// message's own document. Events and conversations have a preview of it, which is the
// text itself if that is short.

// Preview is the message with a preview of its text.
func (d Message) Preview() Message {
	if text := inbox.Preview(d.Body); len(text) < len(d.Body) {
		d.Body, d.Shortened = text, true
	}
	return d
}

// Preview is the conversation with a preview of its last message.
func (d Conversation) Preview() Conversation {
	d.State = d.State.Preview()
	return d
}

// Preview is the state with a preview of its last message.
func (d ConversationState) Preview() ConversationState {
	if d.LastMessage != nil {
		m := d.LastMessage.Preview()
		d.LastMessage = &m
	}
	return d
}

// Preview is the event with previews of its messages. The last message of the state after
// it is left out if the event has it.
func (d Event) Preview() Event {
	d.Messages = slices.Clone(d.Messages)
	for i := range d.Messages {
		d.Messages[i] = d.Messages[i].Preview()
	}
	if d.After == nil {
		return d
	}
	after := d.After.Preview()
	if m := after.LastMessage; m != nil && d.Has(m.ID) {
		d.AfterLast, after.LastMessage = m.ID, nil
	}
	d.After = &after
	return d
}

// Has reports whether the event wrote the message.
func (d Event) Has(id inbox.MessageID) bool {
	return slices.ContainsFunc(d.Messages, func(m Message) bool { return m.ID == id })
}

// Long are the ids of the messages of which the event has a preview.
func (d Event) Long() (ids []inbox.MessageID) {
	for _, m := range d.Messages {
		if m.Shortened {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// Whole gives the messages of the event, and its last message if it is one of them, their
// texts. A message that texts lacks keeps its preview.
func (d Event) Whole(texts map[inbox.MessageID]string) Event {
	d.Messages = slices.Clone(d.Messages)
	for i := range d.Messages {
		m := &d.Messages[i]
		if text, ok := texts[m.ID]; ok && m.Shortened {
			m.Body, m.Shortened = text, false
		}
	}
	return d
}
