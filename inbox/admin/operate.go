package admin

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// Operator is who the acts of operators' commands are of: the system, in a workspace.
func Operator(ws workspace.WorkspaceID) inbox.Principal {
	return inbox.Principal{Workspace: ws, Actor: workspace.System()}
}

// Rename gives a workspace another name for people; its id stays. It returns the
// workspace as it is then; INVALID_INPUT for a name that cannot be one, NOT_FOUND for no
// such workspace.
func (s *Service) Rename(ctx context.Context, ws workspace.WorkspaceID, name string) (workspace.Workspace, error) {
	if err := checkName("name", name); err != nil {
		return workspace.Workspace{}, err
	}
	return s.operate(ctx, ws, audit.AuditRename, func(w *workspace.Workspace, f *auditFields) {
		f.text("name", w.Name, name)
		w.Name = name
	})
}

// Suspend refuses every caller of a workspace from now on with WORKSPACE_SUSPENDED, and
// ends its streams, on all servers. Nothing is removed, and Resume ends it. A workspace
// that is suspended stays as it is.
func (s *Service) Suspend(ctx context.Context, ws workspace.WorkspaceID) (workspace.Workspace, error) {
	return s.setSuspended(ctx, ws, audit.AuditSuspend, s.base.Clock())
}

// Resume serves a suspended workspace again.
func (s *Service) Resume(ctx context.Context, ws workspace.WorkspaceID) (workspace.Workspace, error) {
	return s.setSuspended(ctx, ws, audit.AuditResume, time.Time{})
}

func (s *Service) setSuspended(ctx context.Context, ws workspace.WorkspaceID, action audit.AuditAction, since time.Time) (workspace.Workspace, error) {
	return s.operate(ctx, ws, action, func(w *workspace.Workspace, f *auditFields) {
		if w.Suspended() == since.IsZero() {
			f.text("suspendedSince", instant(w.SuspendedSince), instant(since))
			w.SuspendedSince = since
		}
	})
}

// RecordExport writes into the audit log of a workspace that an operator exported it.
func (s *Service) RecordExport(ctx context.Context, ws workspace.WorkspaceID) error {
	d, err := s.store.Directory(ctx, ws)
	if err != nil {
		return err
	}
	return s.store.AppendAudit(ctx, audit.AuditEntry{
		ID: s.base.NewID(), Workspace: ws, At: s.base.Clock(), Actor: workspace.System(), Action: audit.AuditExport, Target: workspaceTarget(d.Workspace),
	})
}

// operate makes an act of an operator on a workspace itself.
func (s *Service) operate(ctx context.Context, ws workspace.WorkspaceID, action audit.AuditAction, edit func(*workspace.Workspace, *auditFields)) (workspace.Workspace, error) {
	done, err := s.administer(ctx, Operator(ws), act{name: string(action), decide: func(a access.Access) (Amendment, error) {
		w, f := a.Directory.Workspace, auditFields{}
		edit(&w, &f)
		return amendWorkspace(a, action, workspaceTarget(w), w, f), nil
	}})
	if err != nil {
		return workspace.Workspace{}, err
	}
	return *done.Workspace, nil
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
