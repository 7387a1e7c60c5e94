package inbox

import "slices"

func (a Access) canView(c Conversation) Verdict {
	if a.Sees(c) {
		return allow()
	}
	if scope, _ := a.sight(c.Kind); scope >= a.Relation(c) {
		// Hidden by the owner rule, which monitors look through.
		return a.lacks(c, PermMonitor, a.Relation(c))
	}
	return a.lacks(c, PermView, a.Relation(c))
}

// canReply is B:S1 for members, B:H2 and B:H3 for AI agents. An AI agent also
// answers the closed chat that went back to it, which stays closed. B:C1
func (a Access) canReply(c Conversation) Verdict {
	if a.Principal.Actor.Kind == ActorContact {
		return a.contactReply(c)
	}
	if v := a.permitSeen(c, PermReply); !v.Allowed {
		return v
	}
	agent := a.Principal.Actor.Kind == ActorAgent
	switch {
	case c.Status == Closed && !(agent && c.Handler() == HandledByAI):
		return refuse(DeniedByState, ConversationClosed)
	case agent:
		return a.agentReply(c)
	default:
		return a.memberReply(c)
	}
}

// contactReply ignores the status: a contact's message is never refused, and opens
// a closed conversation. B:C4
func (a Access) contactReply(c Conversation) Verdict {
	if !a.Sees(c) {
		return a.canView(c)
	}
	return allow()
}

func (a Access) memberReply(c Conversation) Verdict {
	policy := a.Rules().SendPolicy
	switch {
	case policy == SendAnyone, a.owns(c):
		return allow()
	case c.Owned():
		return refuse(DeniedTakeover, TakeoverRequired)
	case policy == SendAssigneeAlways:
		return a.hinted(c, refuse(DeniedNotAssigned, NotAssigned))
	}
	return allow()
}

func (a Access) agentReply(c Conversation) Verdict {
	rules := a.Rules()
	switch {
	case c.Owned() && c.AIStopped:
		return refuse(DeniedTakeover, TakeoverRequired).because(CaseAgentStopped)
	case c.AIStopped, c.Handler() == HandledByQueue && rules.AIWhilePending == AIPausesPending:
		return refuse(DeniedNotAssignee, NotAssignee).because(CaseAgentPaused)
	}
	return allow()
}

// canNote is for messages that the contact never sees: a caller who may reply and
// see may leave a note, for every owner and status. B:C5
func (a Access) canNote(c Conversation) Verdict { return a.permitSeen(c, PermReply) }

func (a Access) canStartNew(c Conversation) Verdict {
	if v := a.canReopenAndReply(c); !v.Allowed {
		return v
	}
	if !slices.Contains(ClosedChoices(c.Channel), ActionStartNew) {
		return refuse(DeniedByState, InvalidInput).because(CaseOneThread)
	}
	return allow()
}
