package access

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// canCreate lets a caller who may reply to some conversation of the kind begin one.
func canCreate(a Access, c inbox.Conversation) Verdict {
	return a.Permit(c, workspace.PermReply, workspace.ScopeOwn)
}

// canUndo requires the right to make the recorded change now: a caller who lost that
// right cannot undo it either. Undoable holds the other conditions. B:K5.
func canUndo(a Access, c inbox.Conversation, r Asked) Verdict {
	c.Ownership = r.Event.From
	switch {
	case r.Event.Actor != a.Principal.Actor, accepted(r.Event):
		return Allow()
	case r.Event.Kind == inbox.EventTransferred:
		return canTransfer(a, c, Asked{})
	case r.Event.Kind == inbox.EventTakenOver:
		return canTakeOver(a, c)
	}
	return Allow()
}

// isDue is for what a queue hands out. B:Q8
func isDue(_ Access, c inbox.Conversation) Verdict {
	return allowIf(c.Due(), inbox.AlreadyAssigned)
}

// isUnclaimed is for a released conversation whose time for claiming is over. B:L1
func isUnclaimed(_ Access, c inbox.Conversation, r Asked) Verdict {
	over := !c.GrabsUntil.IsZero() && !c.GrabsUntil.After(r.At)
	return allowIf(c.UpForGrabs && over, inbox.AlreadyAssigned)
}

// isIdle is for chats that the system closes. B:C6
func isIdle(a Access, c inbox.Conversation, r Asked) Verdict {
	since, on := IdleSince(a.Rules(), r.At)
	idle := on && c.Kind == workspace.Livechat && c.Status != inbox.Closed && !c.Asleep() && !c.LastActivityAt.After(since)
	return allowIf(idle, inbox.AlreadyAssigned)
}

// IdleSince is the time since when nothing happened in a chat that is idle now; on is
// false while rule closeIdleAfter is off. Times are stored to the millisecond.
func IdleSince(r workspace.Rules, now time.Time) (since time.Time, on bool) {
	return now.Add(-r.CloseIdleAfter).Truncate(time.Millisecond), r.CloseIdleAfter > 0
}

// isHeld is for what a holder who lost the right to it still has. B:E1
func isHeld(a Access, c inbox.Conversation, r Asked) Verdict {
	return allowIf(c.Status != inbox.Closed && holds(a, c, r.Holder), inbox.NotAssigned)
}

func holds(a Access, c inbox.Conversation, e inbox.Offboarding) bool {
	switch {
	case e.Member != "":
		return c.Assignee == e.Member && !a.MayOwn(e.Member, c.Kind)
	case e.Team != "":
		return c.Team == e.Team && a.Directory.Teams[e.Team].Removed
	}
	return c.OriginAgent == e.Agent && c.Handler() == inbox.HandledByAI && a.Directory.Agents[e.Agent].Removed
}

// allowIf refuses with code where the state is not such.
func allowIf(such bool, code inbox.Code) Verdict {
	if such {
		return Allow()
	}
	return Refuse(DeniedByState, code)
}
