package blackbox_test

import (
	"fmt"
	"slices"
	"strings"
)

// faultDocuments are the mutations: the type of the input, and what is asked of
// the payload.
var faultDocuments = map[string][2]string{
	"assignConversation":    {"AssignConversationInput", faultOwnership},
	"claimConversation":     {"ConversationInput", faultOwnership},
	"unassignConversation":  {"ConversationInput", faultOwnership},
	"leaveConversation":     {"ConversationInput", faultOwnership},
	"transferConversation":  {"TransferConversationInput", faultOwnership},
	"takeOverConversation":  {"TakeOverConversationInput", faultOwnership},
	"undoOwnershipChange":   {"UndoInput", faultOwnership},
	"requestHandoff":        {"RequestHandoffInput", faultOwnership},
	"setConversationStatus": {"SetStatusInput", faultOwnership},
	"createTicket":          {"CreateTicketInput", faultOwnership},
	"acceptOffer":           {"OfferInput", faultOwnership},
	"declineOffer":          {"DeclineOfferInput", faultOwnership},
	"withdrawOffer":         {"OfferInput", faultOwnership},
	"actOnConversations":    {"BulkInput", faultBulk},
	"startLivechat":         {"StartLivechatInput", faultConversation + " contactToken"},
	"sendMessage":           {"SendMessageInput", faultMessage},
	"reopenAndReply":        {"SendMessageInput", faultMessage},
	"startNewConversation":  {"StartNewInput", faultMessage},
	"setAvailability":       {"SetAvailabilityInput", "member { availability }"},
	"markNotificationsRead": {"MarkNotificationsReadInput", "unreadCount"},
	"showAttention":         {"ShowAttentionInput", "validFor"},
}

const (
	faultConversation = "conversation { ...F }"
	faultOwnership    = faultConversation + " event { id kind version epoch from { ...O } to { ...O } offer { ...P } }"
	faultMessage      = faultConversation + " message { id }"
)

// faultDocument is what a caller sends; a contact may ask for less, and only members and AI
// agents for offers.
func faultDocument(verb string, contact, offers bool) string {
	d := faultDocuments[verb]
	if contact {
		return fmt.Sprintf(`mutation($input: %s!) { done: %s(input: $input) { message { id } userErrors { code message } } }`, d[0], verb)
	}
	text := fmt.Sprintf(`mutation($input: %s!) { done: %s(input: $input) { %s userErrors { code message ...S } } }
		fragment S on UserError { ... on ConflictError { current { ...F } } ... on AlreadyAssignedError { current { ...F } }
			... on OfferSettledError { current { ...F } } }`, d[0], verb, d[1])
	if strings.Contains(d[1], "...O") {
		text += ` fragment O on Ownership { status assignee { id } }`
	}
	offer := ""
	if offers {
		offer = "offer { ...P }"
		text += ` fragment P on TransferOffer { id status member { id } }`
	}
	return text + ` fragment F on Conversation { id kind status handler version epoch assignee { id } originAgent { id } ` + offer + ` }`
}

// faultVerb makes an input, nil when there is nothing to do it to.
type faultVerb func(*faultClient) (verb string, input object)

// The verbs of each kind of caller. What stands twice is done twice as often.
var (
	faultMemberVerbs = []faultVerb{
		faultClaim, faultClaim, faultAssign, faultAssign, faultTransfer, faultTransfer, faultTransfer, faultTakeOver, faultTakeOver,
		faultTakeOverAndSend, faultLeave, faultLeave, faultUnassign, faultClose, faultClose, faultReopen, faultUnset, faultSend, faultSend,
		faultNote, faultReopenAndReply, faultStartNew, faultCreateTicket, faultStartLivechat, faultUndo, faultUndo, faultAvailability,
		faultMarkRead, faultMany, faultMany, faultOffer, faultOffer, faultOffer, faultAccept, faultAccept, faultDecline, faultDecline,
		faultWithdraw, faultShowAttention,
	}
	faultAgentVerbs   = []faultVerb{faultHandOff, faultHandOff, faultHandOff, faultAgentSend, faultStartLivechat}
	faultContactVerbs = []faultVerb{faultContactSend, faultContactSend, faultContactReopen}
)

// choose decides what to do next; not ok when there is nothing to do it to.
func (c *faultClient) choose() (act faultAct, ok bool) {
	c.asked = ""
	act.verb, act.input = c.verbs[c.random.IntN(len(c.verbs))](c)
	act.on = c.asked
	act.bare = slices.Contains([]string{"setAvailability", "markNotificationsRead", "showAttention"}, act.verb)
	return act, act.input != nil
}

// learn keeps what the next choices are made by.
func (c *faultClient) learn(a faultAnswer) {
	if a.failed == "" && a.code == "" {
		c.run.acked.Add(1)
	}
	for _, heard := range []any{dig(a.payload, "conversation"), dig(refused(a.payload), "current")} {
		if conversation, ok := heard.(object); ok {
			c.run.known.hear(conversation)
		}
	}
	if (a.verb == "transferConversation" || a.verb == "takeOverConversation") && a.event != "" {
		c.undo = globalID("AssignmentEvent", a.event)
	}
}

// on picks a conversation of which wanted probably holds, and sometimes names
// the version that was last heard of.
func (c *faultClient) on(wanted func(object) bool) object {
	conversation := c.run.known.pick(c.random, wanted)
	if conversation == nil {
		return nil
	}
	input := object{"conversationId": conversation["id"]}
	if c.random.IntN(3) == 0 {
		input["expectedVersion"] = conversation["version"]
	}
	return input
}

