package blackbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// desk is a demo workspace and the people in it who have tokens.
type desk struct {
	owner, manager, agent1, agent2, observer, ai *client
	// website is the API key that starts the chats of visitors.
	website *client
}

func (s *server) desk(t *testing.T, space string) *desk {
	t.Helper()
	who := func(name string) *client { return s.as(t, space+" "+name+"@demo.test") }
	return &desk{who("owner"), who("manager"), who("agent1"), who("agent2"), who("observer"), who("ai"), s.as(t, space+" website")}
}

// chat starts a livechat with the AI agent and gives its id and the contact's
// token.
func (d *desk) chat() (id, contactToken string) {
	d.owner.t.Helper()
	payload := d.website.must("startLivechat", object{
		"contact": object{"name": "Vera Visitor"}, "message": "Hello?", "aiAgentId": d.ai.me(),
	})
	require.Equal(d.owner.t, "AI", at(d.owner.t, payload, "conversation.handler"))
	return str(d.owner.t, payload, "conversation.id"), str(d.owner.t, payload, "contactToken")
}

// owned starts a livechat and lets one claim it.
func (d *desk) owned(by *client) (id string) {
	by.t.Helper()
	id, _ = d.chat()
	by.must("claimConversation", object{"conversationId": id})
	return id
}
