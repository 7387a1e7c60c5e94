package inbox

import (
	"context"
	"fmt"
)

// lossesRead bounds how many of the newest events are looked through for how the
// caller lost a conversation.
const lossesRead = 50

// lostAccess replaces the refusal of a former owner who lost the conversation and
// may no longer see it: ACCESS_LOST names the member who took it and the time,
// which a missing permission would not. Any other error is returned as it is. B:K3
func (s *Service) lostAccess(ctx context.Context, a Access, id ConversationID, refusal error) error {
	if CodeOf(refusal) != PermissionDenied || a.Principal.Actor.Kind != ActorMember {
		return refusal
	}
	c, err := s.find(ctx, a.Principal, id)
	if err != nil || a.Sees(c) {
		return refusal
	}
	page, err := s.store.ListHistory(ctx, HistoryQuery{Workspace: c.Workspace, Conversation: c.ID, Limit: lossesRead})
	if err != nil {
		return refusal
	}
	for _, e := range page.Items {
		if e.From.Assignee == a.Member.ID && e.To.Assignee != a.Member.ID {
			return a.accessLost(e)
		}
	}
	return refusal
}

func (a Access) accessLost(e Event) *Error {
	who := "The system"
	switch e.Actor.Kind {
	case ActorMember:
		who = a.nameOf(e.Actor.Member())
	case ActorAgent:
		who = a.Directory.Agents[AgentID(e.Actor.ID)].Name
	case ActorPartner:
		who = a.Directory.Keys[KeyID(e.Actor.ID)].Name
	case ActorContact, ActorSystem:
	}
	message := fmt.Sprintf("%s took this conversation from you, and you may no longer see it. Ask for it to be transferred back if you need it.", who)
	if e.Actor == a.Principal.Actor {
		message = "You gave this conversation away, and you may no longer see it. Ask for it to be transferred back if you need it."
	}
	return &Error{Code: AccessLost, Message: message, By: e.Actor, At: e.At}
}
