package inbox

import "fmt"

// Owner names the next owner. One field is set; Agent is sent by clients that
// picked the AI row.
type Owner struct {
	Member MemberID
	Team   TeamID
	Agent  AgentID
}

// checkTarget gives the reason why to cannot be given c; field is the argument
// that names it. B:A1, B:T2.
func (a Access) checkTarget(c Conversation, to Owner, field string) error {
	switch {
	case to.Team != "":
		if _, ok := a.Directory.Team(to.Team); !ok {
			return noTeam(field)
		}
		return nil
	case to.Member == "":
		return targetRefused(field, TargetNotMember, "Name a member or a team.")
	}
	if err := a.checkOwner(c.Kind, to.Member, field); err != nil {
		return err
	}
	if c.Assignee == to.Member {
		return targetRefused(field, TargetCurrent, fmt.Sprintf("%s owns the conversation already.", a.nameOf(to.Member)))
	}
	return nil
}

// checkPresence refuses a member who is not online under rule transferToAway. B:T4.
func (a Access) checkPresence(id MemberID, field string) error {
	m := a.Directory.Members[id]
	if len(a.presenceWarnings(id)) > 0 && a.Rules().TransferToAway == DenyAway {
		return targetRefused(field, awayReason(m), fmt.Sprintf("%s is not online, and the workspace does not allow that. Pick somebody who is.", m.Name))
	}
	return nil
}

func targetRefused(field string, reason TargetReason, message string) *Error {
	return &Error{Code: TargetNotPermitted, Target: reason, Message: message, Field: []string{"to", field}}
}

// notHuman is the answer to picking the AI row. B:A3.
func notHuman() *Error {
	return &Error{
		Code: AssigneeNotHuman, Field: []string{"to", "memberId"},
		Message: "An AI agent cannot be made the assignee. Pick a member, or give the chat back to its AI agent with returnToAgent.",
	}
}

// Selectable says whether m can be picked as the next owner of c, and why not.
// B:A2.
func (a Access) Selectable(c Conversation, m Member) (reason TargetReason, ok bool) {
	switch {
	case c.Assignee == m.ID:
		return TargetCurrent, false
	case !a.LiveAgent(m, c.Kind):
		return TargetNotLiveAgent, false
	}
	return "", true
}

// presenceWarnings warns that the named member is not online.
func (a Access) presenceWarnings(id MemberID) []Warning {
	switch a.Directory.Members[id].Availability {
	case Away:
		return []Warning{WarnTargetAway}
	case Offline:
		return []Warning{WarnTargetOffline}
	case Online:
	}
	return nil
}

func awayReason(m Member) TargetReason {
	if m.Availability == Offline {
		return TargetOffline
	}
	return TargetAway
}
