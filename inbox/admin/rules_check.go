package admin

import (
	"cmp"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// ValidateRules gives INVALID_INPUT that names the first rule out of its bounds.
func ValidateRules(r workspace.Rules) error {
	return cmp.Or(
		checkChoices(r),
		inbox.CheckCap("maxAutoAssigned", r.MaxAutoAssigned),
		checkOffers(r),
		checkDuration("undoWindow", r.UndoWindow, 0),
		checkDuration("reclaimAfter", r.ReclaimAfter, 0),
		checkReclaimLimit(r.ReclaimLimit),
		checkReasonsRequired(r.ReasonsRequired),
		checkDuration("reopenWindow", r.ReopenWindow, 0),
		checkDuration("closeIdleAfter", r.CloseIdleAfter, 0),
		checkDuration("presenceGrace", r.PresenceGrace, time.Second),
		checkDuration("presenceReturn", r.PresenceReturn, 0),
		checkDuration("leftWaits", r.LeftWaits, 0),
	)
}

func checkChoices(r workspace.Rules) error {
	return cmp.Or(
		inbox.CheckChoice("method", r.Method, workspace.Balanced, workspace.Random, workspace.RoundRobin, workspace.Voluntary),
		inbox.CheckChoice("teamTarget", r.TeamTarget, workspace.TeamTargetMethod, workspace.TeamTargetPool),
		inbox.CheckChoice("unassign", r.Unassign, workspace.UnassignByAssigneeOrManager, workspace.UnassignByAssignee, workspace.UnassignByManager, workspace.UnassignByAnyone),
		inbox.CheckChoice("aiAfterUnassign", r.AIAfterUnassign, workspace.AIStaysStopped, workspace.AIResumes),
		inbox.CheckChoice("transferToAway", r.TransferToAway, workspace.AllowAway, workspace.DenyAway),
		inbox.CheckChoice("transferActor", r.TransferActor, workspace.TransferByAssignee, workspace.TransferByManagers, workspace.TransferByAnyone),
		inbox.CheckChoice("transferAcceptance", r.TransferAcceptance, workspace.TransferImmediate, workspace.TransferOffered),
		inbox.CheckChoice("offerExhausted", r.OfferExhausted, workspace.OfferReturnsToSender, workspace.OfferToTeamQueue),
		inbox.CheckChoice("takeoverUnassigned", r.TakeoverUnassigned, workspace.TakeoverClaims, workspace.TakeoverRejects),
		inbox.CheckChoice("notifyContact", r.NotifyContact, workspace.NotifyOnLeaveAndReassign, workspace.NotifyOnLeave, workspace.NotifyOnReassign, workspace.NotifyNever),
		inbox.CheckChoice("aiWhilePending", r.AIWhilePending, workspace.AIContinuesPending, workspace.AIPausesPending),
		inbox.CheckChoice("aiWhenAssigned", r.AIWhenAssigned, workspace.AIStops, workspace.AIStopsOnClaim, workspace.AIContinues),
		inbox.CheckChoice("closeActor", r.CloseActor, workspace.CloseByAssigneeOrManager, workspace.CloseByAssignee, workspace.CloseByAnyone),
		inbox.CheckChoice("onCloseChat", r.OnCloseChat, workspace.ReturnToOriginAI, workspace.KeepAssignee, workspace.UnassignWhenClose),
		inbox.CheckChoice("onReopen", r.OnReopen, workspace.ReopenWithOriginAI, workspace.ReopenWithFormerOwner, workspace.ReopenByRoute),
		inbox.CheckChoice("sendPolicy", r.SendPolicy, workspace.SendOwnerIfOwned, workspace.SendAssigneeAlways, workspace.SendAnyone),
		inbox.CheckChoice("visibility", r.Visibility, workspace.VisibleScoped, workspace.VisibleExclusive, workspace.VisibleOpen),
		inbox.CheckChoice("reclaim", r.Reclaim, workspace.ReclaimChats, workspace.ReclaimChatsAndTickets, workspace.ReclaimNothing),
		inbox.CheckChoice("reclaimOffline", r.ReclaimOffline, workspace.ReclaimOfflineNever, workspace.ReclaimOfflineOnInbound, workspace.ReclaimOfflineAfterGrace),
		inbox.CheckChoice("matchContacts", cmp.Or(r.MatchContacts, workspace.MatchVerified), workspace.MatchVerified, workspace.MatchExternalID),
	)
}

func checkDuration(field string, d, least time.Duration) error {
	return inbox.CheckSeconds(field, d, least, workspace.MaxRuleDuration)
}

func checkOffers(r workspace.Rules) error {
	if err := inbox.CheckSeconds("offerTimeout", r.OfferTimeout, time.Second, workspace.MaxOfferTimeout); err != nil {
		return err
	}
	if r.OfferRounds < 1 || r.OfferRounds > workspace.MaxOfferRounds {
		return inbox.Invalid("offerRounds", "offerRounds is %d; it must be from 1 to %d.", r.OfferRounds, workspace.MaxOfferRounds)
	}
	return nil
}

func checkReasonsRequired(s workspace.ReasonUsages) error {
	if s != workspace.UsagesOf(s.List()...) {
		return inbox.Invalid("reasonsRequired", "reasonsRequired has a value that is none. Use DECLINE, TRANSFER, TAKEOVER, CLOSE and AWAY.")
	}
	return nil
}

func checkReclaimLimit(n int) error {
	if n < 1 || n > workspace.MaxReclaimLimit {
		return inbox.Invalid("reclaimLimit", "reclaimLimit is %d; it must be from 1 to %d.", n, workspace.MaxReclaimLimit)
	}
	return nil
}
