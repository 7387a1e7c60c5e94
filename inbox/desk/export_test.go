package desk

import (
	"switchboard/inbox"
	"switchboard/inbox/access"
)

// Redeclare makes the use cases of s, and of the desk that it belongs to, run what
// declared returns in place of access.VerbOf.
func Redeclare(s *Service, declared func(inbox.Action) access.Verb) { s.run.declared = declared }
