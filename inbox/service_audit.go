package inbox

import "context"

// AuditLog lists what was done in the caller's workspace, newest first, which
// needs audit.view. q's workspace is not looked at.
func (s *Service) AuditLog(ctx context.Context, p Principal, q AuditQuery) (Page[AuditEntry], error) {
	a, err := s.Access(ctx, p)
	if err != nil {
		return Page[AuditEntry]{}, err
	}
	if err := a.Require(AuditView); err != nil {
		return Page[AuditEntry]{}, err
	}
	q.Workspace = p.Workspace
	return s.store.ListAudit(ctx, q)
}

// RecordRefusal writes into the audit log that p was refused action on target
// with code.
func (s *Service) RecordRefusal(ctx context.Context, p Principal, action AuditAction, target AuditTarget, code Code) error {
	return s.store.AppendAudit(ctx, AuditEntry{
		ID: s.newID(), Workspace: p.Workspace, At: s.clock(), Actor: p.Actor, Action: action, Target: target, Refused: true, Code: code,
	})
}
