package inbox

func (a Access) canAssign(c Conversation) Verdict {
	if v := a.permitSeen(c, PermAssign); !v.Allowed {
		return v
	}
	return notClosed(c)
}

// canClaim asks for the permission as if nobody owned, so that who comes late
// is told who won and not that the winner's conversation is out of reach. B:A4.
func (a Access) canClaim(c Conversation) Verdict {
	free := c
	free.Assignee = ""
	if v := a.permit(c, PermAssign, a.Relation(free)); !v.Allowed {
		return v
	}
	if v := a.permit(c, PermReply, a.Relation(free)); !v.Allowed {
		return v
	}
	switch {
	case a.Principal.Actor.Kind != ActorMember:
		return a.lacks(c, PermTakeover, ScopeOwn) // only people own, whatever a key was given
	case c.Status == Closed:
		return refuse(DeniedByState, ConversationClosed)
	case a.owns(c):
		return refuse(DeniedAlreadyMine, AlreadyAssignee)
	case c.Owned():
		return a.hinted(c, refuse(DeniedTakeover, AlreadyAssigned))
	}
	return allow()
}

func (a Access) canUnassign(c Conversation) Verdict {
	if v := a.permitSeen(c, PermAssign); !v.Allowed {
		return v
	}
	rule := a.Rules().Unassign
	switch {
	case c.Status == Closed:
		return refuse(DeniedByState, ConversationClosed)
	case !c.Owned():
		return refuse(DeniedNotAssigned, NotAssigned)
	case rule == UnassignByManager && !a.manages(c.Kind):
		return a.lacks(c, PermAssign, ScopeAll)
	case a.owns(c), rule == UnassignByAnyone, rule != UnassignByAssignee && a.manages(c.Kind):
		return allow()
	}
	return a.notAssignee(c)
}

// canTransfer is B:T1, B:T2 and B:T5.
func (a Access) canTransfer(c Conversation) Verdict {
	if v := a.permitSeen(c, PermTransfer); !v.Allowed {
		return v
	}
	rule := a.Rules().TransferActor
	switch {
	case c.Status == Closed:
		return refuse(DeniedByState, ConversationClosed)
	case a.owns(c):
		return allow()
	case c.Owned() && (rule == TransferByAnyone || rule == TransferByManagers && a.manages(c.Kind)):
		return allow()
	}
	return a.notAssignee(c)
}

// canTakeOver is B:K1 and B:K3.
func (a Access) canTakeOver(c Conversation) Verdict {
	if v := a.permitSeen(c, PermTakeover); !v.Allowed {
		return v
	}
	switch {
	case !a.isLiveAgent(c.Kind):
		return a.lacks(c, PermReply, ScopeOwn)
	case c.Status == Closed:
		return refuse(DeniedByState, ConversationClosed)
	case a.owns(c):
		return refuse(DeniedAlreadyMine, AlreadyAssignee)
	case c.Owned():
		return allow()
	case a.Rules().TakeoverUnassigned == TakeoverRejects:
		return a.hinted(c, refuse(DeniedNotAssigned, NotAssigned))
	}
	return a.canClaim(c)
}

// canLeave needs no permission: nobody has to keep what they own. B:L1.
func (a Access) canLeave(c Conversation) Verdict {
	switch {
	case !a.owns(c) && !a.Sees(c):
		return a.canView(c)
	case c.Status == Closed:
		return refuse(DeniedByState, ConversationClosed)
	case !c.Owned():
		return refuse(DeniedNotAssigned, NotAssigned)
	case a.Principal.Actor.Kind == ActorMember && a.owns(c):
		return allow()
	}
	return refuse(DeniedNotAssignee, NotAssignee)
}

// canHandOff is for the AI agent that handles the chat. B:H1.
func (a Access) canHandOff(c Conversation) Verdict {
	if v := a.permitSeen(c, PermHandoff); !v.Allowed {
		return v
	}
	switch {
	case c.Status == Closed:
		return refuse(DeniedByState, ConversationClosed)
	case c.Owned():
		return refuse(DeniedNotAssignee, AlreadyAssigned)
	case c.Handler() != HandledByAI, a.Principal.Actor.Kind != ActorAgent:
		return refuse(DeniedNotAssignee, NotAssignee)
	}
	return allow()
}

// isLiveAgent reports whether the caller may own conversations of the kind at all.
func (a Access) isLiveAgent(kind Kind) bool {
	return a.Principal.Actor.Kind == ActorMember && a.LiveAgent(a.Member, kind)
}

// canUndo asks the caller for the right to the change that e recorded, as if it
// were to be made now: whoever lost it cannot take the change back either. Why
// else e cannot be undone says Undoable. B:K5.
func (a Access) canUndo(c Conversation, e Event) Verdict {
	c.Ownership = e.From
	switch {
	case e.Actor != a.Principal.Actor:
		return allow()
	case e.Kind == EventTransferred:
		return a.canTransfer(c)
	case e.Kind == EventTakenOver:
		return a.canTakeOver(c)
	}
	return allow()
}

func (a Access) notAssignee(c Conversation) Verdict {
	return a.hinted(c, refuse(DeniedNotAssignee, NotAssignee))
}

// hinted adds to v what the caller could do first: never a thing that would be
// refused in turn. B:T2.
func (a Access) hinted(c Conversation, v Verdict) Verdict {
	switch {
	case c.Owned() && a.canTakeOver(c).Allowed:
		v.Hint = ActionTakeOver
	case !c.Owned() && a.canClaim(c).Allowed:
		v.Hint = ActionClaim
	}
	return v
}
