package document

// Collections returns the names of all collections that hold more than the moment, in
// the order in which they can be filled: conversations before the events that refer to
// them, and workspaces last, so that nobody can use data that is not complete. Leases
// and heartbeats are of the moment.
func Collections() []string {
	return []string{
		"conversations", "events", "contacts", "loads", "read_marks", "stars", "saved_views", "link_sessions", "presences", "servers",
		"audit", "settings", "apikey_uses", "apikeys", "agents", "teams", "members", "workspaces",
	}
}
