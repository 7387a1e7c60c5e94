package resolvers

import (
	"context"
	"switchboard/graph"
	"switchboard/graph/model"
)

func (r *auditConnectionResolver) TotalCount(ctx context.Context, obj *model.AuditConnection) (int, error) {
	return r.Inbox.Admin.CountAudit(ctx, scopeOf(ctx).access.Principal, obj.Query)
}

func (r *queryResolver) AuditLog(ctx context.Context, filter *model.AuditFilter, first *int, after *string) (*model.AuditConnection, error) {
	return r.auditLog(ctx, filter, pageArgs{first: first, after: after})
}

func (r *Resolver) AuditConnection() graph.AuditConnectionResolver {
	return &auditConnectionResolver{r}
}

type auditConnectionResolver struct{ *Resolver }
