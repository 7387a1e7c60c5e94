package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// CanChange is the verdict on a row of the table of ownership changes: plan and
// permission, then state, then the workspace's rules.
func CanChange(a Access, c inbox.Conversation, row OwnershipChange) Verdict {
	if row.Permission != "" {
		if v := permitChange(a, c, row); !v.Allowed {
			return v
		}
	}
	switch {
	case c.Status == inbox.Closed:
		return Refuse(DeniedByState, inbox.ConversationClosed)
	case row.Allowed == nil || row.Allowed(a, c.Kind):
		return Allow()
	case row.Action == inbox.ActionUnassign && a.Rules().Unassign == workspace.UnassignByManager:
		return a.Lacks(c, workspace.PermAssign, workspace.ScopeAll)
	}
	return notAssignee(a, c)
}

// permitChange checks plan and permission. For a claim it checks as if the
// conversation were unassigned, so that a late caller gets an error that names the
// winner, and not one about the visibility of the winner's conversation. B:A4.
func permitChange(a Access, c inbox.Conversation, row OwnershipChange) Verdict {
	if row.Action != inbox.ActionClaim {
		v := a.permitSeen(c, row.Permission)
		if v.Allowed && row.After == HeldByMe && !a.isLiveAgent(c.Kind) {
			return a.Lacks(c, workspace.PermReply, workspace.ScopeOwn)
		}
		return v
	}
	free := c
	free.Assignee = ""
	if v := a.permitSeen(free, workspace.PermClaim); !v.Allowed {
		return v
	}
	return a.Permit(c, workspace.PermReply, a.Relation(free))
}

// canGive is the verdict on giving c to somebody: that of the change which this is,
// or of giving it to somebody else if the request names nobody. B:A1, B:A2
func canGive(a Access, c inbox.Conversation, r Asked) Verdict {
	row, ok := ownershipChange(a.Holder(c), a.Held(r.To))
	switch {
	case !ok: // it is mine already, which the target's check says
		return canGive(a, c, Asked{})
	case r.To.Member != "" && r.To.Member == c.Assignee:
		row.Allowed = nil // no change, which the target's check says
	}
	return CanChange(a, c, row)
}

// ChangeTo is the verb by which the assign panel gives c to an owner: that of the row
// of the table, and ASSIGN for what is no change. B:O1 to B:O5
func ChangeTo(a Access, c inbox.Conversation, to Owner) inbox.Action {
	if row, ok := ownershipChange(a.Holder(c), a.Held(to)); ok {
		return row.Action
	}
	return inbox.ActionAssign
}

// canClaim is B:A4.
func canClaim(a Access, c inbox.Conversation) Verdict {
	row, _ := ownershipChange(HeldByNobody, HeldByMe)
	v := CanChange(a, c, row)
	switch {
	case v.ByPolicy():
		return v
	case a.Principal.Actor.Kind != workspace.ActorMember:
		return a.Lacks(c, workspace.PermTakeover, workspace.ScopeOwn) // only people own, whatever permissions a key has
	case !v.Allowed:
		return v
	case a.owns(c):
		return Refuse(DeniedAlreadyMine, inbox.AlreadyAssignee)
	case c.Owned():
		return hinted(a, c, Refuse(DeniedTakeover, inbox.AlreadyAssigned))
	}
	return v
}

// canUnassign is B:O6 and B:O7.
func canUnassign(a Access, c inbox.Conversation) Verdict {
	if row, ok := ownershipChange(a.Holder(c), HeldByNobody); ok {
		return CanChange(a, c, row)
	}
	row, _ := ownershipChange(HeldByOther, HeldByNobody)
	row.Allowed = nil
	if v := CanChange(a, c, row); !v.Allowed {
		return v
	}
	return Refuse(DeniedNotAssigned, inbox.NotAssigned).because(CaseNoOwner)
}

