package blackbox_test

import (
	"fmt"

	"github.com/stretchr/testify/require"
)

// inputs are the mutations that the tests use, with the type of their input.
var inputs = map[string]string{
	"assignConversation": "AssignConversationInput", "claimConversation": "ConversationInput",
	"transferConversation": "TransferConversationInput", "takeOverConversation": "TakeOverConversationInput",
	"snoozeConversation":    "SnoozeConversationInput",
	"setConversationStatus": "SetStatusInput", "createTicket": "CreateTicketInput",
	"sendMessage": "SendMessageInput", "startLivechat": "StartLivechatInput",
	"updateWorkspaceRules": "UpdateWorkspaceRulesInput", "setAvailability": "SetAvailabilityInput",
}

// what a conversation, an actor and a refusal show.
const fragments = `
fragment C on Conversation { id kind status handler version epoch assignee { id } originAgent { id } }
fragment A on Actor { __typename ... on Member { id } ... on AIAgent { id } }
fragment R on UserError { __typename code message field
  ... on ConflictError { current { ...C } by { ...A } at }
  ... on AlreadyAssignedError { assignee { id } current { ...C } by { ...A } at }
  ... on PlanRequiredError { feature currentPlan { name } requiredPlan { name } }
  ... on TakeoverRequiredError { assignee { id } }
  ... on NotAssigneeError { assignee { id } hint }
  ... on StaleEpochError { epoch } }
`

const eventFields = `id kind version epoch note actor { ...A } from { handler assignee { id } } to { handler assignee { id } }`

// results are what the payloads hold beside the refusals.
var results = map[string]string{
	"sendMessage": "message { id body } conversation { ...C }", "startLivechat": "conversation { ...C } contactToken",
	"updateWorkspaceRules": "workspace { id }", "setAvailability": "member { availability }",
}

func mutation(name string) string {
	result, ok := results[name]
	if !ok {
		result = "conversation { ...C } warnings { code } event { " + eventFields + " }"
	}
	return fmt.Sprintf("mutation($input: %s!) { payload: %s(input: $input) { %s userErrors { ...R } } }", inputs[name], name, result) + fragments
}

// verb sends a mutation that may be refused, and gives its payload and the
// refusal, nil when it was done.
func (c *client) verb(name string, input object) (payload, refusal object) {
	c.t.Helper()
	a := c.do(mutation(name), object{"input": input})
	payload, _ = a.at("payload").(object)
	require.NotNil(c.t, payload, a.text)
	return payload, refused(payload)
}

// must sends a mutation that has to be done, and gives its payload.
func (c *client) must(name string, input object) object {
	c.t.Helper()
	payload, refusal := c.verb(name, input)
	require.Nil(c.t, refusal, name)
	return payload
}

func refused(payload object) object {
	list, _ := payload["userErrors"].([]any)
	if len(list) == 0 {
		return nil
	}
	first, _ := list[0].(object)
	return first
}

// me is the id of the caller.
func (c *client) me() string {
	c.t.Helper()
	a := c.do(`{ viewer { member { id } aiAgent { id } } }`, nil)
	if agent, ok := a.at("viewer.aiAgent").(object); ok {
		return str(c.t, agent, "id")
	}
	return str(c.t, a.at("viewer"), "member.id")
}

// read gives a conversation as it is.
func (c *client) read(id string) object {
	c.t.Helper()
	found, _ := c.do(`query($id: ID!) { conversation(id: $id) { ...C } }`+cOnly, object{"id": id}).at("conversation").(object)
	require.NotNil(c.t, found, "there is no conversation %s", id)
	return found
}

const cOnly = ` fragment C on Conversation { id kind status handler version epoch assignee { id } originAgent { id } }`

// history gives the events of a conversation, newest first.
func (c *client) history(id string) []any {
	c.t.Helper()
	query := `query($id: ID!, $after: Cursor) { conversation(id: $id) { history(first: 100, after: $after) { nodes { ` + eventFields +
		` } pageInfo { hasNextPage endCursor } } } } fragment A on Actor { __typename ... on Member { id } ... on AIAgent { id } }`
	var out []any
	var after any
	for {
		page := c.do(query, object{"id": id, "after": after}).at("conversation.history")
		nodes, _ := at(c.t, page, "nodes").([]any)
		out = append(out, nodes...)
		if more, _ := at(c.t, page, "pageInfo.hasNextPage").(bool); !more {
			return out
		}
		after = at(c.t, page, "pageInfo.endCursor")
	}
}
