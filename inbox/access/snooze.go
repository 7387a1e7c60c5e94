package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// canSnooze is for the owner, and for who may assign any conversation of the kind. Without
// a time it sleeps until the contact writes, which nobody may demand of a contact who
// awaits a reply.
func canSnooze(a Access, c inbox.Conversation, r Asked) Verdict {
	v := minds(a, c)
	if v.Allowed && r.OpenEnded && !c.AwaitingReplySince.IsZero() {
		return Refuse(DeniedByState, inbox.InvalidInput).because(CaseAwaitsReply)
	}
	return v
}

// canWake is for the same as canSnooze.
func canWake(a Access, c inbox.Conversation) Verdict {
	v := minds(a, c)
	if v.Allowed && !c.Asleep() {
		return Refuse(DeniedByState, inbox.InvalidInput).because(CaseAwake)
	}
	return v
}

// minds is the verdict on deciding when an owned conversation is worked on.
func minds(a Access, c inbox.Conversation) Verdict {
	mine := a.owns(c) && a.Principal.Actor.Kind == workspace.ActorMember
	switch {
	case !mine && !a.Sees(c):
		return canView(a, c)
	case !mine && !a.manages(c.Kind):
		return a.Lacks(c, workspace.PermAssign, workspace.ScopeAll)
	case c.Status == inbox.Closed:
		return Refuse(DeniedByState, inbox.ConversationClosed)
	case !c.Owned():
		return Refuse(DeniedNotAssigned, inbox.NotAssigned).because(CaseNobodySleeps)
	}
	return Allow()
}

// wakes is for what slept until a time that has come, and for what its contact writes to.
func wakes(_ Access, c inbox.Conversation, r Asked) Verdict {
	return allowIf(c.Asleep() && (r.Inbound || over(c.AsleepUntil(), r.At)), inbox.AlreadyAssigned)
}
