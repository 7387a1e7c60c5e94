package access

// Case is the circumstance of a refusal whose code alone would say too little or
// would suggest a wrong remedy.
type Case string

// The cases. Each has one text.
const (
	CaseNotClosed          Case = "NOT_CLOSED"
	caseGoesOn             Case = "GOES_ON"
	CaseClosedAlready      Case = "CLOSED_ALREADY"
	CaseOneThread          Case = "ONE_THREAD"
	CaseNoOwner            Case = "NO_OWNER"
	CaseNoAgent            Case = "NO_AGENT"
	CaseAgentRemoved       Case = "AGENT_REMOVED"
	CaseAgentAnswers       Case = "AGENT_ANSWERS"
	CaseAgentStopped       Case = "AGENT_STOPPED"
	CaseAgentPaused        Case = "AGENT_PAUSED"
	CaseOwnedAlready       Case = "OWNED_ALREADY"
	CaseWaitsAlready       Case = "WAITS_ALREADY"
	CaseContactsDoNotClose Case = "CONTACTS_DO_NOT_CLOSE"
	CaseContactStatus      Case = "CONTACT_STATUS"
	CaseNoOffer            Case = "NO_OFFER"
	CaseOfferedToOther     Case = "OFFERED_TO_OTHER"
	CaseAwaitsReply        Case = "AWAITS_REPLY"
	CaseAwake              Case = "AWAKE"
	CaseNobodySleeps       Case = "NOBODY_SLEEPS"
)

// text is the message of the case; empty for none.
func (c Case) text() string {
	switch c {
	case CaseNotClosed:
		return "The conversation is not closed, so there is nothing to reopen. Send a message instead."
	case caseGoesOn:
		return "The conversation is not closed, so no new one was started, and nothing was sent. Send a message in this one instead."
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
	case CaseAgentStopped:
		return "A person owns this conversation, and its AI agent may not answer. Wait until the conversation is given back."
	case CaseAgentPaused:
		return "The conversation waits for a person, and its AI agent may not answer meanwhile."
	case CaseOwnedAlready:
		return "A person owns this conversation already, so there is nothing to hand off."
	case CaseWaitsAlready:
		return "The AI agent does not answer this conversation, which waits for a person already."
	case CaseContactsDoNotClose:
		return "In this workspace contacts may not close their conversations. Ask the team to close it."
	case CaseContactStatus:
		return "A contact can close a conversation, or open one that is closed, and set no other status."
	case CaseNoOffer:
		return "The conversation is not offered to anybody."
	case CaseOfferedToOther:
		return "The conversation is not offered to you, so you can neither accept nor decline it."
	case CaseAwaitsReply:
		return "The contact awaits a reply, so the conversation cannot sleep until they write again. Reply first, or name a time."
	case CaseAwake:
		return "The conversation is not asleep."
	case CaseNobodySleeps:
		return "Nobody owns this conversation, and only one that somebody owns can sleep. Give it to a member."
	}
	return ""
}