// canReturn is B:O8 and B:C7.
func canReturn(a Access, c inbox.Conversation) Verdict {
	row, _ := ownershipChange(a.Holder(c), HeldByAgent)
	if v := CanChange(a, c, row); !v.Allowed {
		return v
	}
	switch no := Refuse(DeniedByState, inbox.InvalidInput); {
	case !c.HasAgent():
		return no.because(CaseNoAgent)
	case a.Directory.Agents[c.OriginAgent].Removed:
		return no.because(CaseAgentRemoved)
	case c.Handler() == inbox.HandledByAI:
		return no.because(CaseAgentAnswers)
	}
	return Allow()
}

// canTransfer is B:T1, B:T2 and B:T5. To oneself is refused with the target.
func canTransfer(a Access, c inbox.Conversation, r Asked) Verdict {
	switch {
	case c.Owned() && a.Held(r.To) != HeldByMe:
		return canGive(a, c, r)
	case c.Owned():
		return canGive(a, c, Asked{})
	}
	row, _ := ownershipChange(HeldByMe, HeldByOther)
	if v := CanChange(a, c, row); !v.Allowed {
		return v
	}
	return notAssignee(a, c)
}

// canTakeOver is B:K1 and B:K3. On an unassigned conversation it is a claim, with
// the conditions of a claim.
func canTakeOver(a Access, c inbox.Conversation) Verdict {
	if !c.Owned() && a.Rules().TakeoverUnassigned == workspace.TakeoverClaims {
		return canClaim(a, c)
	}
	row, _ := ownershipChange(HeldByOther, HeldByMe)
	switch v := CanChange(a, c, row); {
	case !v.Allowed:
		return v
	case a.owns(c):
		return Refuse(DeniedAlreadyMine, inbox.AlreadyAssignee)
	case !c.Owned():
		return hinted(a, c, Refuse(DeniedNotAssigned, inbox.NotAssigned))
	}
	return Allow()
}

// canLeave needs no permission: nobody has to keep what they own. B:L1.
func canLeave(a Access, c inbox.Conversation) Verdict {
	switch {
	case !a.owns(c) && !a.Sees(c):
		return canView(a, c)
	case c.Status == inbox.Closed:
		return Refuse(DeniedByState, inbox.ConversationClosed)
	case !c.Owned():
		return Refuse(DeniedNotAssigned, inbox.NotAssigned).because(CaseNoOwner)
	case a.Principal.Actor.Kind == workspace.ActorMember && a.owns(c):
		return Allow()
	}
	return Refuse(DeniedNotAssignee, inbox.NotAssignee)
}

// canHandOff is for the AI agent that handles the chat. B:H1.
func canHandOff(a Access, c inbox.Conversation) Verdict {
	if v := a.permitSeen(c, workspace.PermHandoff); !v.Allowed {
		return v
	}
	switch {
	case c.Status == inbox.Closed:
		return Refuse(DeniedByState, inbox.ConversationClosed)
	case c.Owned():
		return Refuse(DeniedNotAssignee, inbox.AlreadyAssigned).because(CaseOwnedAlready)
	case c.Handler() != inbox.HandledByAI, a.Principal.Actor.Kind != workspace.ActorAgent:
		return Refuse(DeniedNotAssignee, inbox.NotAssignee).because(CaseWaitsAlready)
	}
	return Allow()
}

// isLiveAgent reports whether the caller may own conversations of the kind at all.
func (a Access) isLiveAgent(kind workspace.Kind) bool {
	return a.Principal.Actor.Kind == workspace.ActorMember && a.LiveAgent(a.Member, kind)
}

func notAssignee(a Access, c inbox.Conversation) Verdict {
	return hinted(a, c, Refuse(DeniedNotAssignee, inbox.NotAssignee))
}

// hinted adds to v an action that the caller could do first: never one that would
// be refused in turn. B:T2.
func hinted(a Access, c inbox.Conversation, v Verdict) Verdict {
	switch {
	case c.Owned() && canTakeOver(a, c).Allowed:
		v.Hint = inbox.ActionTakeOver
	case !c.Owned() && canClaim(a, c).Allowed:
		v.Hint = inbox.ActionClaim
	}
	return v
}
