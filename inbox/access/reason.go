package access

import (
	"fmt"
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// ReasonUsageOf is the usage of the reason codes that an action takes; empty if it takes
// none. Giving and claiming take the codes of the change that they become if a member
// owns the conversation, and a transfer that is offered those of any transfer. Giving up a
// conversation to nobody in particular takes those of a transfer: somebody else has it next.
func ReasonUsageOf(action inbox.Action) workspace.ReasonUsage {
	switch {
	case action == inbox.ActionTransfer, action == StepOffer, action == inbox.ActionAssign, releases(action):
		return workspace.ReasonTransfer
	case action == inbox.ActionTakeOver, action == inbox.ActionClaim:
		return workspace.ReasonTakeover
	case action == inbox.ActionClose:
		return workspace.ReasonClose
	case action == inbox.ActionDecline:
		return workspace.ReasonDecline
	}
	return ""
}

// releases reports whether an action takes a conversation from its owner and gives it to
// nobody.
func releases(action inbox.Action) bool {
	return action == inbox.ActionUnassign || action == inbox.ActionLeave || action == inbox.ActionReturn
}

// reasonUsage is ReasonUsageOf for the action on c. Whoever takes the conversation of somebody
// else from them may claim it next, so that a takeover which needs a reason is not done in two
// steps without one.
func reasonUsage(a Access, c inbox.Conversation, action inbox.Action) workspace.ReasonUsage {
	others := releases(action) && c.Owned() && !a.owns(c)
	if others && !ReasonDemanded(a, workspace.ReasonTransfer) && ReasonDemanded(a, workspace.ReasonTakeover) {
		return workspace.ReasonTakeover
	}
	return ReasonUsageOf(action)
}

// ReasonNeeded is the usage of which the caller has to name a reason code with the action
// on c; empty if none has to be named. What nobody owns is transferred or taken over from
// nobody, so that there is nobody to tell a reason; and a claim never takes from anybody.
func ReasonNeeded(a Access, c inbox.Conversation, action inbox.Action) workspace.ReasonUsage {
	usage := reasonUsage(a, c, action)
	if action == inbox.ActionClaim || !ReasonDemanded(a, usage) || usage != workspace.ReasonClose && !c.Owned() {
		return ""
	}
	return usage
}

// ReasonDemanded reports whether rule reasonsRequired demands a code of the caller for
// the usage. It binds people: API keys and AI agents may name a code and need not, and
// the rules themselves act without one.
func ReasonDemanded(a Access, usage workspace.ReasonUsage) bool {
	return a.Principal.Actor.Kind == workspace.ActorMember && a.Rules().ReasonsRequired.Has(usage)
}

// CheckReason refuses a code that the caller cannot name with the action on c, and the
// lack of one that has to be named.
func CheckReason(a Access, c inbox.Conversation, action inbox.Action, id workspace.ReasonCodeID) error {
	return CheckReasonFor(a, reasonUsage(a, c, action), ReasonNeeded(a, c, action) != "", id, alsoTaken(a, action)...)
}

// alsoTaken are the usages besides that of an action of which it takes codes. Where a reason
// for transfers or takeovers is demanded, whoever gives up conversations of their own and of
// others at once can name one code for all of them.
func alsoTaken(a Access, action inbox.Action) []workspace.ReasonUsage {
	demanded := a.Rules().ReasonsRequired
	if releases(action) && (demanded.Has(workspace.ReasonTransfer) || demanded.Has(workspace.ReasonTakeover)) {
		return []workspace.ReasonUsage{workspace.ReasonTransfer, workspace.ReasonTakeover}
	}
	return nil
}

// CheckReasonFor refuses a code that is none of usage or also, that is archived or not of the
// workspace: NOT_FOUND for the last, INVALID_INPUT for the others; and REASON_REQUIRED if
// one is needed and none is named.
func CheckReasonFor(a Access, usage workspace.ReasonUsage, needed bool, id workspace.ReasonCodeID, also ...workspace.ReasonUsage) error {
	switch {
	case id == "" && needed:
		return reasonRequired(usage)
	case id == "":
		return nil
	case a.Principal.Actor.Kind == workspace.ActorContact:
		return inbox.Invalid(reasonField, "A contact names no reason code. Leave it out.")
	case usage == "":
		return inbox.Invalid(reasonField, "This takes no reason code. Leave it out.")
	}
	code, ok := a.Directory.ReasonCode(id)
	switch {
	case !ok:
		e := inbox.Missing("reason code")
		e.Field = []string{reasonField}
		return e
	case code.Usage != usage && !slices.Contains(also, code.Usage):
		return inbox.Invalid(reasonField, "%s is a reason code for %s. Pick one for %s.", code.Name, code.Usage, usage)
	case code.Archived:
		return inbox.Invalid(reasonField, "The reason code %s is archived. Pick another one.", code.Name)
	}
	return nil
}

// reasonField is the argument that names a reason code, in every input.
const reasonField = "reasonCodeId"

func reasonRequired(usage workspace.ReasonUsage) *inbox.Error {
	return &inbox.Error{
		Code: inbox.ReasonRequired, Field: []string{reasonField}, Usage: usage,
		Message: fmt.Sprintf("The workspace wants a reason for each %s. Pick one of reasonCodes(usage: %s) and pass its id as reasonCodeId.", strings.ToLower(string(usage)), usage),
	}
}
