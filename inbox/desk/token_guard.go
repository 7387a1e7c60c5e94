package desk

import (
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// tokenGuard lets a contact write only while its token holds at the commit; nil
// for other callers.
func tokenGuard(a access.Access) *int {
	p := a.Principal
	if p.Actor.Kind != workspace.ActorContact || p.TokenIssue == inbox.AnyIssue {
		return nil
	}
	return &p.TokenIssue
}
