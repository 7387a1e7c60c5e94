package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// apiKeyOnly stands for the permission that no person can hold.
const apiKeyOnly = "apikey"

// Feeds is the verdict on writing into c in the name of others: an API key may that carries
// c, or that may see c and reply to it.
func Feeds(a Access, c inbox.Conversation) Verdict {
	v := FeedsKind(a, c.Kind)
	if v.Allowed && !carries(a, c) {
		return canView(a, c)
	}
	return v
}

// FeedsKind is the verdict on feeding conversations of a kind at all, which a caller may
// begin then.
func FeedsKind(a Access, kind workspace.Kind) Verdict {
	if a.Principal.Actor.Kind != workspace.ActorPartner {
		v := Refuse(DeniedByPermission, inbox.PermissionDenied)
		v.Permission = apiKeyOnly
		return v
	}
	return a.Permit(inbox.Conversation{Kind: kind}, workspace.PermReply, workspace.ScopeAll)
}

// carries reports whether the caller is the API key that began c, or that an administrator
// gave it to.
func carries(a Access, c inbox.Conversation) bool {
	return a.Directory.Workspace.Handovers.Feeds(a.Key.ID, c.Feeder)
}

// Knows reports whether c exists for the caller. For an API key that feeds conversations of
// the kind and may see none of them, those of other keys do not: it would learn from a
// refusal that an id which it guessed is one.
func Knows(a Access, c inbox.Conversation) bool {
	return !FeedsKind(a, c.Kind).Allowed || carries(a, c) || a.Sees(c)
}

// GivesReceipts refuses callers who cannot say what came to a contact: all but contacts
// and API keys, with PERMISSION_DENIED.
func GivesReceipts(a Access) error {
	switch a.Principal.Actor.Kind {
	case workspace.ActorContact, workspace.ActorPartner:
		return nil
	case workspace.ActorMember, workspace.ActorAgent, workspace.ActorSystem:
	}
	return Denied(apiKeyOnly)
}
