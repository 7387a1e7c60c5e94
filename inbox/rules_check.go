package inbox

import (
	"cmp"
	"slices"
	"time"
)

// Validate gives INVALID_INPUT that names the first rule out of its bounds.
func (r Rules) Validate() error {
	return cmp.Or(
		r.checkChoices(),
		checkCap("maxAutoAssigned", r.MaxAutoAssigned),
		checkDuration("offerTimeout", r.OfferTimeout, time.Second),
		checkDuration("undoWindow", r.UndoWindow, 0),
		checkDuration("reclaimAfter", r.ReclaimAfter, 0),
		checkDuration("reopenWindow", r.ReopenWindow, 0),
		checkDuration("closeIdleAfter", r.CloseIdleAfter, 0),
		checkDuration("presenceGrace", r.PresenceGrace, time.Second),
		checkDuration("presenceReturn", r.PresenceReturn, 0),
		checkDuration("leftWaits", r.LeftWaits, 0),
	)
}

func (r Rules) checkChoices() error {
	return cmp.Or(
		choice("method", r.Method, Balanced, Random, RoundRobin, Voluntary),
		choice("teamTarget", r.TeamTarget, TeamTargetMethod, TeamTargetPool),
		choice("unassign", r.Unassign, UnassignByAssigneeOrManager, UnassignByAssignee, UnassignByManager, UnassignByAnyone),
		choice("aiAfterUnassign", r.AIAfterUnassign, AIStaysStopped, AIResumes),
		choice("transferToAway", r.TransferToAway, AllowAway, DenyAway),
		choice("transferActor", r.TransferActor, TransferByAssignee, TransferByManagers, TransferByAnyone),
		choice("transferAcceptance", r.TransferAcceptance, TransferImmediate, TransferOffered),
		choice("takeoverUnassigned", r.TakeoverUnassigned, TakeoverClaims, TakeoverRejects),
		choice("notifyContact", r.NotifyContact, NotifyOnLeaveAndReassign, NotifyOnLeave, NotifyOnReassign, NotifyNever),
		choice("aiWhilePending", r.AIWhilePending, AIContinuesPending, AIPausesPending),
		choice("aiWhenAssigned", r.AIWhenAssigned, AIStops, AIStopsOnClaim, AIContinues),
		choice("closeActor", r.CloseActor, CloseByAssigneeOrManager, CloseByAssignee, CloseByAnyone),
		choice("onCloseChat", r.OnCloseChat, ReturnToOriginAI, KeepAssignee, UnassignWhenClose),
		choice("onReopen", r.OnReopen, ReopenWithOriginAI, ReopenWithFormerOwner, ReopenByRoute),
		choice("sendPolicy", r.SendPolicy, SendOwnerIfOwned, SendAssigneeAlways, SendAnyone),
		choice("visibility", r.Visibility, VisibleScoped, VisibleExclusive, VisibleOpen),
		choice("matchContacts", cmp.Or(r.MatchContacts, MatchVerified), MatchVerified, MatchExternalID),
	)
}

func choice[T ~string](field string, got T, wanted ...T) error {
	if slices.Contains(wanted, got) {
		return nil
	}
	return Invalid(field, "%s is %q; it must be one of %v.", field, got, wanted)
}

func checkCap(field string, n int) error {
	if n < 1 || n > MaxCap {
		return Invalid(field, "%s is %d; it must be from 1 to %d.", field, n, MaxCap)
	}
	return nil
}

func checkDuration(field string, d, least time.Duration) error {
	if d < least || d > MaxRuleDuration {
		return Invalid(field, "%s is %v; it must be from %v to %v.", field, d, least, MaxRuleDuration)
	}
	return nil
}
