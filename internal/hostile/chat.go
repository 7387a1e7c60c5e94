package hostile

import (
	"context"
	"fmt"
)

// chat is a conversation with a contact's token for it.
type chat struct{ id, token string }

const (
	startChat = `mutation($input: StartLivechatInput!) { startLivechat(input: $input) { contactToken conversation { id } userErrors { code } } }`
	sendText  = `mutation($input: SendMessageInput!) { sendMessage(input: $input) { message { id } userErrors { code } } }`
	startNew  = `mutation($input: StartNewInput!) { startNewConversation(input: $input) { conversation { id } userErrors { code } } }`
	readChat  = `query($id: ID!) { conversation(id: $id) { id status messages(last: 20) { nodes { id body at } } } }`
	closeIt   = `mutation($input: SetStatusInput!) { setConversationStatus(input: $input) { userErrors { code } } }`
	updates   = `subscription($id: ID!, $after: Cursor) { conversationUpdates(id: $id, after: $after) { cursor gap message { id body } event { id } } }`
)

// Starter begins chats: a website's API key, and the token of the AI agent that
// answers them.
type Starter struct{ Key, Agent string }

// start begins a chat as a website's own server does.
func (api *API) start(ctx context.Context, by Starter) (chat, error) {
	n := api.visitors.Add(1)
	who, err := api.ask(ctx, by.Agent, `{ viewer { aiAgent { id } } }`, nil)
	if err != nil {
		return chat{}, err
	}
	a, err := api.ask(ctx, by.Key, startChat, Object{"input": Object{
		"contact": Object{"name": fmt.Sprint("Visitor ", n)}, "message": "Hello?", "aiAgentId": who.get("viewer", "aiAgent", "id"),
	}})
	if err != nil {
		return chat{}, err
	}
	c := chat{a.get("startLivechat", "conversation", "id"), a.get("startLivechat", "contactToken")}
	if c.id == "" || c.token == "" {
		return chat{}, fmt.Errorf("no chat was started: %s", a.code())
	}
	return c, nil
}
