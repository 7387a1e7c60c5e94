package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
)

func (r *Resolver) createAgent(ctx context.Context, in model.CreateAiAgentInput) (*model.AiAgentPayload, error) {
	n := inbox.NewAgent{Name: in.Name, Subject: value(in.Subject), Key: value(in.IdempotencyKey)}
	return acted(ctx, nil, func(p inbox.Principal) (inbox.AIAgent, error) { return r.Inbox.CreateAgent(ctx, p, n) }, agentPayload)
}

func (r *Resolver) updateAgent(ctx context.Context, in model.UpdateAiAgentInput) (*model.AiAgentPayload, error) {
	id, err := idOf[inbox.AgentID]("id", typeAgent, in.ID)
	edit := inbox.AgentEdit{Name: in.Name, Subject: in.Subject, ExpectedRevision: in.ExpectedRevision}
	return acted(ctx, err, func(p inbox.Principal) (inbox.AIAgent, error) { return r.Inbox.UpdateAgent(ctx, p, id, edit) }, agentPayload)
}

func (r *Resolver) removeAgent(ctx context.Context, in model.RemoveAiAgentInput) (*model.RemoveAiAgentPayload, error) {
	id, err := idOf[inbox.AgentID]("id", typeAgent, in.ID)
	return acted(ctx, err, func(p inbox.Principal) (releasing[inbox.AIAgent], error) {
		return released(r.Inbox.RemoveAgent(ctx, p, id))
	},
		payloadOf(func(a *inbox.AIAgent, n *int, refused refusals) *model.RemoveAiAgentPayload {
			return &model.RemoveAiAgentPayload{RemovedAiAgentID: gone(a, func(a inbox.AIAgent) string { return GlobalID(typeAgent, a.ID) }), Released: n, UserErrors: refused}
		}))
}

func agentPayload(a *inbox.AIAgent, refused refusals) *model.AiAgentPayload {
	return &model.AiAgentPayload{AiAgent: shown(a, agentOf), UserErrors: refused}
}
