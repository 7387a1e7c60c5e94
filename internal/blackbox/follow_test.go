package blackbox_test

import (
	"slices"
)

const eventsQuery = `subscription($filter: AssignmentEventFilter, $after: Cursor) { assignmentEvents(filter: $filter, after: $after) {
  cursor gap node { ` + eventFields + ` conversation { id version assignee { id } } } } }
fragment A on Actor { __typename ... on Member { id } ... on AIAgent { id } }`

const updatesQuery = `subscription($id: ID!) { conversationUpdates(id: $id) {
  cursor accessLost message { id body } event { id kind version } conversation { id version assignee { id } } } }`

// The protocol does not say when a subscription has begun. What follows makes
// changes until one of them arrives; from then on nothing can be missed.

// followEvents follows every ownership change that the client may see.
func (c *client) followEvents(d *desk) *stream {
	c.t.Helper()
	s := c.connect().subscribe(eventsQuery, nil)
	scratch := d.owned(d.agent1)
	var made []string
	eventually(c.t, "the subscription begins", func() bool {
		status := []string{"UNSET", "OPEN"}[len(made)%2]
		payload := d.owner.must("setConversationStatus", object{"conversationId": scratch, "status": status})
		made = append(made, str(c.t, payload, "event.id"))
		return slices.ContainsFunc(s.items(), func(item object) bool { return item["node"] != nil && slices.Contains(made, str(c.t, item, "node.id")) })
	})
	return s
}

// followUpdates follows one conversation; as, which may be another client,
// writes notes in it until one arrives.
func (c *client) followUpdates(id string, as *client) *stream {
	c.t.Helper()
	s := c.connect().subscribe(updatesQuery, object{"id": id})
	eventually(c.t, "the subscription begins", func() bool {
		as.must("sendMessage", object{"conversationId": id, "body": "Is anybody there?", "internal": true})
		return len(s.items()) > 0
	})
	return s
}

// event waits for the event with that id and gives the item.
func (s *stream) event(id string) object {
	s.t.Helper()
	return s.item("event "+id, func(item object) bool { return item["node"] != nil && str(s.t, item, "node.id") == id })
}

// eventIDs are the events of one conversation as they were told.
func (s *stream) eventIDs(conversation string) []string {
	s.t.Helper()
	var out []string
	for _, item := range s.items() {
		if item["node"] != nil && str(s.t, item, "node.conversation.id") == conversation {
			out = append(out, str(s.t, item, "node.id"))
		}
	}
	return out
}
