package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

func (s *scope) viewer(ctx context.Context) (*model.Viewer, error) {
	out := &model.Viewer{Workspace: s.workspace(s.access.Directory.Workspace), Permissions: s.access.Permissions()}
	switch actor := s.access.Principal.Actor; actor.Kind {
	case workspace.ActorMember:
		out.Member = memberOf(s.access.Member)
	case workspace.ActorAgent:
		out.AiAgent = s.agent(workspace.AgentID(actor.ID))
	case workspace.ActorContact:
		c, err := s.loaders.contact.Load(ctx, inbox.ContactID(actor.ID))
		out.Contact = contactOf(inbox.ContactID(actor.ID), c.Name)
		return out, err
	case workspace.ActorPartner:
		out.APIKey = s.apiKey(s.access.Key)
	case workspace.ActorSystem:
	}
	return out, nil
}

func (r *Resolver) updateRules(ctx context.Context, in model.UpdateWorkspaceRulesInput) (*model.UpdateWorkspaceRulesPayload, error) {
	s := scopeOf(ctx)
	w, warnings, err := r.Inbox.Admin.UpdateRules(ctx, s.access.Principal, func(rules *workspace.Rules) { changeRules(rules, in) })
	refused, ok := s.userErrors(ctx, err)
	switch {
	case !ok:
		return nil, err
	case err != nil:
		return &model.UpdateWorkspaceRulesPayload{Warnings: warningsOf(nil), UserErrors: refused}, nil
	}
	return &model.UpdateWorkspaceRulesPayload{Workspace: s.workspace(w), Warnings: warningsOf(warnings), UserErrors: refused}, nil
}
