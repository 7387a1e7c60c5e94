package inbox

// Warning is something that the caller of a verb that succeeded should know.
type Warning string

// The warnings.
const (
	// WarnTargetAway and WarnTargetOffline: the new owner is not online.
	WarnTargetAway    Warning = "TARGET_AWAY"
	WarnTargetOffline Warning = "TARGET_OFFLINE"
	// WarnTeamAbsent: no member of the team is online who may answer.
	WarnTeamAbsent Warning = "TEAM_ABSENT"
	// WarnTeamFull: every online member of the team has as many conversations as
	// the rules allow.
	WarnTeamFull Warning = "TEAM_FULL"
	// WarnMethodAbovePlan: BALANCED stands in for the method that is set.
	WarnMethodAbovePlan Warning = "METHOD_ABOVE_PLAN"
	// WarnReclaimAbovePlan: nothing is taken back, although the rules say so.
	WarnReclaimAbovePlan Warning = "RECLAIM_ABOVE_PLAN"
	// WarnAcceptanceAbovePlan: a transfer happened at once, although the rules say that it
	// is offered.
	WarnAcceptanceAbovePlan Warning = "ACCEPTANCE_ABOVE_PLAN"
	// WarnExists: the conversation that exists by its external id stays as it is,
	// although the request differs. B:N1
	WarnExists Warning = "ALREADY_EXISTS"
	// WarnContactUpdated means that the request replaced stored data of the
	// contact, WarnContactKept that it did not, as the caller may not speak for the
	// contact.
	WarnContactUpdated Warning = "CONTACT_UPDATED"
	WarnContactKept    Warning = "CONTACT_NOT_UPDATED"
	// WarnNotInEffect: a rule is stored that is not implemented. No rule is so now.
	WarnNotInEffect Warning = "NOT_IN_EFFECT"
	// WarnWebhookDisabled means that the program disabled a webhook endpoint,
	// WarnWebhookFailing that one is only probed, and WarnWebhookParked that events were
	// given up that can be sent to it again. B:V12
	WarnWebhookDisabled Warning = "WEBHOOK_DISABLED"
	WarnWebhookFailing  Warning = "WEBHOOK_FAILING"
	WarnWebhookParked   Warning = "WEBHOOK_PARKED"
)
