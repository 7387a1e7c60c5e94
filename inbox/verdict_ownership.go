package inbox

// canChange is the verdict on a row of the table of ownership changes: plan and
// permission, then state, then the workspace's rules.
func (a Access) canChange(c Conversation, row OwnershipChange) Verdict {
	if row.Permission != "" {
		if v := a.permitChange(c, row); !v.Allowed {
			return v
		}
	}
	switch {
	case c.Status == Closed:
		return refuse(DeniedByState, ConversationClosed)
	case row.Allowed == nil || row.Allowed(a, c.Kind):
		return allow()
	case row.Action == ActionUnassign && a.Rules().Unassign == UnassignByManager:
		return a.lacks(c, PermAssign, ScopeAll)
	}
	return a.notAssignee(c)
}

// permitChange checks plan and permission. For a claim it checks as if the
// conversation were unassigned, so that a late caller gets an error that names the
// winner, and not one about the visibility of the winner's conversation. B:A4.
func (a Access) permitChange(c Conversation, row OwnershipChange) Verdict {
	if row.Action != ActionClaim {
		v := a.permitSeen(c, row.Permission)
		if v.Allowed && row.After == HeldByMe && !a.isLiveAgent(c.Kind) {
			return a.lacks(c, PermReply, ScopeOwn)
		}
		return v
	}
	free := c
	free.Assignee = ""
	if v := a.permitSeen(free, PermClaim); !v.Allowed {
		return v
	}
	return a.permit(c, PermReply, a.Relation(free))
}

// canGive is the verdict on giving c to somebody by the assign panel: that of the
// change which this is. B:A1, B:A2
func (a Access) canGive(c Conversation, to Owner) Verdict {
	row, ok := ownershipChange(a.holder(c), a.held(to))
	switch {
	case !ok: // it is mine already, which the target's check says
		return a.canAssign(c)
	case to.Member != "" && to.Member == c.Assignee:
		row.Allowed = nil // no change, which the target's check says
	}
	return a.canChange(c, row)
}

// canAssign is the verdict on giving c to somebody else.
func (a Access) canAssign(c Conversation) Verdict { return a.canGive(c, Owner{}) }

// canClaim is B:A4.
func (a Access) canClaim(c Conversation) Verdict {
	row, _ := ownershipChange(HeldByNobody, HeldByMe)
	v := a.canChange(c, row)
	switch {
	case v.byPolicy():
		return v
	case a.Principal.Actor.Kind != ActorMember:
		return a.lacks(c, PermTakeover, ScopeOwn) // only people own, whatever permissions a key has
	case !v.Allowed:
		return v
	case a.owns(c):
		return refuse(DeniedAlreadyMine, AlreadyAssignee)
	case c.Owned():
		return a.hinted(c, refuse(DeniedTakeover, AlreadyAssigned))
	}
	return v
}

// canUnassign is B:O6 and B:O7.
func (a Access) canUnassign(c Conversation) Verdict {
	if row, ok := ownershipChange(a.holder(c), HeldByNobody); ok {
		return a.canChange(c, row)
	}
	row, _ := ownershipChange(HeldByOther, HeldByNobody)
	row.Allowed = nil
	if v := a.canChange(c, row); !v.Allowed {
		return v
	}
	return refuse(DeniedNotAssigned, NotAssigned).because(CaseNoOwner)
}

// canReturn is B:O8 and B:C7.
func (a Access) canReturn(c Conversation) Verdict {
	row, _ := ownershipChange(a.holder(c), HeldByAgent)
	if v := a.canChange(c, row); !v.Allowed {
		return v
	}
	switch no := refuse(DeniedByState, InvalidInput); {
	case !c.hasAgent():
		return no.because(CaseNoAgent)
	case a.Directory.Agents[c.OriginAgent].Removed:
		return no.because(CaseAgentRemoved)
	case c.Handler() == HandledByAI:
		return no.because(CaseAgentAnswers)
	}
	return allow()
}

// canTransfer is B:T1, B:T2 and B:T5.
func (a Access) canTransfer(c Conversation) Verdict {
	if c.Owned() {
		return a.canAssign(c)
	}
	row, _ := ownershipChange(HeldByMe, HeldByOther)
	if v := a.canChange(c, row); !v.Allowed {
		return v
	}
	return a.notAssignee(c)
}

// canTransferTo is canTransfer with the next owner known. To oneself is refused
// with the target. B:T2
func (a Access) canTransferTo(c Conversation, to Owner) Verdict {
	if c.Owned() && a.held(to) != HeldByMe {
		return a.canGive(c, to)
	}
	return a.canTransfer(c)
}

// canTakeOver is B:K1 and B:K3. On an unassigned conversation it is a claim, with
// the conditions of a claim.
func (a Access) canTakeOver(c Conversation) Verdict {
	if !c.Owned() && a.Rules().TakeoverUnassigned == TakeoverClaims {
		return a.canClaim(c)
	}
	row, _ := ownershipChange(HeldByOther, HeldByMe)
	switch v := a.canChange(c, row); {
	case !v.Allowed:
		return v
	case a.owns(c):
		return refuse(DeniedAlreadyMine, AlreadyAssignee)
	case !c.Owned():
		return a.hinted(c, refuse(DeniedNotAssigned, NotAssigned))
	}
	return allow()
}

// canLeave needs no permission: nobody has to keep what they own. B:L1.
func (a Access) canLeave(c Conversation) Verdict {
	switch {
	case !a.owns(c) && !a.Sees(c):
		return a.canView(c)
	case c.Status == Closed:
		return refuse(DeniedByState, ConversationClosed)
	case !c.Owned():
		return refuse(DeniedNotAssigned, NotAssigned).because(CaseNoOwner)
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
		return refuse(DeniedNotAssignee, AlreadyAssigned).because(CaseOwnedAlready)
	case c.Handler() != HandledByAI, a.Principal.Actor.Kind != ActorAgent:
		return refuse(DeniedNotAssignee, NotAssignee).because(CaseWaitsAlready)
	}
	return allow()
}

// isLiveAgent reports whether the caller may own conversations of the kind at all.
func (a Access) isLiveAgent(kind Kind) bool {
	return a.Principal.Actor.Kind == ActorMember && a.LiveAgent(a.Member, kind)
}

// canUndo requires the right to make the recorded change of e now: a caller who
// lost that right cannot undo it either. Undoable holds the other conditions. B:K5.
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

// hinted adds to v an action that the caller could do first: never one that would
// be refused in turn. B:T2.
func (a Access) hinted(c Conversation, v Verdict) Verdict {
	switch {
	case c.Owned() && a.canTakeOver(c).Allowed:
		v.Hint = ActionTakeOver
	case !c.Owned() && a.canClaim(c).Allowed:
		v.Hint = ActionClaim
	}
	return v
}
