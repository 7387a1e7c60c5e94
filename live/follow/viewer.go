package follow

import (
	"context"
	"reflect"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// viewer is what a caller is and may do.
type viewer struct {
	member      workspace.Member
	agent       workspace.AIAgent
	key         workspace.APIKey
	workspace   workspace.Workspace
	plan        workspace.Plan
	roles       []workspace.PresetRole
	permissions []string
}

func viewerOf(a access.Access) viewer {
	agent := a.Directory.Agents[workspace.AgentID(a.Principal.Actor.ID)]
	roles := make([]workspace.PresetRole, 0, len(a.Member.Roles))
	for _, name := range a.Member.Roles {
		roles = append(roles, access.PresetRole(a, name))
	}
	return viewer{a.Member, agent, a.Key, a.Directory.Workspace, access.PresetPlan(a), roles, a.Permissions()}
}

// Viewer follows who the caller is and what they may do: availability, roles, teams,
// plan, rules. It begins with how things are; what is new is the Access of the
// delivery. B:P1.
func (f *Streams) Viewer(ctx context.Context, r Request) (*Stream[struct{}], error) {
	s, err := open[struct{}](ctx, f, r, func(access.Access) ([]access.Facet, error) { return []access.Facet{access.NoFacet}, nil })
	if err != nil {
		return nil, err
	}
	s.beginWith("")
	var shown *viewer
	s.emit = func(context.Context, *feed.Item) error {
		if now := viewerOf(s.access); shown == nil || !reflect.DeepEqual(*shown, now) {
			shown = &now
			s.push(struct{}{})
		}
		return nil
	}
	return s, nil
}
