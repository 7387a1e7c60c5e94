package inbox

// canClose is B:C1 and B:C2.
func (a Access) canClose(c Conversation) Verdict {
	v := a.closer(c)
	if !v.byPolicy() && c.Status == Closed {
		return refuse(DeniedByState, ConversationClosed).because(CaseClosedAlready)
	}
	return v
}

// closer is the verdict on closing c, and on changing the status of a conversation
// that is not closed, whatever the status is.
func (a Access) closer(c Conversation) Verdict {
	switch a.Principal.Actor.Kind {
	case ActorContact:
		return a.closesOwn(c)
	case ActorPartner:
		if a.closesFed(c) {
			return allow()
		}
	case ActorMember, ActorAgent, ActorSystem:
	}
	if v := a.permitSeen(c, PermClose); !v.Allowed {
		return v
	}
	if a.Principal.Actor.Kind == ActorAgent {
		return a.closesForAgent(c)
	}
	rule := a.Rules().CloseActor
	if a.owns(c) || rule == CloseByAnyone || rule == CloseByAssigneeOrManager && a.manages(c.Kind) {
		return allow()
	}
	return a.notAssignee(c)
}

// closesOwn is for the contact, by rule contactMayClose.
func (a Access) closesOwn(c Conversation) Verdict {
	switch {
	case !a.Sees(c):
		return a.canView(c)
	case !a.Rules().ContactMayClose:
		return a.lacks(c, PermClose, ScopeOwn).because(CaseContactsDoNotClose)
	}
	return allow()
}

// closesFed is for an API key, which closes conversations that it feeds without
// seeing them.
func (a Access) closesFed(c Conversation) bool {
	return a.feeds(c).Allowed && a.permit(c, PermClose, ScopeAll).Allowed
}

// closesForAgent is for an AI agent: its chats that no person owns, while it may
// answer them.
func (a Access) closesForAgent(c Conversation) Verdict {
	if v := a.agentReply(c); !c.Owned() && !v.Allowed {
		return v
	}
	if c.Owned() {
		return a.notAssignee(c)
	}
	return allow()
}

// canReopen asks for the right to reply, as every door to a reopening does. B:C3
func (a Access) canReopen(c Conversation) Verdict { return a.canReopenAndReply(c) }

// canSetStatus is for OPEN and UNSET: they reopen a closed conversation, and change
// the status of others for callers who may close them. A contact can only reopen.
// B:C3
func (a Access) canSetStatus(c Conversation, to Status) Verdict {
	contact := a.Principal.Actor.Kind == ActorContact
	switch {
	case contact && !a.Sees(c):
		return a.canView(c)
	case c.Status == to: // which is refused as nothing to do
		if contact {
			return allow()
		}
		return a.permitSeen(c, PermReply)
	case contact && (to != Open || c.Status != Closed):
		return refuse(DeniedByState, InvalidInput).because(CaseContactStatus)
	case c.Status == Closed:
		return a.canReopen(c)
	}
	return a.closer(c)
}

func (a Access) canReopenAndReply(c Conversation) Verdict {
	if a.Principal.Actor.Kind != ActorContact {
		if v := a.permitSeen(c, PermReply); !v.Allowed {
			return v
		}
	}
	if !a.Sees(c) {
		return a.canView(c)
	}
	if v := onlyClosed(c); !v.Allowed || a.Principal.Actor.Kind != ActorAgent {
		return v
	}
	return a.agentReply(c) // an agent that was stopped stays so. B:H3.
}

func onlyClosed(c Conversation) Verdict {
	if c.Status != Closed {
		return refuse(DeniedByState, InvalidInput).because(CaseNotClosed)
	}
	return allow()
}
