package resolvers

import (
	"context"
	"reflect"

	"switchboard/graph/model"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// viewerState is what a Viewer is made from.
type viewerState struct {
	member      workspace.Member
	agent       workspace.AIAgent
	key         workspace.APIKey
	workspace   workspace.Workspace
	plan        workspace.Plan
	roles       []*model.Role
	permissions []string
}

func viewerStateOf(s *scope) viewerState {
	a := s.access
	agent := a.Directory.Agents[workspace.AgentID(a.Principal.Actor.ID)]
	return viewerState{a.Member, agent, a.Key, a.Directory.Workspace, s.service.Callers.Plan(a.Plan()),
		s.roles(a.Member), a.Permissions()}
}

// viewerChanges follows who the caller is and what they may do: availability, roles,
// teams, plan, rules. B:P1.
func (r *Resolver) viewerChanges(ctx context.Context) (<-chan *model.Viewer, error) {
	st, _, err := open[*model.Viewer](ctx, r, nil, access.NoFacet)
	if err != nil {
		return nil, err
	}
	st.gap("") // so that it begins with how things are
	var shown *viewerState
	st.emit = func(ctx context.Context, s *scope, _ *live.Item) ([]*model.Viewer, bool, error) {
		now := viewerStateOf(s)
		if shown != nil && reflect.DeepEqual(*shown, now) {
			return nil, true, nil
		}
		viewer, err := s.viewer(ctx)
		if err != nil {
			return nil, false, err
		}
		shown = &now
		return []*model.Viewer{viewer}, true, nil
	}
	st.start(ctx)
	return st.out, nil
}
