package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

func (r *Resolver) createAgent(ctx context.Context, in model.CreateAiAgentInput) (*model.AiAgentPayload, error) {
	n := admin.NewAgent{Name: in.Name, Subject: value(in.Subject), Key: value(in.IdempotencyKey)}
	return runAdmin(ctx, nil, func(p inbox.Principal) (workspace.AIAgent, error) {
		return r.Inbox.Admin.CreateAgent(ctx, p, n)
	}, agentPayload)
}

func (r *Resolver) updateAgent(ctx context.Context, in model.UpdateAiAgentInput) (*model.AiAgentPayload, error) {
	id, err := idOf[workspace.AgentID]("id", typeAgent, in.ID)
	edit := admin.AgentEdit{Name: in.Name, Subject: in.Subject, ExpectedRevision: in.ExpectedRevision}
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.AIAgent, error) { return r.Inbox.Admin.UpdateAgent(ctx, p, id, edit) }, agentPayload)
}

func (r *Resolver) removeAgent(ctx context.Context, in model.RemoveAiAgentInput) (*model.RemoveAiAgentPayload, error) {
	id, err := idOf[workspace.AgentID]("id", typeAgent, in.ID)
	return runAdmin(ctx, err, func(p inbox.Principal) (releasing[workspace.AIAgent], error) {
		return released(r.Inbox.Admin.RemoveAgent(ctx, p, id))
	},
		payloadOf(func(a *workspace.AIAgent, n *int, refused refusals) *model.RemoveAiAgentPayload {
			return &model.RemoveAiAgentPayload{RemovedAiAgentID: deletedID(a, func(a workspace.AIAgent) string { return GlobalID(typeAgent, a.ID) }), Released: n, UserErrors: refused}
		}))
}

func agentPayload(a *workspace.AIAgent, refused refusals) *model.AiAgentPayload {
	return &model.AiAgentPayload{AiAgent: toModel(a, agentOf), UserErrors: refused}
}
