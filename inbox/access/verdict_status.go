package access

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// canClose is B:C1 and B:C2, and for a note the right to write one. B:C5
func canClose(a Access, c inbox.Conversation, r Asked) Verdict {
	v := closer(a, c)
	switch {
	case !v.ByPolicy() && c.Status == inbox.Closed:
		return Refuse(DeniedByState, inbox.ConversationClosed).because(CaseClosedAlready)
	case v.Allowed && r.Note && !Feeds(a, c).Allowed:
		return canNote(a, c)
	}
	return v
}

// closer is the verdict on closing c, and on changing the status of a conversation
// that is not closed, whatever the status is.
func closer(a Access, c inbox.Conversation) Verdict {
	switch a.Principal.Actor.Kind {
	case workspace.ActorContact:
		return closesOwn(a, c)
	case workspace.ActorPartner:
		if closesFed(a, c) {
			return Allow()
		}
	case workspace.ActorMember, workspace.ActorAgent, workspace.ActorSystem:
	}
	if v := a.permitSeen(c, workspace.PermClose); !v.Allowed {
		return v
	}
	if a.Principal.Actor.Kind == workspace.ActorAgent {
		return closesForAgent(a, c)
	}
	rule := a.Rules().CloseActor
	if a.owns(c) || rule == workspace.CloseByAnyone || rule == workspace.CloseByAssigneeOrManager && a.manages(c.Kind) {
		return Allow()
	}
	return notAssignee(a, c)
}

// closesOwn is for the contact, by rule contactMayClose.
func closesOwn(a Access, c inbox.Conversation) Verdict {
	switch {
	case !a.Sees(c):
		return canView(a, c)
	case !a.Rules().ContactMayClose:
		return a.Lacks(c, workspace.PermClose, workspace.ScopeOwn).because(CaseContactsDoNotClose)
	}
	return Allow()
}

// closesFed is for an API key, which closes conversations that it feeds without
// seeing them.
func closesFed(a Access, c inbox.Conversation) bool {
	return Feeds(a, c).Allowed && a.Permit(c, workspace.PermClose, workspace.ScopeAll).Allowed
}

// closesForAgent is for an AI agent: its chats that no person owns, while it may
// answer them.
func closesForAgent(a Access, c inbox.Conversation) Verdict {
	if v := agentReply(a, c); !c.Owned() && !v.Allowed {
		return v
	}
	if c.Owned() {
		return notAssignee(a, c)
	}
	return Allow()
}

// canReopen asks for the right to reply, as every door to a reopening does, and
// judges the status if the request names one. B:C3
func canReopen(a Access, c inbox.Conversation, r Asked) Verdict {
	if r.Status != "" {
		return canSetStatus(a, c, r)
	}
	return canReopenAndReply(a, c)
}

// canSetStatus judges a status that is set, and refuses a contact who reopens a
// conversation after rule reopenWindow: the contact's message begins a new
// conversation then. B:C3, B:C4
func canSetStatus(a Access, c inbox.Conversation, r Asked) Verdict {
	v := mayHaveStatus(a, c, r.Status)
	contact := a.Principal.Actor.Kind == workspace.ActorContact
	if v.Allowed && contact && c.Status == inbox.Closed && !Reopens(c, a.Rules(), r.At) {
		return Refuse(DeniedByState, inbox.ConversationClosed)
	}
	return v
}

// Reopens reports whether a contact's message opens a closed conversation, by rule
// reopenWindow. Only closing ends the window. B:C4
func Reopens(c inbox.Conversation, rules workspace.Rules, now time.Time) bool {
	return rules.ReopenWindow == 0 || now.Sub(c.Changed.At) <= rules.ReopenWindow
}

// mayHaveStatus is for OPEN and UNSET: they reopen a closed conversation, and change
// the status of others for callers who may close them. A contact can only reopen.
// B:C3
func mayHaveStatus(a Access, c inbox.Conversation, to inbox.Status) Verdict {
	contact := a.Principal.Actor.Kind == workspace.ActorContact
	switch {
	case contact && !a.Sees(c):
		return canView(a, c)
	case c.Status == to: // which is refused as nothing to do
		if contact {
			return Allow()
		}
		return a.permitSeen(c, workspace.PermReply)
	case contact && (to != inbox.Open || c.Status != inbox.Closed):
		return Refuse(DeniedByState, inbox.InvalidInput).because(CaseContactStatus)
	case c.Status == inbox.Closed:
		return canReopenAndReply(a, c)
	}
	return closer(a, c)
}

func canReopenAndReply(a Access, c inbox.Conversation) Verdict {
	if a.Principal.Actor.Kind != workspace.ActorContact {
		if v := a.permitSeen(c, workspace.PermReply); !v.Allowed {
			return v
		}
	}
	if !a.Sees(c) {
		return canView(a, c)
	}
	if v := onlyClosed(c); !v.Allowed || a.Principal.Actor.Kind != workspace.ActorAgent {
		return v
	}
	return agentReply(a, c) // an agent that was stopped stays so. B:H3.
}

func onlyClosed(c inbox.Conversation) Verdict {
	if c.Status != inbox.Closed {
		return Refuse(DeniedByState, inbox.InvalidInput).because(CaseNotClosed)
	}
	return Allow()
}
