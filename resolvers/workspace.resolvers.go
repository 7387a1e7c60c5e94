package resolvers

import (
	"context"
	"slices"
	"switchboard/graph"
	"switchboard/graph/model"
)

func (r *queryResolver) Viewer(ctx context.Context) (*model.Viewer, error) {
	return scopeOf(ctx).viewer(ctx)
}

func (r *queryResolver) Workspace(ctx context.Context) (*model.Workspace, error) {
	s := scopeOf(ctx)
	return s.workspace(s.access.Directory.Workspace), nil
}

func (r *queryResolver) LiveCursor(ctx context.Context) (*string, error) {
	return r.began(scopeOf(ctx)), nil
}

func (r *workspaceResolver) Warnings(ctx context.Context, obj *model.Workspace) ([]*model.Warning, error) {
	hooks, err := webhookWarnings(ctx, scopeOf(ctx))
	return slices.Concat(obj.Warnings, hooks), err
}

func (r *Resolver) Query() graph.QueryResolver { return &queryResolver{r} }

func (r *Resolver) Workspace() graph.WorkspaceResolver { return &workspaceResolver{r} }

type (
	queryResolver     struct{ *Resolver }
	workspaceResolver struct{ *Resolver }
)
