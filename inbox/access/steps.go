package access

import "switchboard/inbox"

// The steps: what happens to conversations beside the verbs that viewerCan answers.
const (
	StepCreate            inbox.Action = "CREATE"
	StepSetStatus         inbox.Action = "SET_STATUS"
	StepUndo              inbox.Action = "UNDO"
	StepAutoAssign        inbox.Action = "AUTO_ASSIGN"
	StepQueueAgain        inbox.Action = "QUEUE_AGAIN"
	StepCloseIdle         inbox.Action = "CLOSE_IDLE"
	StepReclaim           inbox.Action = "RECLAIM"
	StepReclaimOffline    inbox.Action = "RECLAIM_OFFLINE"
	StepReportUnanswered  inbox.Action = "REPORT_UNANSWERED"
	StepWake              inbox.Action = "WAKE_UP"
	StepGiveBack          inbox.Action = "GIVE_BACK"
	StepOffer             inbox.Action = "OFFER"
	StepExpireOffer       inbox.Action = "EXPIRE_OFFER"
	StepEndOffer          inbox.Action = "END_OFFER"
	StepReleaseFromMember inbox.Action = "RELEASE_FROM_MEMBER"
	StepReleaseFromTeam   inbox.Action = "RELEASE_FROM_TEAM"
	StepReleaseFromAgent  inbox.Action = "RELEASE_FROM_AGENT"
)

// Steps are declared as verbs are, but the API does not list them: they are further
// requests, and what the system does by the rules. Can refuses them.
func Steps() [17]Verb {
	return [...]Verb{
		{Action: StepCreate, Kind: inbox.EventCreated, Verdict: plain(canCreate), Apply: create},
		{Action: StepSetStatus, Kind: inbox.EventStatusChanged, Verdict: canSetStatus, Apply: setStatus},
		{Action: StepUndo, Kind: inbox.EventUndone, Verdict: canUndo, Apply: undo},
		{Action: StepAutoAssign, Kind: inbox.EventAutoAssigned, Verdict: plain(isDue), Apply: autoAssign},
		{Action: StepQueueAgain, Kind: inbox.EventQueued, Verdict: isUnclaimed, Apply: alone(inbox.QueueAgain)},
		{Action: StepCloseIdle, Kind: inbox.EventClosed, Verdict: isIdle, Apply: alone(inbox.Close)},
		{Action: StepReclaim, Kind: inbox.EventReclaimed, Verdict: isUnanswered, Apply: alone(inbox.Reclaim)},
		{Action: StepReclaimOffline, Kind: inbox.EventReclaimed, Verdict: isStranded, Apply: alone(inbox.Reclaim)},
		{Action: StepReportUnanswered, Kind: inbox.EventUnanswered, Verdict: isStillUnanswered, Apply: alone(inbox.ReportUnanswered)},
		{Action: StepWake, Kind: inbox.EventWoken, Verdict: wakes, Apply: wake},
		{Action: StepGiveBack, Kind: inbox.EventUndone, Verdict: answersInTime, Apply: alone(inbox.GiveBack)},
		{Action: StepOffer, Kind: inbox.EventOffered, Verdict: canOffer, Apply: offer},
		{Action: StepExpireOffer, Kind: inbox.EventOfferExpired, Verdict: isLapsed, Apply: expireOffer},
		{Action: StepEndOffer, Kind: inbox.EventOfferSuperseded, Verdict: isForfeited, Apply: endOffer},
		{Action: StepReleaseFromMember, Kind: inbox.EventLeft, Verdict: isHeld, Apply: alone(inbox.ReleaseFromMember)},
		{Action: StepReleaseFromTeam, Kind: inbox.EventTeamRemoved, Verdict: isHeld, Apply: alone(inbox.ReleaseFromTeam)},
		{Action: StepReleaseFromAgent, Kind: inbox.EventQueued, Verdict: isHeld, Apply: alone(inbox.ReleaseFromAgent)},
	}
}
