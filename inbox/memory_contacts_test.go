package inbox_test

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

func (m *memory) allContacts() []inbox.Contact {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.contacts), func(a, b inbox.Contact) int { return cmp.Compare(a.ID, b.ID) })
}

func (m *memory) VerifiedContacts(_ context.Context, ws workspace.WorkspaceID, email, phone string, limit int) ([]inbox.Contact, error) {
	found := slices.DeleteFunc(m.allContacts(), func(c inbox.Contact) bool {
		same := email != "" && c.EmailVerified && workspace.SameEmail(c.Email, email) || phone != "" && c.PhoneVerified && c.Phone == phone
		return c.Workspace != ws || c.Gone() || !same
	})
	return found[:min(limit, len(found))], m.fault
}

func (m *memory) ListContacts(_ context.Context, q contacts.ContactQuery) (inbox.Page[inbox.Contact], error) {
	found := slices.DeleteFunc(m.allContacts(), func(c inbox.Contact) bool { return !q.Matches(c, words) })
	return inbox.Page[inbox.Contact]{Items: found}, m.fault
}

func (m *memory) CountContacts(ctx context.Context, q contacts.ContactQuery, limit int) (int, error) {
	page, err := m.ListContacts(ctx, q)
	return min(limit, len(page.Items)), err
}

func (m *memory) SpreadingContacts(_ context.Context, limit int) ([]inbox.Contact, error) {
	found := slices.DeleteFunc(m.allContacts(), func(c inbox.Contact) bool { return c.PropagatingSince.IsZero() })
	return found[:min(limit, len(found))], m.fault
}

func (m *memory) SaveContacts(_ context.Context, s commit.ContactSave) (commit.Propagation, error) {
	m.mu.Lock()
	meanwhile := m.meanwhile
	m.meanwhile = nil
	m.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.guardContacts(s); err != nil {
		return commit.Propagation{}, err
	}
	return m.saveContacts(s), nil
}

// guardContacts needs mu, as saveContacts does.
func (m *memory) guardContacts(s commit.ContactSave) error {
	if m.fault != nil {
		return m.fault
	}
	if m.keyUsed(s.Event.Key) {
		return commit.ErrDuplicateKey
	}
	for _, c := range s.Contacts {
		if old, there := m.contacts[c.ID]; there && max(1, old.Rev) != c.Rev-1 || !there && c.Rev != 1 {
			return commit.ErrStale
		}
	}
	if k := s.Copy; k != nil && len(s.Contacts) == 0 && max(1, m.contacts[k.Contact.ID].Rev) != max(1, k.Contact.Rev) {
		return commit.ErrStale
	}
	return nil
}

func (m *memory) saveContacts(s commit.ContactSave) (out commit.Propagation) {
	for _, c := range s.Contacts {
		m.contacts[c.ID] = c
	}
	if s.Audit != nil {
		m.audit = append(m.audit, *s.Audit)
	}
	if s.Event.ID != "" {
		m.events = append(m.events, s.Event)
	}
	if out.Done = true; s.Copy == nil {
		return out
	}
	for _, id := range slices.Sorted(maps.Keys(m.conversations)) {
		c := m.conversations[id]
		if !contacts.Behind(*s.Copy, c) {
			continue
		}
		if len(out.Events) == s.Copy.Limit {
			out.Done = false
			return out
		}
		change := s.Copy.Follow(c)
		m.conversations[id] = change.Conversation
		m.events, out.Events = append(m.events, change.Event), append(out.Events, change.Event)
	}
	c := m.contacts[s.Copy.Contact.ID]
	c.PropagatingSince = time.Time{}
	m.contacts[c.ID] = c
	return out
}
