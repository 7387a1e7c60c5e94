package sqlite

import (
	"context"
	"database/sql"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// AppendAudit adds an entry that no change goes with. ErrDuplicateKey when its id
// exists.
func (s *Store) AppendAudit(ctx context.Context, e audit.AuditEntry) error {
	return fault("write the audit log", s.update(ctx, func(tx *sql.Tx) error { return writeAudit(tx, e) }))
}

func writeAudit(tx *sql.Tx, e audit.AuditEntry) error {
	return insertAudit(tx, document.OfAudit(e))
}

func insertAudit(tx *sql.Tx, d document.Audit) error {
	body, err := bson.Marshal(d)
	if err != nil {
		return err
	}
	e := d.Entry()
	_, err = tx.Exec("INSERT INTO audit (id, workspace, at, actor_kind, actor_id, action, target_kind, target_id, refused, body) VALUES ("+marks(10)+")",
		e.ID, string(e.Workspace), e.At.UnixMilli(), string(e.Actor.Kind), e.Actor.ID, string(e.Action), string(e.Target.Kind), e.Target.ID, e.Refused, body)
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	return err
}

// ListAudit lists a page of the audit log, newest first.
func (s *Store) ListAudit(ctx context.Context, q audit.AuditQuery) (inbox.Page[audit.AuditEntry], error) {
	var page inbox.Page[document.Audit]
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		page, err = readPage(tx, auditListing(q))
		return err
	})
	return store.Convert(page, document.Audit.Entry), fault("list the audit log", err)
}

// CountAudit counts the entries that q asks for, up to limit.
func (s *Store) CountAudit(ctx context.Context, q audit.AuditQuery, limit int) (n int, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		n, err = auditListing(q).count(tx, limit)
		return err
	})
	return n, fault("count the audit log", err)
}

func auditListing(q audit.AuditQuery) listing[document.Audit] {
	where := []clause{{"workspace = ?", []any{string(q.Workspace)}}, among("action", q.Actions)}
	if q.Actor != (workspace.Actor{}) {
		where = append(where, clause{"actor_kind = ? AND actor_id = ?", []any{string(q.Actor.Kind), q.Actor.ID}})
	}
	if q.Target.Kind != "" {
		where = append(where, clause{"target_kind = ? AND target_id = ?", []any{string(q.Target.Kind), q.Target.ID}})
	}
	if q.Refused != nil {
		where = append(where, clause{"refused = ?", []any{*q.Refused}})
	}
	if !q.From.IsZero() {
		where = append(where, clause{"at >= ?", []any{q.From.UnixMilli()}})
	}
	if !q.Until.IsZero() {
		where = append(where, clause{"at < ?", []any{q.Until.UnixMilli()}})
	}
	return listing[document.Audit]{from: "audit INDEXED BY audit_newest", where: where, keys: byTime("at"), cursor: atTime, desc: true, page: q.Page}
}
