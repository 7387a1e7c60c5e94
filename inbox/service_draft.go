package inbox

import "context"

// draft decides the owner of a new conversation.
func (s *Service) draft(ctx context.Context, t *turn, d Draft, n NewConversation) (Move, error) {
	if t.By.Kind == ActorAgent {
		d.OriginAgent = AgentID(t.By.ID)
	}
	if n.Agent != "" {
		d.OriginAgent = n.Agent
	}
	if _, ok := t.access.Directory.Agent(d.OriginAgent); !ok && d.OriginAgent != "" {
		return Move{}, Invalid("aiAgentId", "There is no such AI agent in the workspace.")
	}
	switch {
	case d.Kind == Ticket || n.To != (Owner{}):
		return s.draftFor(ctx, t, d, n.To, n.pooled)
	case t.By.Kind == ActorMember: // B:N2
		return Create(d, "", t.By.Member(), false, t.Turn), nil
	}
	if d.OriginAgent != "" {
		return Create(d, "", "", false, t.Turn), nil
	}
	chosen, err := s.choose(ctx, t, d.Kind, "", "")
	return Create(d, "", chosen, true, t.Turn), err
}

// draftFor is for requests that name an assignee or a team. B:N1.
func (s *Service) draftFor(ctx context.Context, t *turn, d Draft, to Owner, pooled bool) (Move, error) {
	switch {
	case to == Owner{} && pooled:
		return Create(d, "", "", false, t.Turn), nil
	case to == Owner{}:
		return Move{}, &Error{Code: AssigneeRequired, Field: []string{"to"}, Message: "A ticket needs an assignee or a team. Name one in `to`."}
	case to.Agent != "":
		return Move{}, notHuman()
	}
	if err := t.access.checkTarget(Conversation{Kind: d.Kind}, to, to.field()); err != nil {
		return Move{}, err
	}
	if to.Team == "" {
		return Create(d, "", to.Member, false, t.Turn), nil
	}
	chosen, err := s.chooseFor(ctx, t, d.Kind, to.Team)
	return Create(d, to.Team, chosen, true, t.Turn), err
}
