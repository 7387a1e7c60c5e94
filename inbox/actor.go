package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// Principal is an authenticated caller. The workspace comes from the
// credential, never from an argument; roles come from the directory.
type Principal struct {
	Workspace workspace.WorkspaceID
	Actor     workspace.Actor
	// Conversation bounds a contact to one conversation; empty for others.
	Conversation ConversationID
	// TokenIssue is the issue number that a contact's token names; 0 for others.
	TokenIssue int
	// IssuedBy is the API key that handed out a contact's token; empty when no key
	// did. The token ends with the key.
	IssuedBy workspace.KeyID
	// KeySecret is the number of the secret that an API key was identified by; 0 for no
	// secret in particular, and for others. It ends with that secret.
	KeySecret int
	// Expires is when the credential ends; zero when it does not.
	Expires time.Time
}
