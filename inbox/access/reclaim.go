package access

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// ReclaimAt is when the rules take c back unless its owner answers, at the earliest;
// zero when they never do: the rules or the plan say so, or they did it as often as
// they may. B:R1
func ReclaimAt(a Access, c inbox.Conversation) time.Time {
	if c.Reclaimed() >= a.Rules().ReclaimLimit || !a.Includes(workspace.FeatureReclaim).Allowed {
		return time.Time{}
	}
	return c.ReclaimAt(a.Rules())
}

// isUnanswered is for what its owner did not answer in time. B:R1
func isUnanswered(a Access, c inbox.Conversation, r Asked) Verdict {
	return allowIf(over(ReclaimAt(a, c), r.At), inbox.AlreadyAssigned)
}

// isStillUnanswered is for what was taken back as often as it may be, and waits again.
func isStillUnanswered(a Access, c inbox.Conversation, r Asked) Verdict {
	limited := c.Reclaimed() == a.Rules().ReclaimLimit && a.Includes(workspace.FeatureReclaim).Allowed
	return allowIf(limited && over(c.ReclaimAt(a.Rules()), r.At), inbox.AlreadyAssigned)
}

func over(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }

// isStranded is for what a member owns who is OFFLINE while the contact waits. B:R1
func isStranded(a Access, c inbox.Conversation, r Asked) Verdict {
	noticed := r.Deserted || a.Rules().ReclaimOffline == workspace.ReclaimOfflineAfterGrace
	waits := r.Inbound || noticed && !c.AwaitingReplySince.IsZero()
	return allowIf(waits && OwnerAbsent(a, c), inbox.AlreadyAssigned)
}

// OwnerAbsent reports whether the owner of c is OFFLINE, so that rule reclaimOffline may
// take it. B:R1
func OwnerAbsent(a Access, c inbox.Conversation) bool {
	m, ok := a.Directory.Member(c.CountsFor())
	return ok && m.Absent() && TakesFromAbsent(a, c)
}

// TakesFromAbsent reports whether rule reclaimOffline is about c: it has an owner, and the
// rule and the plan say so. B:R1
func TakesFromAbsent(a Access, c inbox.Conversation) bool {
	return c.CountsFor() != "" && a.Rules().ReclaimsOffline(c.Kind) && a.Includes(workspace.FeatureReclaim).Allowed
}

// answersInTime is for a member who answers what the rules took from them. B:R1
func answersInTime(a Access, c inbox.Conversation, r Asked) Verdict {
	if !AnswersInTime(a, c, r.At) {
		return Refuse(DeniedByState, inbox.NotAssignee)
	}
	return canSay(a, c, r)
}

// AnswersInTime reports whether the rules took c from the caller not longer ago than rule
// undoWindow, and nobody else has it: an answer now has only lost a race with a timer.
// B:R1
func AnswersInTime(a Access, c inbox.Conversation, now time.Time) bool {
	m := a.Principal.Actor.Member()
	return c.TakenFrom(m) && !now.After(c.Changed.At.Add(a.Rules().UndoWindow)) && a.MayOwn(m, c.Kind)
}

// CameBack reports whether the member from whom the rules took c has come ONLINE since: if
// nobody else is free, it may be given to them again. B:R1
func CameBack(a Access, c inbox.Conversation) bool {
	m, ok := a.Directory.Member(c.FormerAssignee)
	return ok && c.TakenFrom(m.ID) && m.OnlineSince.After(c.Changed.At)
}
