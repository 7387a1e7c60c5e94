package world

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/commit"
)

func (m *records) guard(c commit.Change) error {
	old, exists := m.Threads[c.Conversation.ID]
	switch {
	case m.Fault != nil:
		return m.Fault
	case len(m.Refuse) > 0:
		err := m.Refuse[0]
		m.Refuse = m.Refuse[1:]
		return err
	case m.keyUsed(c.Event.Key), m.saidBefore(c.Event), c.Create && (exists || m.externalUsed(c)):
		return commit.ErrDuplicateKey
	case c.Create:
	case !exists, c.Guard.Version != 0 && old.Version != c.Guard.Version, c.Guard.Epoch != 0 && old.Epoch != c.Guard.Epoch,
		c.Guard.NotClosed && old.Status == inbox.Closed, c.Guard.TokenIssue != nil && old.TokenIssue != *c.Guard.TokenIssue,
		c.Guard.Revision != nil && old.Revision != *c.Guard.Revision,
		c.Guard.AwaitingReplySince != nil && !old.AwaitingReplySince.Equal(*c.Guard.AwaitingReplySince),
		!c.Guard.QuietSince.IsZero() && old.LastActivityAt.After(c.Guard.QuietSince):
		return commit.ErrStale
	}
	if before := m.Threads[c.Continues]; c.Continues != "" && (before.Status != inbox.Closed || before.Next != "" ||
		c.Guard.TokenIssue != nil && before.TokenIssue != *c.Guard.TokenIssue) {
		return commit.ErrStale
	}
	if before := m.Threads[c.Continues]; c.Continues != "" &&
		(before.Contact != c.Conversation.Contact || before.ContactCopyRevision != c.Conversation.ContactCopyRevision) {
		return commit.ErrStale
	}
	if k := c.Known; k != nil && max(1, m.People[k.ID].Rev) != max(1, k.Rev) {
		return commit.ErrStale
	}
	if c.Contacts != nil {
		if err := m.guardContacts(*c.Contacts); err != nil {
			return err
		}
	}
	for _, l := range c.Loads {
		if l.Held() > 0 && l.Cap > 0 && m.Counts[l.Member].Used(l.Counted) >= l.Cap {
			return commit.ErrAtCap
		}
		if l.Seen != nil && m.Counts[l.Member].Held() > *l.Seen {
			return commit.ErrAtCap
		}
	}
	if r := c.Rotation; r != nil && m.rotations[r.Team].Count != r.Count-1 {
		return commit.ErrAtCap
	}
	return nil
}

func (m *records) keyUsed(key inbox.IdempotencyKey) bool {
	return key.Key != "" && slices.ContainsFunc(m.events, func(e inbox.Event) bool {
		return e.Key.Actor == key.Actor && e.Key.Key == key.Key
	})
}

func (m *records) saidBefore(e inbox.Event) bool {
	return slices.ContainsFunc(e.Messages, func(said inbox.Message) bool {
		return said.ExternalID != "" && slices.ContainsFunc(m.events, func(other inbox.Event) bool {
			same := func(o inbox.Message) bool { return o.ExternalID == said.ExternalID }
			return other.Conversation == e.Conversation && slices.ContainsFunc(other.Messages, same)
		})
	})
}

func (m *records) externalUsed(c commit.Change) bool {
	for _, other := range m.Threads {
		if other.ExternalID != "" && other.ExternalID == c.Conversation.ExternalID {
			return true
		}
	}
	for _, other := range m.People {
		if c.Contact != nil && other.ExternalID != "" && other.ExternalID == c.Contact.ExternalID {
			return true
		}
	}
	return false
}
