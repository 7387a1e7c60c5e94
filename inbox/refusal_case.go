package inbox

// Case is what is so where a verb is refused and the refusal's code alone would say
// too little, or something that does not help.
type Case string

// The cases. Each has one text.
const (
	CaseNotClosed          Case = "NOT_CLOSED"
	CaseClosedAlready      Case = "CLOSED_ALREADY"
	CaseOneThread          Case = "ONE_THREAD"
	CaseNoOwner            Case = "NO_OWNER"
	CaseNoAgent            Case = "NO_AGENT"
	CaseAgentRemoved       Case = "AGENT_REMOVED"
	CaseAgentAnswers       Case = "AGENT_ANSWERS"
	CaseContactsDoNotClose Case = "CONTACTS_DO_NOT_CLOSE"
)

// text is the message of the case; empty for none.
func (c Case) text() string {
	switch c {
	case CaseNotClosed:
		return "The conversation is not closed, so there is nothing to reopen. Send a message instead."
	case CaseClosedAlready:
		return "The conversation is closed already."
	case CaseOneThread:
		return "On this channel the contact has one endless thread, so no new conversation can be started beside it. Reopen this one with a reply."
	case CaseNoOwner:
		return "Nobody owns this conversation, so there is no owner to take off it."
	case CaseNoAgent:
		return "The conversation has no AI agent to return to: only a chat that an AI agent began has one."
	case CaseAgentRemoved:
		return "The AI agent that this chat came from was removed. Assign the chat to a member or a team."
	case CaseAgentAnswers:
		return "The AI agent answers this chat already."
	case CaseContactsDoNotClose:
		return "In this workspace contacts may not close their conversations. Ask the team to close it."
	}
	return ""
}
