package inbox

import "switchboard/inbox/workspace"

// EndTokens ends every contact token of c that was handed out so far, by moving
// on the issue number that tokens must name. It changes nothing else about c.
func EndTokens(c Conversation, t Command) Move {
	after := c
	after.TokenIssue++
	return Move{After: after, Event: Event{
		Workspace: c.Workspace, Type: ContactTokensEvent, Conversation: c.ID, Actor: t.By, From: c.Ownership, To: c.Ownership,
		Version: c.Version, Epoch: c.Epoch, At: t.At,
	}}
}

// ContactPrincipal is the contact of c, as a token names it that is made now and
// handed out by a key; by is empty when no key does.
func (c Conversation) ContactPrincipal(by workspace.KeyID) Principal {
	return Principal{
		Workspace: c.Workspace, Conversation: c.ID, Actor: workspace.Actor{Kind: workspace.ActorContact, ID: string(c.Contact)},
		TokenIssue: c.TokenIssue, IssuedBy: by,
	}
}

// AnyIssue stands for a contact in whose name another credential acts: there is no
// token whose issue could be over.
const AnyIssue = -1

// Holds reports whether a contact's token holds for c, as c is now. Other callers
// have no such token.
func (p Principal) Holds(c Conversation) bool {
	return p.Actor.Kind != workspace.ActorContact || p.TokenIssue == AnyIssue || p.TokenIssue == c.TokenIssue
}
