package demo

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// scenario is the course of one conversation, step by step.
type scenario struct {
	kind  workspace.Kind
	steps []step
}

func chat(steps ...step) scenario   { return scenario{workspace.Livechat, steps} }
func ticket(steps ...step) scenario { return scenario{workspace.Ticket, steps} }

// fullScript shows every state and every verb.
func fullScript() []scenario {
	return []scenario{
		chat(start("ai"), answerAI(), contactSays()),
		chat(start("ai"), answerAI(), handOff("billing")),
		chat(start("ai"), answerAI(), handOff("support"), answer(), contactSays()),
		chat(start("ai"), answerAI(), claim("agent1"), answer()),
		chat(start("ai2"), handOff("sales"), answer(), closeIt()),
		chat(start("ai"), claim("agent1"), answer(), transfer("agent2", "Knows the customer from last week."), answer()),
		chat(start("ai"), answerAI(), claim("agent2"), answer(), takeOver("manager", "I am the manager here and take care of this myself.")),
		chat(start("ai"), claim("agent1"), answer(), leave(), contactSays()),
		chat(start("ai"), answerAI(), closeBy("manager")),
		chat(start("ai"), claim("senior1"), answer(), closeIt(), reopen("senior1"), contactSays()),
		chat(start("ai"), claim("agent3"), transferTeam("billing", "About an invoice."), note("manager", "Waiting for accounting.")),
		chat(start("ai"), claim("agent2"), takeOver("senior1", ""), undo(), answer()),
		chat(start(""), answer(), contactSays()),
		chat(start("ai"), claim("agent1"), answer(), status(inbox.Unset)),
		ticket(create("agent1", ""), answer(), contactSays()),
		ticket(create("", "billing"), note("manager", "Please look at the second page of the invoice.")),
		ticket(create("agent2", ""), answer(), closeIt()),
		ticket(create("", "support"), assign("agent1"), answer(), transfer("agent2", "Out of office next week."), answer()),
		ticket(create("agent3", ""), unassign("manager"), status(inbox.Unset)),
		ticket(create("agent2", ""), answer(), takeOver("manager", "Let me help with this one."), contactSays(), closeIt()),
	}
}

// freeScript uses only features of the lowest plan.
func freeScript() []scenario {
	return []scenario{
		chat(start("ai"), answerAI(), contactSays()),
		chat(start("ai"), answerAI(), claim("agent1"), answer()),
		chat(start("ai"), handOff("support"), answer()),
		chat(start("ai"), claim("agent2"), answer(), takeOver("manager", "I take this one.")),
		chat(start("ai"), claim("agent1"), closeIt()),
		ticket(create("agent1", ""), answer()),
		ticket(create("", "support")),
		ticket(create("agent2", ""), closeIt()),
	}
}
