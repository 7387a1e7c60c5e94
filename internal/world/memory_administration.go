package world

import (
	"cmp"
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

func (m *records) Administer(_ context.Context, s commit.DirectorySave) error {
	m.Mu.Lock()
	meanwhile := m.Meanwhile
	m.Meanwhile = nil
	m.Mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	m.Mu.Lock()
	defer m.Mu.Unlock()
	m.Commits++
	next := *m.Saved
	next.Workspace.Rev++
	switch {
	case m.Fault != nil:
		return m.Fault
	case s.Rev != m.Saved.Workspace.Rev:
		return commit.ErrStale
	case m.keyUsed(s.Events[0].Key):
		return commit.ErrDuplicateKey
	}
	after := &next
	for _, e := range s.Events {
		if e.Directory.Workspace != nil {
			after.Workspace = *e.Directory.Workspace
			continue
		}
		changed := after.With(*e.Directory)
		if changed == after {
			return commit.ErrStale
		}
		after = changed
	}
	m.Saved, m.events, m.AuditLog = after, append(m.events, s.Events...), append(m.AuditLog, s.Audit)
	return nil
}

func (m *records) Offboardings(_ context.Context, limit int) ([]inbox.Offboarding, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	var out []inbox.Offboarding
	ws := m.Saved.Workspace.ID
	for id, e := range m.Saved.Members {
		if !e.OffboardingSince.IsZero() {
			out = append(out, inbox.Offboarding{Workspace: ws, Member: id, Since: e.OffboardingSince})
		}
	}
	for id, e := range m.Saved.Teams {
		if !e.OffboardingSince.IsZero() {
			out = append(out, inbox.Offboarding{Workspace: ws, Team: id, Since: e.OffboardingSince})
		}
	}
	for id, e := range m.Saved.Agents {
		if !e.OffboardingSince.IsZero() {
			out = append(out, inbox.Offboarding{Workspace: ws, Agent: id, Since: e.OffboardingSince})
		}
	}
	if since := m.Saved.Workspace.OffboardingSince; !since.IsZero() {
		out = append(out, inbox.Offboarding{Workspace: ws, Since: since})
	}
	return out[:min(limit, len(out))], m.Fault
}

func (m *records) Workspaces(context.Context) ([]workspace.Workspace, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	return []workspace.Workspace{m.Saved.Workspace}, m.Fault
}

func (m *records) AppendAudit(_ context.Context, e audit.AuditEntry) error {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	m.AuditLog = append(m.AuditLog, e)
	return m.Fault
}

func (m *records) ListAudit(_ context.Context, q audit.AuditQuery) (inbox.Page[audit.AuditEntry], error) {
	var page inbox.Page[audit.AuditEntry]
	for _, e := range m.Audited() {
		if q.Matches(e) {
			page.Items = append(page.Items, e)
		}
	}
	return page, m.Fault
}

func (m *records) CountAudit(ctx context.Context, q audit.AuditQuery, limit int) (int, error) {
	page, err := m.ListAudit(ctx, q)
	return min(len(page.Items), limit), err
}

// Audited is the whole log, newest first.
func (m *records) Audited() []audit.AuditEntry {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	out := slices.Clone(m.AuditLog)
	slices.SortStableFunc(out, func(a, b audit.AuditEntry) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return out
}
