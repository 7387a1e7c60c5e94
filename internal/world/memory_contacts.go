package world

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/workspace"
)

func (m *records) allContacts() []inbox.Contact {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	return slices.SortedFunc(maps.Values(m.People), func(a, b inbox.Contact) int { return cmp.Compare(a.ID, b.ID) })
}

func (m *records) VerifiedContacts(
	_ context.Context, ws workspace.WorkspaceID, email, phone string, limit int,
) ([]inbox.Contact, error) {
	found := slices.DeleteFunc(m.allContacts(), func(c inbox.Contact) bool {
		same := email != "" && c.EmailVerified && workspace.SameEmail(c.Email, email) || phone != "" && c.PhoneVerified && c.Phone == phone
		return c.Workspace != ws || c.Gone() || !same
	})
	return found[:min(limit, len(found))], m.Fault
}

func (m *records) ListContacts(_ context.Context, q contacts.ContactQuery) (inbox.Page[inbox.Contact], error) {
	found := slices.DeleteFunc(m.allContacts(), func(c inbox.Contact) bool { return !q.Matches(c, Words) })
	return inbox.Page[inbox.Contact]{Items: found}, m.Fault
}

func (m *records) CountContacts(ctx context.Context, q contacts.ContactQuery, limit int) (int, error) {
	page, err := m.ListContacts(ctx, q)
	return min(limit, len(page.Items)), err
}

func (m *records) SpreadingContacts(_ context.Context, limit int) ([]inbox.Contact, error) {
	found := slices.DeleteFunc(m.allContacts(), func(c inbox.Contact) bool { return c.PropagatingSince.IsZero() })
	return found[:min(limit, len(found))], m.Fault
}

func (m *records) SaveContacts(_ context.Context, s commit.ContactSave) (commit.Propagation, error) {
	m.Mu.Lock()
	meanwhile := m.Meanwhile
	m.Meanwhile = nil
	m.Mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	m.Mu.Lock()
	defer m.Mu.Unlock()
	if err := m.guardContacts(s); err != nil {
		return commit.Propagation{}, err
	}
	return m.saveContacts(s), nil
}

// guardContacts needs mu, as saveContacts does.
func (m *records) guardContacts(s commit.ContactSave) error {
	if m.Fault != nil {
		return m.Fault
	}
	if m.keyUsed(s.Event.Key) {
		return commit.ErrDuplicateKey
	}
	for _, c := range s.Contacts {
		if old, there := m.People[c.ID]; there && max(1, old.Rev) != c.Rev-1 || !there && c.Rev != 1 {
			return commit.ErrStale
		}
	}
	if k := s.Copy; k != nil && len(s.Contacts) == 0 && max(1, m.People[k.Contact.ID].Rev) != max(1, k.Contact.Rev) {
		return commit.ErrStale
	}
	return nil
}

func (m *records) saveContacts(s commit.ContactSave) (out commit.Propagation) {
	for _, c := range s.Contacts {
		m.People[c.ID] = c
	}
	if s.Audit != nil {
		m.AuditLog = append(m.AuditLog, *s.Audit)
	}
	if s.Event.ID != "" {
		m.events = append(m.events, s.Event)
	}
	if out.Done = true; s.Copy == nil {
		return out
	}
	for _, id := range slices.Sorted(maps.Keys(m.Threads)) {
		c := m.Threads[id]
		if !contacts.Behind(*s.Copy, c) {
			continue
		}
		if len(out.Events) == s.Copy.Limit {
			out.Done = false
			return out
		}
		change := s.Copy.Follow(c)
		m.Threads[id] = change.Conversation
		m.events, out.Events = append(m.events, change.Event), append(out.Events, change.Event)
	}
	c := m.People[s.Copy.Contact.ID]
	c.PropagatingSince = time.Time{}
	m.People[c.ID] = c
	return out
}