func (c *faultClient) owns(conversation object) bool {
	return dig(conversation, "assignee", "id") == c.me
}

func (c *faultClient) others(conversation object) bool {
	return dig(conversation, "assignee", "id") != nil && !c.owns(conversation)
}

func faultUnowned(conversation object) bool { return dig(conversation, "assignee", "id") == nil }

func faultClosed(conversation object) bool { return conversation["status"] == "CLOSED" }

// target is a member, or one time in three a team.
func (c *faultClient) target() object {
	if c.random.IntN(3) == 0 {
		return object{"teamId": globalID("Team", string(faultTeam(c.random.IntN(3))))}
	}
	return object{"memberId": globalID("Member", string(faultMember(c.random.IntN(faultMembers))))}
}

func faultWith(input object, name string, value any) object {
	if input != nil {
		input[name] = value
	}
	return input
}

func faultClaim(c *faultClient) (string, object) { return "claimConversation", c.on(faultUnowned) }

func faultAssign(c *faultClient) (string, object) {
	return "assignConversation", faultWith(c.on(faultUnowned), "to", c.target())
}

func faultTransfer(c *faultClient) (string, object) {
	return "transferConversation", faultWith(faultWith(c.on(c.owns), "to", c.target()), "note", "Knows the customer.")
}

func faultTakeOver(c *faultClient) (string, object) { return "takeOverConversation", c.on(c.others) }

func faultTakeOverAndSend(c *faultClient) (string, object) {
	return "takeOverConversation", faultWith(c.on(c.others), "message", "I take care of this.")
}

func faultLeave(c *faultClient) (string, object) { return "leaveConversation", c.on(c.owns) }

func faultUnassign(c *faultClient) (string, object) { return "unassignConversation", c.on(c.owns) }

func faultClose(c *faultClient) (string, object) {
	return "setConversationStatus", faultWith(c.on(c.owns), "status", "CLOSED")
}

func faultReopen(c *faultClient) (string, object) {
	return "setConversationStatus", faultWith(c.on(faultClosed), "status", "OPEN")
}

func faultUnset(c *faultClient) (string, object) {
	return "setConversationStatus", faultWith(c.on(c.owns), "status", "UNSET")
}

// message is the input of what takes no version.
func (c *faultClient) message(wanted func(object) bool, body string) object {
	input := faultWith(c.on(wanted), "body", body)
	delete(input, "expectedVersion")
	return input
}

func faultSend(c *faultClient) (string, object) {
	return "sendMessage", c.message(c.owns, "How can I help?")
}

func faultNote(c *faultClient) (string, object) {
	return "sendMessage", faultWith(c.message(c.others, "A note."), "internal", true)
}

func faultReopenAndReply(c *faultClient) (string, object) {
	return "reopenAndReply", c.message(faultClosed, "One more thing.")
}

func faultStartNew(c *faultClient) (string, object) {
	return "startNewConversation", c.message(faultClosed, "Something new.")
}

func faultCreateTicket(c *faultClient) (string, object) {
	return "createTicket", object{"subject": "It does not work", "contact": object{"name": "Tom"}, "to": c.target()}
}

func faultStartLivechat(c *faultClient) (string, object) {
	return "startLivechat", object{"contact": object{"name": "Vera"}, "message": "Hello?", "aiAgentId": globalID("AIAgent", string(faultAgent(c.random.IntN(2))))}
}

func faultUndo(c *faultClient) (string, object) {
	if c.undo == "" {
		return "undoOwnershipChange", nil
	}
	event := c.undo
	c.undo = ""
	return "undoOwnershipChange", object{"eventId": event}
}

func faultAvailability(c *faultClient) (string, object) {
	all := []string{"ONLINE", "ONLINE", "ONLINE", "AWAY", "OFFLINE"}
	return "setAvailability", object{"availability": all[c.random.IntN(len(all))]}
}

func faultMarkRead(*faultClient) (string, object) {
	return "markNotificationsRead", object{"all": true}
}

func faultShowAttention(c *faultClient) (string, object) {
	input := c.on(c.others)
	delete(input, "expectedVersion")
	return "showAttention", faultWith(input, "kind", "TYPING")
}

// from is whether the conversation came from this AI agent.
func (c *faultClient) from(conversation object) bool {
	return dig(conversation, "originAgent", "id") == c.me && conversation["handler"] == "AI" && !faultClosed(conversation)
}

func faultHandOff(c *faultClient) (string, object) {
	to := c.target()
	if c.random.IntN(2) == 0 {
		to = object{"anyone": true}
	}
	return "requestHandoff", faultWith(faultWith(c.on(c.from), "to", to), "requireOnline", c.random.IntN(4) > 0)
}

func faultAgentSend(c *faultClient) (string, object) {
	conversation := c.run.known.pick(c.random, c.from)
	if conversation == nil {
		return "sendMessage", nil
	}
	return "sendMessage", object{"conversationId": conversation["id"], "body": "Let me see.", "epoch": conversation["epoch"]}
}

func faultContactSend(c *faultClient) (string, object) {
	return "sendMessage", object{"conversationId": c.mine, "body": "Are you there?"}
}

func faultContactReopen(c *faultClient) (string, object) {
	return "reopenAndReply", object{"conversationId": c.mine, "body": "It is broken again."}
}
