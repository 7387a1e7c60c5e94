package document

import (
	"net/url"

	"switchboard/inbox/workspace"
)

// Collections returns the names of all collections that hold more than the moment, in
// the order in which they can be filled: conversations before the events that refer to
// them, and workspaces last, so that nobody can use data that is not complete. Leases
// and heartbeats are of the moment.
func Collections() []string {
	return []string{
		"conversations", "offers", "events", "contacts", "loads", "read_marks", "stars", "saved_views", "link_sessions", "presences", "servers",
		"audit", "log", "settings", "webhook_deliveries", "webhook_progress", "apikey_uses", "webhooks", "apikeys", "agents", "teams", "members", "workspaces",
	}
}

// IsContent reports whether a collection has what is said and done in workspaces, and not
// who is in them, what was administered, or who is signed in.
func IsContent(collection string) bool {
	switch collection {
	case "conversations", "offers", "events", "contacts", "loads", "read_marks", "stars", "saved_views":
		return true
	}
	return false
}

// Belonging says how the documents of a collection name the workspace that they belong
// to.
type Belonging int

// The ways in which documents belong to a workspace.
const (
	// ByField is the field workspace.
	ByField Belonging = iota
	// ByID is the id of a workspace itself.
	ByID
	// ByIDPrefix is WorkspacePrefix at the beginning of the id.
	ByIDPrefix
	// OfInstallation belong to none.
	OfInstallation
)

// BelongingOf returns how documents of a collection belong to a workspace.
func BelongingOf(collection string) Belonging {
	switch collection {
	case "workspaces":
		return ByID
	case "loads":
		return ByIDPrefix
	case "settings", "servers", "leases":
		return OfInstallation
	}
	return ByField
}

// WorkspacePrefix begins the ids of what is kept once for a member or a team of ws. No
// other id is from it on and before end.
func WorkspacePrefix(ws workspace.WorkspaceID) (prefix, end string) {
	escaped := url.PathEscape(string(ws))
	return escaped + "/", escaped + "0" // the character behind the slash
}
