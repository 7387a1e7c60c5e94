package store

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// auditDoc is an entry of the audit log. Nothing updates or deletes one.
type auditDoc struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	At        time.Time             `bson:"at"`
	Actor     actorDoc              `bson:"actor"`
	Action    audit.AuditAction     `bson:"action"`
	Target    auditTargetDoc        `bson:"target"`
	Fields    []auditFieldDoc       `bson:"fields,omitempty"`
	Refused   bool                  `bson:"refused"`
	Code      inbox.Code            `bson:"code,omitempty"`
}

type auditTargetDoc struct {
	Kind audit.AuditTargetKind `bson:"kind"`
	ID   string                `bson:"id"`
	Name string                `bson:"name"`
}

type auditFieldDoc struct {
	Field string `bson:"field"`
	From  string `bson:"from"`
	To    string `bson:"to"`
}

func auditToDoc(e audit.AuditEntry) auditDoc {
	d := auditDoc{
		ID: e.ID, Workspace: e.Workspace, At: e.At, Actor: actorDoc(e.Actor), Action: e.Action,
		Target: auditTargetDoc(e.Target), Refused: e.Refused, Code: e.Code,
	}
	for _, f := range e.Fields {
		d.Fields = append(d.Fields, auditFieldDoc(f))
	}
	return d
}

func (d auditDoc) entry() audit.AuditEntry {
	e := audit.AuditEntry{
		ID: d.ID, Workspace: d.Workspace, At: d.At, Actor: workspace.Actor(d.Actor), Action: d.Action,
		Target: audit.AuditTarget(d.Target), Refused: d.Refused, Code: d.Code,
	}
	for _, f := range d.Fields {
		e.Fields = append(e.Fields, audit.AuditField(f))
	}
	return e
}

func (d auditDoc) position(string) inbox.PageCursor { return inbox.PageCursor{At: d.At, ID: d.ID} }

// AppendAudit adds an entry that no change goes with.
func (s *Store) AppendAudit(ctx context.Context, e audit.AuditEntry) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return fault("write the audit log", s.writeAudit(ctx, e))
}

func (s *Store) writeAudit(ctx context.Context, e audit.AuditEntry) error {
	_, err := s.audit.InsertOne(ctx, auditToDoc(e))
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	return err
}

// ListAudit answers a page of the audit log, newest first.
func (s *Store) ListAudit(ctx context.Context, q audit.AuditQuery) (inbox.Page[audit.AuditEntry], error) {
	page, err := list[auditDoc](ctx, s, listing{
		from: s.audit, filter: auditConditions(q), field: "at", desc: true, index: "newest", walked: []string{"workspace"}, page: q.Page,
	})
	if err != nil {
		return inbox.Page[audit.AuditEntry]{}, fault("list the audit log", err)
	}
	return convert(page, auditDoc.entry), nil
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
	return filter
}
