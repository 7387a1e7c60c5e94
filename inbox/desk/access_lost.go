package desk

import (
	"context"
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// lossesRead bounds how many of the newest events are looked through for how the
// caller lost a conversation.
const lossesRead = 50

// lostAccess replaces the refusal of a former owner who lost the conversation and
// may no longer see it: ACCESS_LOST names the member who took it and the time,
// which a missing permission would not. Any other error is returned as it is. B:K3
func (s *runner) lostAccess(ctx context.Context, a access.Access, id inbox.ConversationID, refusal error) error {
	if inbox.CodeOf(refusal) != inbox.PermissionDenied || a.Principal.Actor.Kind != workspace.ActorMember {
		return refusal
	}
	c, err := s.base.Find(ctx, a.Principal, id)
	if err != nil || a.Sees(c) {
		return refusal
	}
	page, err := s.store.ListHistory(ctx, HistoryQuery{Workspace: c.Workspace, Conversation: c.ID, Limit: lossesRead})
	if err != nil {
		return refusal
	}
	for _, e := range page.Items {
		if e.From.Assignee == a.Member.ID && e.To.Assignee != a.Member.ID {
			return accessLost(a, e)
		}
	}
	return refusal
}

func accessLost(a access.Access, e inbox.Event) *inbox.Error {
	who := "The system"
	switch e.Actor.Kind {
	case workspace.ActorMember:
		who = a.NameOf(e.Actor.Member())
	case workspace.ActorAgent:
		who = a.Directory.Agents[workspace.AgentID(e.Actor.ID)].Name
	case workspace.ActorPartner:
		who = a.Directory.Keys[workspace.KeyID(e.Actor.ID)].Name
	case workspace.ActorContact, workspace.ActorSystem:
	}
	message := fmt.Sprintf("%s took this conversation from you, and you may no longer see it. Ask for it to be transferred back if you need it.", who)
	if e.Actor == a.Principal.Actor {
		message = "You gave this conversation away, and you may no longer see it. Ask for it to be transferred back if you need it."
	}
	return &inbox.Error{Code: inbox.AccessLost, Message: message, By: e.Actor, At: e.At}
}
