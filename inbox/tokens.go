package inbox

// EndTokens ends every contact token of c that was handed out so far, by moving
// on the issue number that tokens must name. It changes nothing else about c.
func EndTokens(c Conversation, t Turn) Move {
	after := c
	after.TokenIssue++
	return Move{After: after, Event: Event{
		Workspace: c.Workspace, Type: ContactTokensEvent, Conversation: c.ID, Actor: t.By, From: c.Ownership, To: c.Ownership,
		Version: c.Version, Epoch: c.Epoch, At: t.At,
	}}
}

// ContactPrincipal is the contact of c, as a token names it that is made now and
// handed out by a key; by is empty when no key does.
func (c Conversation) ContactPrincipal(by KeyID) Principal {
	return Principal{
		Workspace: c.Workspace, Conversation: c.ID, Actor: Actor{Kind: ActorContact, ID: string(c.Contact)},
		TokenIssue: c.TokenIssue, IssuedBy: by,
	}
}

// TokenIssuer is the API key that a contact token which the caller is given depends
// on: the key itself, or the one that the contact's own token came from; empty for
// none.
func (a Access) TokenIssuer() KeyID {
	if a.Principal.Actor.Kind == ActorPartner {
		return a.Key.ID
	}
	return a.Principal.IssuedBy
}

// MayHoldContactToken reports whether the caller may be given a token with which
// the contact of c is spoken for: that contact, or an API key that feeds c. Nobody
// else may, so that no member or AI agent can write in a contact's name. B:N2.
func (a Access) MayHoldContactToken(c Conversation) bool {
	if actor := a.Principal.Actor; actor.Kind == ActorContact {
		return ContactID(actor.ID) == c.Contact
	}
	return a.feeds(c).Allowed
}

// mayEndTokens allows callers who manage contacts, and API keys that feed c.
func (a Access) mayEndTokens(c Conversation) error {
	if a.feeds(c).Allowed {
		return nil
	}
	return a.Require(ContactsManage)
}

// anyIssue stands for a contact in whose name another credential acts: there is no
// token whose issue could be over.
const anyIssue = -1

// holds reports whether a contact's token holds for c, as c is now. Other callers
// have no such token.
func (p Principal) holds(c Conversation) bool {
	return p.Actor.Kind != ActorContact || p.TokenIssue == anyIssue || p.TokenIssue == c.TokenIssue
}

// tokenGuard lets a contact write only while its token holds at the commit; nil
// for other callers.
func (a Access) tokenGuard() *int {
	p := a.Principal
	if p.Actor.Kind != ActorContact || p.TokenIssue == anyIssue {
		return nil
	}
	return &p.TokenIssue
}

func tokenRevoked() *Error {
	return &Error{Code: Unauthenticated, Message: "This contact token was revoked. Ask the website that handed it out for a new one."}
}
