package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Owner names the next owner. One field is set; Agent is sent by clients that
// picked the AI row.
type Owner struct {
	Member workspace.MemberID
	Team   workspace.TeamID
	Agent  workspace.AgentID
}

// Selectable says whether m can be picked as the next owner of c, and why not, by a change: a
// transfer, an offer, or ActionAssign for the change that the panel makes of it. B:A2, B:O1 to B:O5
func (a Access) Selectable(
	c inbox.Conversation, m workspace.Member, by inbox.Action,
) (reason inbox.TargetReason, ok bool) {
	if by == inbox.ActionAssign {
		by = panelChange(a, c, m)
	}
	switch passes := by == inbox.ActionTransfer || by == StepOffer; {
	case c.Assignee == m.ID:
		reason = inbox.TargetCurrent
	case !a.LiveAgent(m, c.Kind):
		reason = inbox.TargetNotLiveAgent
	case passes && m.ID == a.Member.ID:
		reason = inbox.TargetSelf
	case passes:
		reason = away(a, m, by == StepOffer)
	}
	return reason, reason == ""
}

// panelChange is the change by which the panel gives c to m.
func panelChange(a Access, c inbox.Conversation, m workspace.Member) inbox.Action {
	change := ChangeTo(a, c, Owner{Member: m.ID})
	if offered, _ := TransfersByOffer(a, nil); change == inbox.ActionTransfer && offered {
		return StepOffer
	}
	return change
}

// away is why a transfer, or an offer, cannot be to a member who is not there; empty when it
// can: rule transferToAway, and nobody who is OFFLINE answers an offer. B:T4, B:T6
func away(a Access, m workspace.Member, offered bool) inbox.TargetReason {
	denied := a.Rules().TransferToAway == workspace.DenyAway
	switch {
	case m.Absent() && (denied || offered):
		return inbox.TargetOffline
	case m.Availability == workspace.Away && denied:
		return inbox.TargetAway
	}
	return ""
}
