package workspace

// DirectoryChange carries the entity that a directory event changed, as it is now.
// One field is set.
type DirectoryChange struct {
	Workspace *Workspace
	Member    *Member
	Team      *Team
	Agent     *AIAgent
	Key       *APIKey
	Webhook   *Webhook
}
