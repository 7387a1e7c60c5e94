package inbox

import (
	"errors"
	"fmt"
	"time"

	"switchboard/inbox/workspace"
)

// Code is the machine-readable name of a refusal.
type Code string

// The codes. Each has one meaning for every verb.
const (
	PlanRequired       Code = "PLAN_REQUIRED"
	PermissionDenied   Code = "PERMISSION_DENIED"
	NotAssignee        Code = "NOT_ASSIGNEE"
	AlreadyAssignee    Code = "ALREADY_ASSIGNEE"
	AlreadyAssigned    Code = "ALREADY_ASSIGNED"
	NotAssigned        Code = "NOT_ASSIGNED"
	AssigneeNotHuman   Code = "ASSIGNEE_NOT_HUMAN"
	AssigneeRequired   Code = "ASSIGNEE_REQUIRED"
	TargetNotPermitted Code = "TARGET_NOT_PERMITTED"
	TakeoverRequired   Code = "TAKEOVER_REQUIRED"
	Conflict           Code = "CONFLICT"
	ConversationClosed Code = "CONVERSATION_CLOSED"
	StaleEpoch         Code = "STALE_EPOCH"
	NotFound           Code = "NOT_FOUND"
	InvalidInput       Code = "INVALID_INPUT"
	UndoExpired        Code = "UNDO_EXPIRED"
	// AccessLost means that the caller owned the conversation, lost it and may no
	// longer see it.
	AccessLost Code = "ACCESS_LOST"
	// OfferSettled is an answer to an offer that is no longer open.
	OfferSettled Code = "OFFER_SETTLED"
	// ReasonRequired is an act for which rule reasonsRequired demands a reason code.
	ReasonRequired Code = "REASON_REQUIRED"
	// LastOwner is a change by which a workspace would have no owner.
	LastOwner Code = "LAST_OWNER"
	// Unauthenticated is a caller without a valid identity.
	Unauthenticated Code = "UNAUTHENTICATED"
	// WorkspaceSuspended is a caller of a workspace that an operator suspended: the same
	// request succeeds when it is resumed.
	WorkspaceSuspended Code = "WORKSPACE_SUSPENDED"
	// InvalidCursor is a cursor that is damaged or from another list.
	InvalidCursor Code = "INVALID_CURSOR"
	// RateLimited is more than a budget allows: try again after RetryAfter.
	RateLimited Code = "RATE_LIMITED"
	// Unavailable is a fault that passes: the same request may be tried again.
	Unavailable Code = "UNAVAILABLE"
	// Internal is everything that nobody typed. Its message is not shown.
	Internal Code = "INTERNAL"
)

// Error is an expected refusal: a code, a message with the remedy, and data for the
// client. Fields that a code does not use are zero.
type Error struct {
	Code    Code
	Message string
	// Field is the path of the argument at fault, for INVALID_INPUT and targets.
	Field []string
	// Current, By and At are the present conversation and the actor and time of its
	// last change, for CONFLICT, ALREADY_ASSIGNED, NOT_ASSIGNEE and
	// TAKEOVER_REQUIRED. For ACCESS_LOST By and At are the actor and time of the
	// takeover; Current is nil.
	Current *Conversation
	By      workspace.Actor
	At      time.Time
	// Offer is the offer as it ended, for OFFER_SETTLED; By and At say who ended it and
	// when, and Current is the conversation.
	Offer *Offer
	// Hint is an action that the caller could do first, for NOT_ASSIGNEE.
	Hint Action
	// Feature, CurrentPlan and RequiredPlan belong to PLAN_REQUIRED.
	Feature      workspace.Feature
	CurrentPlan  workspace.PlanName
	RequiredPlan workspace.PlanName
	// Permission is the missing one, for PERMISSION_DENIED.
	Permission string
	// Usage is that of the reason code to name, for REASON_REQUIRED.
	Usage workspace.ReasonUsage
	// Target says why a target is refused.
	Target TargetReason
	// Allowed lists the actions that are possible on a closed conversation.
	Allowed []Action
	// Epoch is the current one, for STALE_EPOCH.
	Epoch int
	// RetryAfter is when to try again, for RATE_LIMITED.
	RetryAfter time.Duration
	// Revision is the current one, for a CONFLICT about something other than a
	// conversation.
	Revision int
}

// TargetReason says why somebody cannot be given a conversation.
type TargetReason string

// The reasons why a target is refused.
const (
	TargetSelf         TargetReason = "SELF"
	TargetAIAgent      TargetReason = "AI_AGENT"
	TargetNotMember    TargetReason = "NOT_A_MEMBER"
	TargetNotLiveAgent TargetReason = "NOT_A_LIVE_AGENT"
	TargetAway         TargetReason = "AWAY"
	TargetOffline      TargetReason = "OFFLINE"
	TargetCurrent      TargetReason = "CURRENT_ASSIGNEE"
	TargetNoTeam       TargetReason = "NOT_A_TEAM"
)

// Error gives the code and the message.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// CodeOf finds the code of err: that of the first *Error in its chain,
// INTERNAL for any other error, and the empty string for nil.
func CodeOf(err error) Code {
	var typed *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &typed):
		return typed.Code
	default:
		return Internal
	}
}

// Invalid makes an INVALID_INPUT about the argument at field.
func Invalid(field, format string, args ...any) *Error {
	return &Error{Code: InvalidInput, Message: fmt.Sprintf(format, args...), Field: []string{field}}
}

// Resetting makes the UNAVAILABLE of a sandbox that is being put back.
func Resetting() *Error {
	return &Error{Code: Unavailable, Message: "This sandbox is being put back to its beginning. Try again in a few seconds."}
}

// Suspended makes a WORKSPACE_SUSPENDED.
func Suspended() *Error {
	return &Error{Code: WorkspaceSuspended, Message: "This workspace is suspended. Nothing in it is lost. Ask the operator of this installation to resume it."}
}

// Missing returns a NOT_FOUND. It reads the same for an id that never existed and
// for one of another workspace. at is the path of the argument, which has to be given if it
// is not the one that a mutation is about. B:Z7.
func Missing(what string, at ...string) *Error {
	return &Error{Code: NotFound, Field: at, Message: fmt.Sprintf("There is no such %s. Check the id, or refresh the list it came from.", what)}
}
