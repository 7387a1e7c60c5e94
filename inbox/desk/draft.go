package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// draft makes a new conversation, which d describes, with what is said first.
func (s *runner) draft(
	ctx context.Context, t *attempt, step inbox.Action, d inbox.Draft, n NewConversation, said ...inbox.Message,
) (inbox.Move, error) {
	if t.By.Kind == workspace.ActorAgent {
		d.OriginAgent = workspace.AgentID(t.By.ID)
	}
	if n.Agent != "" {
		d.OriginAgent = n.Agent
	}
	if _, ok := t.access.Directory.Agent(d.OriginAgent); !ok && d.OriginAgent != "" {
		return inbox.Move{}, inbox.Invalid("aiAgentId", "There is no such AI agent in the workspace.")
	}
	to, err := s.firstOwner(ctx, t, d, n)
	if err != nil {
		return inbox.Move{}, err
	}
	return s.declared(step).Apply(inbox.Conversation{}, t.Command, access.Choice{Draft: d, To: to, Messages: said}), nil
}

// firstOwner decides the owner of a new conversation.
func (s *runner) firstOwner(ctx context.Context, t *attempt, d inbox.Draft, n NewConversation) (access.Target, error) {
	switch {
	case d.Kind == workspace.Ticket || n.To != (access.Owner{}):
		return s.namedOwner(ctx, t, d.Kind, n.To, n.pooled)
	case t.By.Kind == workspace.ActorMember: // B:N2
		return access.Target{Member: t.By.Member()}, nil
	case d.OriginAgent != "":
		return access.Target{}, nil
	}
	chosen, err := s.route.choose(ctx, t, d.Kind, "", "")
	return access.Target{Member: chosen, Automatic: true}, err
}

// namedOwner is for requests that name an assignee or a team. B:N1.
func (s *runner) namedOwner(
	ctx context.Context, t *attempt, kind workspace.Kind, to access.Owner, pooled bool,
) (access.Target, error) {
	switch {
	case to == access.Owner{} && pooled:
		return access.Target{}, nil
	case to == access.Owner{}:
		return access.Target{}, &inbox.Error{Code: inbox.AssigneeRequired, Field: []string{"to"}, Message: "A ticket needs an assignee or a team. Name one in `to`."}
	case to.Agent != "":
		return access.Target{}, notHuman()
	}
	if err := checkTarget(t.access, inbox.Conversation{Kind: kind}, to, ownerField(to)); err != nil {
		return access.Target{}, err
	}
	return s.route.target(ctx, t, kind, to)
}
