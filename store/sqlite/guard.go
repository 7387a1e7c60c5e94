package sqlite

import (
	"switchboard/inbox"
	"switchboard/inbox/commit"
)

// holds reports whether the stored conversation is as c demands.
func holds(c commit.Change, stored inbox.Conversation) bool {
	g := c.Guard
	switch {
	case g.Version != 0 && g.Version != stored.Version,
		g.Epoch != 0 && g.Epoch != stored.Epoch,
		g.NotClosed && stored.Status == inbox.Closed,
		!g.QuietSince.IsZero() && stored.LastActivityAt.After(g.QuietSince),
		g.Revision != nil && *g.Revision != stored.Revision,
		g.AwaitingReplySince != nil && !g.AwaitingReplySince.Equal(stored.AwaitingReplySince):
		return false
	case c.Event.Type == inbox.OwnershipEvent && !sameCopy(c.Conversation, stored):
		return false // the facets that this change writes hold the address of the contact as it was read
	}
	return holdsTokens(g, stored)
}

// continues reports whether stored is as a conversation that continues it demands.
func continues(c commit.Change, stored inbox.Conversation) bool {
	return stored.Status == inbox.Closed && stored.Next == "" && sameCopy(c.Conversation, stored) && holdsTokens(c.Guard, stored)
}

func holdsTokens(g commit.Guard, stored inbox.Conversation) bool {
	return g.TokenIssue == nil || *g.TokenIssue == stored.TokenIssue
}

func sameCopy(a, b inbox.Conversation) bool {
	return a.Contact == b.Contact && a.ContactCopyRevision == b.ContactCopyRevision
}
