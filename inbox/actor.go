package inbox

import "time"

// ActorKind is the kind of an actor.
type ActorKind string

// The kinds of actor.
const (
	ActorMember  ActorKind = "MEMBER"
	ActorAgent   ActorKind = "AI_AGENT"
	ActorContact ActorKind = "CONTACT"
	ActorPartner ActorKind = "PARTNER"
	ActorSystem  ActorKind = "SYSTEM"
)

// Actor names the author of an act. ID is empty for the system.
type Actor struct {
	Kind ActorKind
	ID   string
}

// System is the actor of rules and timers.
func System() Actor { return Actor{Kind: ActorSystem} }

// Member returns the actor's member id; empty if the actor is no member.
func (a Actor) Member() MemberID {
	if a.Kind != ActorMember {
		return ""
	}
	return MemberID(a.ID)
}

// sameVoice reports whether two authors in one conversation are the same. A
// conversation has one contact, but its older messages may name the contact by the
// id of one that was merged into it since.
func (a Actor) sameVoice(b Actor) bool {
	return a == b || a.Kind == ActorContact && b.Kind == ActorContact
}

// Principal is an authenticated caller. The workspace comes from the
// credential, never from an argument; roles come from the directory.
type Principal struct {
	Workspace WorkspaceID
	Actor     Actor
	// Conversation bounds a contact to one conversation; empty for others.
	Conversation ConversationID
	// TokenIssue is the issue number that a contact's token names; 0 for others.
	TokenIssue int
	// IssuedBy is the API key that handed out a contact's token; empty when no key
	// did. The token ends with the key.
	IssuedBy KeyID
	// Expires is when the credential ends; zero when it does not.
	Expires time.Time
}
