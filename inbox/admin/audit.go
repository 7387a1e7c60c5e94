package admin

import (
	"context"
	"strconv"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// AuditLog lists the administrative acts of the caller's workspace, newest first,
// which needs audit.view. It ignores q's workspace.
func (s *Service) AuditLog(ctx context.Context, p inbox.Principal, q audit.AuditQuery) (inbox.Page[audit.AuditEntry], error) {
	if err := s.mayAudit(ctx, p); err != nil {
		return inbox.Page[audit.AuditEntry]{}, err
	}
	q.Workspace = p.Workspace
	return s.store.ListAudit(ctx, q)
}

// CountAudit counts the entries that AuditLog lists, up to CountLimit.
func (s *Service) CountAudit(ctx context.Context, p inbox.Principal, q audit.AuditQuery) (int, error) {
	if err := s.mayAudit(ctx, p); err != nil {
		return 0, err
	}
	q.Workspace = p.Workspace
	return s.store.CountAudit(ctx, q, commit.CountLimit)
}

func (s *Service) mayAudit(ctx context.Context, p inbox.Principal) error {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return err
	}
	return a.Require(workspace.AuditView)
}

// RecordRefusal writes into the audit log that p was refused action on target
// with code. Times above 1 make it one entry about so many refusals, of which the
// last was on target.
func (s *Service) RecordRefusal(ctx context.Context, p inbox.Principal, action audit.AuditAction, target audit.AuditTarget, code inbox.Code, times int) error {
	e := audit.AuditEntry{
		ID: s.base.NewID(), Workspace: p.Workspace, At: s.base.Clock(), Actor: p.Actor, Action: action, Target: target, Refused: true, Code: code,
	}
	if times > 1 {
		e.Fields = []audit.AuditField{{Field: "refusals", To: strconv.Itoa(times)}}
	}
	return s.store.AppendAudit(ctx, e)
}
