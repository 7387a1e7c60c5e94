package access

// DenialReason is why an action is not allowed.
type DenialReason string

// The reasons.
const (
	DeniedByPlan       DenialReason = "PLAN"
	DeniedByPermission DenialReason = "PERMISSION"
	DeniedNotAssignee  DenialReason = "NOT_ASSIGNEE"
	DeniedAlreadyMine  DenialReason = "ALREADY_ASSIGNEE"
	DeniedNotAssigned  DenialReason = "NOT_ASSIGNED"
	DeniedByState      DenialReason = "STATE"
	DeniedByCapacity   DenialReason = "CAPACITY"
	DeniedTakeover     DenialReason = "TAKEOVER_REQUIRED"
)
