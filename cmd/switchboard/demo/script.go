package demo

import (
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/desk"
)

// Channel is where the chats of the demo's own page for visitors come from. The
// script answers in these and in no others.
const Channel = "demo"

// Line is the reaction of the scripted AI agent to one message.
type Line struct {
	// Say is its answer.
	Say string
	// HandOff means that the agent requests a person afterwards, at To.
	HandOff bool
	To      desk.HandoffTarget
}

// Answer returns the AI agent's reaction to a visitor's message in c. It is empty
// once a person answers, and for chats that the page did not start.
func Answer(c inbox.Conversation, said string) (Line, bool) {
	if c.Channel != Channel || c.OriginAgent == "" || c.Status == inbox.Closed {
		return Line{}, false
	}
	switch c.Handler() {
	case inbox.HandledByAI:
		return answerAlone(c, said), true
	case inbox.HandledByQueue:
		return Line{Say: "I have passed that on: whoever takes over will read it first."}, true
	case inbox.HandledByPerson:
	}
	return Line{}, false
}

func answerAlone(c inbox.Conversation, said string) Line {
	if mentions(said, "person", "human", "somebody", "someone", "colleague") {
		return askForPerson(c, said)
	}
	for _, h := range hints() {
		if mentions(said, h.words...) {
			return Line{Say: h.says}
		}
	}
	return Line{Say: "I am only a script: I know about parcels, sizes, refunds and invoices. Ask me for a person whenever you like."}
}

// hint is the script's answer about one subject.
type hint struct {
	words []string
	says  string
}

func hints() []hint {
	return []hint{
		{[]string{"parcel", "order", "deliver", "tracking"}, "Parcels take two to four days. The link in your e-mail shows where yours is. Shall I get a person?"},
		{[]string{"size", "fit", "tent", "jacket"}, "Our sizes run small: take one more than usual, and send back what does not fit."},
		{[]string{"refund", "money"}, "Refunds leave us within a day, and banks need two or three more. Shall I get a person from billing?"},
		{[]string{"invoice", "bill", "vat"}, "Invoices are in your account under Orders. For a change of one, ask me for a person."},
		{[]string{"thank", "bye"}, "You are welcome!"},
	}
}

// askForPerson sends questions about money to the team Billing, where nobody is
// online in the demo, so that there is a queue to see; all others go to any free
// member.
func askForPerson(c inbox.Conversation, said string) Line {
	if c.Workspace == "demo" && mentions(c.Subject+" "+said, "invoice", "bill", "vat", "refund", "money") {
		return Line{Say: "I ask our billing team. Nobody is free there yet, so you are in line; stay here.", HandOff: true, To: desk.HandoffTarget{Team: teamID(c.Workspace, "billing")}}
	}
	return Line{Say: "Of course. I ask for somebody who can help you.", HandOff: true}
}

func mentions(text string, words ...string) bool {
	text = strings.ToLower(text)
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
