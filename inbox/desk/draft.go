package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// draft decides the owner of a new conversation.
func (s *runner) draft(ctx context.Context, t *attempt, d inbox.Draft, n NewConversation) (inbox.Move, error) {
	if t.By.Kind == workspace.ActorAgent {
		d.OriginAgent = workspace.AgentID(t.By.ID)
	}
	if n.Agent != "" {
		d.OriginAgent = n.Agent
	}
	if _, ok := t.access.Directory.Agent(d.OriginAgent); !ok && d.OriginAgent != "" {
		return inbox.Move{}, inbox.Invalid("aiAgentId", "There is no such AI agent in the workspace.")
	}
	switch {
	case d.Kind == workspace.Ticket || n.To != (access.Owner{}):
		return s.draftFor(ctx, t, d, n.To, n.pooled)
	case t.By.Kind == workspace.ActorMember: // B:N2
		return inbox.Create(d, "", t.By.Member(), false, t.Command), nil
	}
	if d.OriginAgent != "" {
		return inbox.Create(d, "", "", false, t.Command), nil
	}
	chosen, err := s.route.choose(ctx, t, d.Kind, "", "")
	return inbox.Create(d, "", chosen, true, t.Command), err
}

// draftFor is for requests that name an assignee or a team. B:N1.
func (s *runner) draftFor(ctx context.Context, t *attempt, d inbox.Draft, to access.Owner, pooled bool) (inbox.Move, error) {
	switch {
	case to == access.Owner{} && pooled:
		return inbox.Create(d, "", "", false, t.Command), nil
	case to == access.Owner{}:
		return inbox.Move{}, &inbox.Error{Code: inbox.AssigneeRequired, Field: []string{"to"}, Message: "A ticket needs an assignee or a team. Name one in `to`."}
	case to.Agent != "":
		return inbox.Move{}, notHuman()
	}
	if err := checkTarget(t.access, inbox.Conversation{Kind: d.Kind}, to, ownerField(to)); err != nil {
		return inbox.Move{}, err
	}
	if to.Team == "" {
		return inbox.Create(d, "", to.Member, false, t.Command), nil
	}
	chosen, err := s.route.chooseFor(ctx, t, d.Kind, to.Team)
	return inbox.Create(d, to.Team, chosen, true, t.Command), err
}
