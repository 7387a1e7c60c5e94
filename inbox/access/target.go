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

// Selectable says whether m can be picked as the next owner of c, and why not. It asks what
// the change asks that picking m makes. B:A2, B:O1 to B:O5.
func (a Access) Selectable(c inbox.Conversation, m workspace.Member) (reason inbox.TargetReason, ok bool) {
	return a.SelectableBy(ChangeTo(a, c, Owner{Member: m.ID}), c, m)
}

// SelectableBy is Selectable for a change that the caller named.
func (a Access) SelectableBy(change inbox.Action, c inbox.Conversation, m workspace.Member) (reason inbox.TargetReason, ok bool) {
	switch {
	case c.Assignee == m.ID:
		reason = inbox.TargetCurrent
	case !a.LiveAgent(m, c.Kind):
		reason = inbox.TargetNotLiveAgent
	case change == inbox.ActionTransfer && m.ID == a.Member.ID:
		reason = inbox.TargetSelf
	case change == inbox.ActionTransfer:
		offered, _ := TransfersByOffer(a, nil)
		reason = a.Away(m, offered)
	}
	return reason, reason == ""
}

// Away is why a transfer, or an offer, cannot be to a member who is not there; empty when it
// can: rule transferToAway, and nobody who is OFFLINE answers an offer. B:T4, B:T6
func (a Access) Away(m workspace.Member, offered bool) inbox.TargetReason {
	denied := a.Rules().TransferToAway == workspace.DenyAway
	switch {
	case m.Absent() && (denied || offered):
		return inbox.TargetOffline
	case m.Availability == workspace.Away && denied:
		return inbox.TargetAway
	}
	return ""
}
