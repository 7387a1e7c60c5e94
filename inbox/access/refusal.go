package access

import (
	"fmt"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Refusal is the error that a verdict on c stands for; nil when it allows.
func (a Access) Refusal(c inbox.Conversation, v Verdict) error {
	if v.Allowed {
		return nil
	}
	e := &inbox.Error{Code: v.Code, Message: a.explain(c, v), Hint: v.Hint}
	switch v.Code {
	case inbox.PlanRequired:
		e.Feature, e.CurrentPlan, e.RequiredPlan = v.Feature, a.Plan(), v.RequiredPlan
	case inbox.PermissionDenied:
		e.Permission = v.Permission
	case inbox.ConversationClosed:
		e.Allowed = a.allowedOnClosed(c)
	case inbox.InvalidInput:
		e.Field = []string{"conversationId"}
	case inbox.OfferSettled:
		e.Current, e.Offer, e.By, e.At = &c, &c.Offer, c.Changed.By, c.Changed.At
	case inbox.NotAssignee, inbox.AlreadyAssignee, inbox.AlreadyAssigned, inbox.NotAssigned, inbox.TakeoverRequired:
		e.Current, e.By, e.At = &c, c.Changed.By, c.Changed.At
	default:
	}
	return e
}

func (a Access) explain(c inbox.Conversation, v Verdict) string {
	if text := v.Case.text(); text != "" {
		return text
	}
	owner := a.NameOf(c.Assignee)
	switch v.Code {
	case inbox.PlanRequired:
		if v.RequiredPlan == "" {
			return fmt.Sprintf("No plan includes %s.", v.Feature)
		}
		return fmt.Sprintf("The plan %s does not include %s. Upgrade to %s or higher.", PlanOf(a.Plan(),
			a.policy).Label, v.Feature, PlanOf(v.RequiredPlan, a.policy).Label)
	case inbox.PermissionDenied:
		if v.Permission == apiKeyOnly {
			return "Only an API key may do this. People and AI agents write in their own name, with sendMessage."
		}
		return fmt.Sprintf("You need the permission %s. Ask an administrator of the workspace.", v.Permission)
	case inbox.ConversationClosed:
		return explainClosed(a.allowedOnClosed(c))
	case inbox.AlreadyAssignee:
		return "You own this conversation already."
	case inbox.AlreadyAssigned:
		return fmt.Sprintf("%s owns this conversation. Take it over if you must.", owner)
	case inbox.NotAssigned:
		return "Nobody owns this conversation. Claim it first."
	case inbox.TakeoverRequired:
		return fmt.Sprintf("%s owns this conversation. Take it over to send.", owner)
	case inbox.NotAssignee:
		return explainNotAssignee(owner, v)
	case inbox.OfferSettled:
		return "The offer is no longer open to you. Look at the conversation as it is now."
	default:
		return "This is not possible now."
	}
}

// explainClosed returns the alternatives to a verb on a closed conversation.
func explainClosed(instead []inbox.Action) string {
	switch {
	case slices.Contains(instead, inbox.ActionStartNew):
		return "The conversation is closed. Reopen it with a reply, or start a new one."
	case slices.Contains(instead, inbox.ActionReopenSend):
		return "The conversation is closed. Reopen it with a reply."
	}
	return "The conversation is closed, and you may not reopen it. Ask a colleague who may reply to it."
}

func explainNotAssignee(owner string, v Verdict) string {
	switch {
	case v.Hint == inbox.ActionTakeOver:
		return fmt.Sprintf("%s owns this conversation. Take it over first.", owner)
	case v.Hint == inbox.ActionClaim:
		return "Nobody owns this conversation. Claim it first."
	case owner == "":
		return "You do not own this conversation; it waits for a person."
	default:
		return fmt.Sprintf("Only the assignee may do this. %s owns the conversation.", owner)
	}
}

// NameOf is the name of a member, removed or not; empty for none.
func (a Access) NameOf(id workspace.MemberID) string { return a.Directory.Members[id].Name }

// allowedOnClosed returns the alternatives for the caller, by channel. B:C4.
func (a Access) allowedOnClosed(c inbox.Conversation) []inbox.Action {
	var out []inbox.Action
	for _, action := range closedChoices(c.Channel) {
		if a.Can(c, action).Allowed {
			out = append(out, action)
		}
	}
	return out
}

// channelsOfOneThread are channels on which a contact and a workspace share
// one endless thread, so that nothing new can be started beside it.
func channelsOfOneThread() []string { return []string{"whatsapp", "messenger", "telegram", "sms"} }

// closedChoices returns the ways to continue from a closed conversation of the
// channel.
func closedChoices(channel string) []inbox.Action {
	if slices.Contains(channelsOfOneThread(), channel) {
		return []inbox.Action{inbox.ActionReopenSend}
	}
	return []inbox.Action{inbox.ActionReopenSend, inbox.ActionStartNew}
}

// Denied is PERMISSION_DENIED for want of a permission.
func Denied(permission string) *inbox.Error {
	return &inbox.Error{
		Code: inbox.PermissionDenied, Permission: permission,
		Message: fmt.Sprintf("You need the permission %s. Ask an administrator of the workspace.", permission),
	}
}
