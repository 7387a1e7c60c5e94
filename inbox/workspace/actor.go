package workspace

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

// SameVoice reports whether two authors in one conversation are the same. A
// conversation has one contact, but its older messages may name the contact by the
// id of one that was merged into it since.
func (a Actor) SameVoice(b Actor) bool {
	return a == b || a.Kind == ActorContact && b.Kind == ActorContact
}
