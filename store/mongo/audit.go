package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// AppendAudit adds an entry that no change goes with.
func (s *Store) AppendAudit(ctx context.Context, e audit.AuditEntry) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return fault("write the audit log", s.writeAudit(ctx, e))
}

func (s *Store) writeAudit(ctx context.Context, e audit.AuditEntry) error {
	_, err := s.audit.InsertOne(ctx, document.OfAudit(e))
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	return err
}

// ListAudit answers a page of the audit log, newest first.
func (s *Store) ListAudit(ctx context.Context, q audit.AuditQuery) (inbox.Page[audit.AuditEntry], error) {
	page, err := list[document.Audit](ctx, s, listing{
		from: s.audit, filter: auditConditions(q), field: "at", desc: true, index: "newest", walked: []string{"workspace"}, page: q.Page,
	})
	if err != nil {
		return inbox.Page[audit.AuditEntry]{}, fault("list the audit log", err)
	}
	return store.Convert(page, document.Audit.Entry), nil
}

// CountAudit counts the entries that q asks for, up to limit.
func (s *Store) CountAudit(ctx context.Context, q audit.AuditQuery, limit int) (int, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	n, err := s.audit.CountDocuments(ctx, auditConditions(q).filter(), options.Count().SetLimit(int64(limit)).SetHint("newest"))
	return int(n), fault("count the audit log", err)
}

func auditConditions(q audit.AuditQuery) conditions {
	filter := conditions{doc: bson.D{{Key: "workspace", Value: q.Workspace}}}
	if q.Actor != (workspace.Actor{}) {
		filter.add("actor.kind", q.Actor.Kind)
		filter.add("actor.id", q.Actor.ID)
	}
	among(&filter, "action", q.Actions)
	if q.Target.Kind != "" {
		filter.add("target.kind", q.Target.Kind)
		filter.add("target.id", q.Target.ID)
	}
	if q.Refused != nil {
		filter.add("refused", *q.Refused)
	}
	if span := between(q.From, q.Until); span != nil {
		filter.add("at", span)
	}
	return filter
}

// between holds for times from one on and before the other; nil for no bound.
func between(from, until time.Time) (span bson.D) {
	if !from.IsZero() {
		span = append(span, bson.E{Key: "$gte", Value: from})
	}
	if !until.IsZero() {
		span = append(span, bson.E{Key: "$lt", Value: until})
	}
	return span
}
