package access

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Ends learns when a credential that somebody uses will end, so that the rights of those
// who only listen can be looked at then. It must not wait.
type Ends interface {
	// EndsAt reports a moment that is still to come. It may be reported often.
	EndsAt(at time.Time)
}

// resolve is NewAccess by the clock: a credential may have an end.
func (s *Callers) resolve(p inbox.Principal, d *workspace.Directory) (Access, error) {
	a, err := NewAccess(p, d, s.policy)
	end := a.Ends()
	switch {
	case err != nil || end.IsZero():
	case !end.After(s.now()):
		return Access{}, unknownIdentity()
	case s.ends != nil:
		s.ends.EndsAt(end)
	}
	return a, err
}

// Ends returns the first moment at which the caller is refused, as far as the directory
// says; zero for none. API keys and their secrets may have one, and the contact tokens that
// a key issued end with the key.
func (a Access) Ends() time.Time {
	switch a.Principal.Actor.Kind {
	case workspace.ActorPartner:
		return a.Key.Ends(a.Principal.KeySecret)
	case workspace.ActorContact:
		return a.Directory.Keys[a.Principal.IssuedBy].ExpiresAt
	case workspace.ActorMember, workspace.ActorAgent, workspace.ActorSystem:
	}
	return time.Time{}
}
