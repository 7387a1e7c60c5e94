package desk

import (
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// checkTarget gives the reason why to cannot be given c; field is the argument
// that names it. B:A1, B:T2.
func checkTarget(a access.Access, c inbox.Conversation, to access.Owner, field string) error {
	switch {
	case to.Team != "":
		if _, ok := a.Directory.Team(to.Team); !ok {
			return noTeam(field)
		}
		return nil
	case to.Member == "":
		return targetRefused(field, inbox.TargetNotMember, "Name a member or a team.")
	}
	if err := checkOwner(a, c.Kind, to.Member, field); err != nil {
		return err
	}
	if c.Assignee == to.Member {
		return targetRefused(field, inbox.TargetCurrent, fmt.Sprintf("%s owns the conversation already.", a.NameOf(to.Member)))
	}
	return nil
}

// checkPresence refuses a member who is not there: under rule transferToAway, and for an
// offer, which nobody could accept. B:T4, B:T6.
func checkPresence(t *attempt, id workspace.MemberID, by inbox.Action) error {
	m := t.access.Directory.Members[id]
	reason, _ := t.access.Selectable(t.current, m, by)
	if reason != inbox.TargetAway && reason != inbox.TargetOffline {
		return nil
	}
	message := "%s is offline and could not accept an offer. Pick somebody who is there."
	if t.Rules.TransferToAway == workspace.DenyAway {
		message = "%s is not online, and the workspace does not allow that. Pick somebody who is."
	}
	return targetRefused("memberId", reason, fmt.Sprintf(message, m.Name))
}

func targetRefused(field string, reason inbox.TargetReason, message string) *inbox.Error {
	return &inbox.Error{Code: inbox.TargetNotPermitted, Target: reason, Message: message, Field: []string{"to", field}}
}

// notHuman is the answer to picking the AI row. B:A3.
func notHuman() *inbox.Error {
	return &inbox.Error{
		Code: inbox.AssigneeNotHuman, Field: []string{"to", "memberId"},
		Message: "An AI agent cannot be made the assignee. Pick a member, or give the chat back to its AI agent with returnToAgent.",
	}
}

// presenceWarnings warns that the named member is not online.
func presenceWarnings(a access.Access, id workspace.MemberID) []inbox.Warning {
	switch a.Directory.Members[id].Availability {
	case workspace.Away:
		return []inbox.Warning{inbox.WarnTargetAway}
	case workspace.Offline:
		return []inbox.Warning{inbox.WarnTargetOffline}
	case workspace.Online:
	}
	return nil
}

func awayReason(m workspace.Member) inbox.TargetReason {
	if m.Availability == workspace.Offline {
		return inbox.TargetOffline
	}
	return inbox.TargetAway
}
