package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// apiKeyOnly stands for the permission that no person can hold.
const apiKeyOnly = "apikey"

// Feeds is the verdict on writing into c in the name of others.
func Feeds(a Access, c inbox.Conversation) Verdict {
	if a.Principal.Actor.Kind != workspace.ActorPartner {
		v := Refuse(DeniedByPermission, inbox.PermissionDenied)
		v.Permission = apiKeyOnly
		return v
	}
	return a.Permit(c, workspace.PermReply, workspace.ScopeAll)
}
