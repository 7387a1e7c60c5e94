package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// TokenIssuer is the API key that a contact token which the caller is given depends
// on: the key itself, or the one that the contact's own token came from; empty for
// none.
func TokenIssuer(a Access) workspace.KeyID {
	if a.Principal.Actor.Kind == workspace.ActorPartner {
		return a.Key.ID
	}
	return a.Principal.IssuedBy
}

// MayHoldContactToken reports whether the caller may be given a token with which
// the contact of c is spoken for: that contact, or an API key that feeds c. Nobody
// else may, so that no member or AI agent can write in a contact's name. B:N2.
func MayHoldContactToken(a Access, c inbox.Conversation) bool {
	if actor := a.Principal.Actor; actor.Kind == workspace.ActorContact {
		return inbox.ContactID(actor.ID) == c.Contact
	}
	return Feeds(a, c).Allowed
}

// MayEndTokens allows callers who manage contacts, and API keys that feed c.
func MayEndTokens(a Access, c inbox.Conversation) error {
	if Feeds(a, c).Allowed {
		return nil
	}
	return a.Require(workspace.ContactsManage)
}

// TokenRevoked is UNAUTHENTICATED for a contact token that was revoked.
func TokenRevoked() *inbox.Error {
	return &inbox.Error{Code: inbox.Unauthenticated, Message: "This contact token was revoked. Ask the website that handed it out for a new one."}
}
