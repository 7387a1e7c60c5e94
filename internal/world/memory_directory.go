package world

import (
	"context"
	"maps"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

func (m *ports) Contacts(
	_ context.Context, ws workspace.WorkspaceID, ids []inbox.ContactID,
) (map[inbox.ContactID]inbox.Contact, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	out := map[inbox.ContactID]inbox.Contact{}
	for _, id := range ids {
		if c, ok := m.People[id]; ok && c.Workspace == ws {
			out[id] = c
		}
	}
	return out, m.Fault
}

func (m *ports) ContactByExternalID(_ context.Context, ws workspace.WorkspaceID, id string) (inbox.Contact, error) {
	m.Mu.Lock()
	all := slices.Collect(maps.Values(m.People))
	m.Mu.Unlock()
	return find(&m.records, "contact", all, func(c inbox.Contact) bool { return c.Workspace == ws && c.ExternalID == id })
}

func (m *ports) Loads(
	_ context.Context, _ workspace.WorkspaceID, members []workspace.MemberID,
) (map[workspace.MemberID]workspace.Load, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	out := map[workspace.MemberID]workspace.Load{}
	for _, id := range members {
		if load, ok := m.Counts[id]; ok {
			out[id] = load
		}
	}
	return out, m.Fault
}

func (m *ports) LoadsAndRotations(
	ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID,
) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error) {
	loads, err := m.Loads(ctx, ws, members)
	m.Mu.Lock()
	defer m.Mu.Unlock()
	out := map[workspace.TeamID]inbox.Rotation{}
	for _, id := range teams {
		if r, ok := m.rotations[id]; ok {
			out[id] = r
		}
	}
	return loads, out, err
}

func (m *ports) CreateWorkspace(_ context.Context, d workspace.Directory, audit ...audit.AuditEntry) error {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	m.Saved, m.AuditLog = &d, append(m.AuditLog, audit...)
	return m.Fault
}

func (m *ports) Directory(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	if ws != m.Saved.Workspace.ID {
		return nil, inbox.Missing("workspace")
	}
	return m.Saved, m.Fault
}

func (m *ports) Member(_ context.Context, ws workspace.WorkspaceID, id workspace.MemberID) (workspace.Member, error) {
	m.Mu.Lock()
	all := slices.Collect(maps.Values(m.Saved.Members))
	m.Mu.Unlock()
	return find(&m.records, "member", all, func(one workspace.Member) bool { return one.Workspace == ws && one.ID == id })
}

func (m *ports) SaveDirectory(_ context.Context, e inbox.Event) error {
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
	switch c := e.Directory; {
	case m.Fault != nil:
		return m.Fault
	case c.Member != nil && c.Member.Rev != m.Saved.Members[c.Member.ID].Rev+1,
		c.Workspace != nil && c.Workspace.Rev != m.Saved.Workspace.Rev+1:
		return commit.ErrStale
	}
	m.Saved = m.Saved.With(*e.Directory)
	m.events = append(m.events, e)
	return nil
}

func (m *ports) WorkspaceOfKey(_ context.Context, id workspace.KeyID) (workspace.WorkspaceID, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	if k, ok := m.Saved.Keys[id]; ok {
		return k.Workspace, m.Fault
	}
	return "", inbox.Missing("API key")
}

func (m *ports) KeyUsed(_ context.Context, _ workspace.WorkspaceID, use workspace.KeyUse) error {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	m.uses[use.Key] = workspace.KeyUses{At: use.At, Secrets: map[int]time.Time{use.Secret: use.At}}
	return m.Fault
}

func (m *ports) KeyUses(
	_ context.Context, _ workspace.WorkspaceID, ids []workspace.KeyID,
) (map[workspace.KeyID]workspace.KeyUses, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	out := maps.Clone(m.uses)
	maps.DeleteFunc(out, func(id workspace.KeyID, _ workspace.KeyUses) bool { return !slices.Contains(ids, id) })
	return out, m.Fault
}

// Applied has nothing to do: the directory is this store's.
func (m *ports) Applied(workspace.WorkspaceID, workspace.DirectoryChange) {}
