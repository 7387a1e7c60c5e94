package access

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

func canView(a Access, c inbox.Conversation) Verdict {
	if a.Sees(c) {
		return Allow()
	}
	if scope, _ := a.VisibilityScope(c.Kind); scope >= a.Relation(c) {
		// Hidden by the owner rule, which monitors look through.
		return a.Lacks(c, workspace.PermMonitor, a.Relation(c))
	}
	return a.Lacks(c, workspace.PermView, a.Relation(c))
}

// canReply is B:S1 for members, B:H2 and B:H3 for AI agents. An AI agent also
// answers the closed chat that went back to it, which stays closed. B:C1
func canReply(a Access, c inbox.Conversation) Verdict {
	if a.Principal.Actor.Kind == workspace.ActorContact {
		return contactReply(a, c)
	}
	if v := permitTalk(a, c); !v.Allowed {
		return v
	}
	agent := a.Principal.Actor.Kind == workspace.ActorAgent
	switch {
	case c.Status == inbox.Closed && !(agent && c.Handler() == inbox.HandledByAI):
		return Refuse(DeniedByState, inbox.ConversationClosed)
	case agent:
		return agentReply(a, c)
	default:
		return memberReply(a, c)
	}
}

// contactReply ignores the status: a contact's message is never refused, and opens
// a closed conversation. B:C4
func contactReply(a Access, c inbox.Conversation) Verdict {
	if !a.Sees(c) {
		return canView(a, c)
	}
	return Allow()
}

func memberReply(a Access, c inbox.Conversation) Verdict {
	policy := a.Rules().SendPolicy
	switch {
	case policy == workspace.SendAnyone, a.owns(c):
		return Allow()
	case c.Owned():
		return Refuse(DeniedTakeover, inbox.TakeoverRequired)
	case policy == workspace.SendAssigneeAlways:
		return hinted(a, c, Refuse(DeniedNotAssigned, inbox.NotAssigned))
	}
	return Allow()
}

func agentReply(a Access, c inbox.Conversation) Verdict {
	rules := a.Rules()
	switch {
	case c.Owned() && c.AIStopped:
		return Refuse(DeniedTakeover, inbox.TakeoverRequired).because(CaseAgentStopped)
	case c.AIStopped, c.Handler() == inbox.HandledByQueue && rules.AIWhilePending == workspace.AIPausesPending:
		return Refuse(DeniedNotAssignee, inbox.NotAssignee).because(CaseAgentPaused)
	}
	return Allow()
}

// canSay is the verdict on a message: a note if the request says so.
func canSay(a Access, c inbox.Conversation, r Asked) Verdict {
	if r.Note {
		return canNote(a, c)
	}
	return canReply(a, c)
}

// canNote is for messages that the contact never sees: a caller who may reply and
// see may leave a note, for every owner and status. B:C5
func canNote(a Access, c inbox.Conversation) Verdict { return permitTalk(a, c) }

// permitTalk is the right to write into c. Who sees c only because it is offered may not
// write before they accept. B:T6
func permitTalk(a Access, c inbox.Conversation) Verdict {
	v := a.permitSeen(c, workspace.PermReply)
	if !v.Allowed && IsOffered(a, c) && a.isLiveAgent(c.Kind) {
		return Refuse(DeniedTakeover, inbox.TakeoverRequired)
	}
	return v
}

// canMonitor asks for the permission alone.
func canMonitor(a Access, c inbox.Conversation) Verdict {
	return a.Permit(c, workspace.PermMonitor, a.Relation(c))
}

func canStartNew(a Access, c inbox.Conversation) Verdict {
	switch v := canReopenAndReply(a, c); {
	case v.Case == CaseNotClosed:
		return v.because(caseGoesOn)
	case !v.Allowed:
		return v
	}
	if !slices.Contains(closedChoices(c.Channel), inbox.ActionStartNew) {
		return Refuse(DeniedByState, inbox.InvalidInput).because(CaseOneThread)
	}
	return Allow()
}
