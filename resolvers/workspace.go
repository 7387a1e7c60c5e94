package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
)

func (s *scope) viewer() *model.Viewer {
	out := &model.Viewer{Workspace: s.workspace(s.access.Directory.Workspace), Permissions: s.access.Permissions()}
	switch actor := s.access.Principal.Actor; actor.Kind {
	case inbox.ActorMember:
		out.Member = memberOf(s.access.Member)
	case inbox.ActorAgent:
		out.AiAgent = s.agent(inbox.AgentID(actor.ID))
	case inbox.ActorContact:
		out.Contact = contactOf(inbox.ContactID(actor.ID), "")
	case inbox.ActorPartner:
		out.APIKey = &model.APIKey{Name: actor.ID}
	case inbox.ActorSystem:
	}
	return out
}

func (r *Resolver) updateRules(ctx context.Context, in model.UpdateWorkspaceRulesInput) (*model.UpdateWorkspaceRulesPayload, error) {
	s := scopeOf(ctx)
	w, warnings, err := r.Inbox.UpdateRules(ctx, s.access.Principal, func(rules *inbox.Rules) { changeRules(rules, in) })
	refused, ok := s.userErrors(err)
	switch {
	case !ok:
		return nil, err
	case err != nil:
		return &model.UpdateWorkspaceRulesPayload{Warnings: warningsOf(nil), UserErrors: refused}, nil
	}
	return &model.UpdateWorkspaceRulesPayload{Workspace: s.workspace(w), Warnings: warningsOf(warnings), UserErrors: refused}, nil
}
