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

// Selectable says whether m can be picked as the next owner of c, and why not.
// B:A2.
func (a Access) Selectable(c inbox.Conversation, m workspace.Member) (reason inbox.TargetReason, ok bool) {
	switch {
	case c.Assignee == m.ID:
		return inbox.TargetCurrent, false
	case !a.LiveAgent(m, c.Kind):
		return inbox.TargetNotLiveAgent, false
	}
	return "", true
}
