package inbox

import (
	"context"
	"strconv"
)

// AuditLog lists the administrative acts of the caller's workspace, newest first,
// which needs audit.view. It ignores q's workspace.
func (s *Service) AuditLog(ctx context.Context, p Principal, q AuditQuery) (Page[AuditEntry], error) {
	if err := s.mayAudit(ctx, p); err != nil {
		return Page[AuditEntry]{}, err
	}
	q.Workspace = p.Workspace
	return s.store.ListAudit(ctx, q)
}

// CountAudit counts the entries that AuditLog lists, up to CountLimit.
func (s *Service) CountAudit(ctx context.Context, p Principal, q AuditQuery) (int, error) {
	if err := s.mayAudit(ctx, p); err != nil {
		return 0, err
	}
	q.Workspace = p.Workspace
	return s.store.CountAudit(ctx, q, CountLimit)
}

func (s *Service) mayAudit(ctx context.Context, p Principal) error {
	a, err := s.Access(ctx, p)
	if err != nil {
		return err
	}
	return a.Require(AuditView)
}

// RecordRefusal writes into the audit log that p was refused action on target
// with code. Times above 1 make it one entry about so many refusals, of which the
// last was on target.
func (s *Service) RecordRefusal(ctx context.Context, p Principal, action AuditAction, target AuditTarget, code Code, times int) error {
	e := AuditEntry{
		ID: s.nextID(), Workspace: p.Workspace, At: s.clock(), Actor: p.Actor, Action: action, Target: target, Refused: true, Code: code,
	}
	if times > 1 {
		e.Fields = []AuditField{{Field: "refusals", To: strconv.Itoa(times)}}
	}
	return s.store.AppendAudit(ctx, e)
}
