package inbox_test

import (
	"cmp"
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

func (m *memory) Administer(_ context.Context, s commit.DirectorySave) error {
	m.mu.Lock()
	meanwhile := m.meanwhile
	m.meanwhile = nil
	m.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits++
	next := *m.directory
	next.Workspace.Rev++
	switch {
	case m.fault != nil:
		return m.fault
	case s.Rev != m.directory.Workspace.Rev:
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
	m.directory, m.events, m.audit = after, append(m.events, s.Events...), append(m.audit, s.Audit)
	return nil
}

func (m *memory) Offboardings(_ context.Context, limit int) ([]inbox.Offboarding, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []inbox.Offboarding
	ws := m.directory.Workspace.ID
	for id, e := range m.directory.Members {
		if !e.OffboardingSince.IsZero() {
			out = append(out, inbox.Offboarding{Workspace: ws, Member: id, Since: e.OffboardingSince})
		}
	}
	for id, e := range m.directory.Teams {
		if !e.OffboardingSince.IsZero() {
			out = append(out, inbox.Offboarding{Workspace: ws, Team: id, Since: e.OffboardingSince})
		}
	}
	for id, e := range m.directory.Agents {
		if !e.OffboardingSince.IsZero() {
			out = append(out, inbox.Offboarding{Workspace: ws, Agent: id, Since: e.OffboardingSince})
		}
	}
	if since := m.directory.Workspace.OffboardingSince; !since.IsZero() {
		out = append(out, inbox.Offboarding{Workspace: ws, Since: since})
	}
	return out[:min(limit, len(out))], m.fault
}

func (m *memory) Workspaces(context.Context) ([]workspace.Workspace, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return []workspace.Workspace{m.directory.Workspace}, m.fault
}

func (m *memory) AppendAudit(_ context.Context, e audit.AuditEntry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.audit = append(m.audit, e)
	return m.fault
}

func (m *memory) ListAudit(_ context.Context, q audit.AuditQuery) (inbox.Page[audit.AuditEntry], error) {
	var page inbox.Page[audit.AuditEntry]
	for _, e := range m.audited() {
		if q.Matches(e) {
			page.Items = append(page.Items, e)
		}
	}
	return page, m.fault
}

func (m *memory) CountAudit(ctx context.Context, q audit.AuditQuery, limit int) (int, error) {
	page, err := m.ListAudit(ctx, q)
	return min(len(page.Items), limit), err
}

// audited is the whole log, newest first.
func (m *memory) audited() []audit.AuditEntry {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := slices.Clone(m.audit)
	slices.SortStableFunc(out, func(a, b audit.AuditEntry) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return out
}
