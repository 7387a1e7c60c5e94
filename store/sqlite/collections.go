package sqlite

// The collections of the table documents that hold the directory, settings, and what
// members keep for themselves. They have the names of store/mongo's collections.
const (
	workspaceDocs collection = "workspaces"
	memberDocs    collection = "members"
	teamDocs      collection = "teams"
	agentDocs     collection = "agents"
	keyDocs       collection = "apikeys"
	keyUseDocs    collection = "apikey_uses"
	settingDocs   collection = "settings"
	readMarkDocs  collection = "read_marks"
	starDocs      collection = "stars"
	savedViewDocs collection = "saved_views"
	serverDocs    collection = "servers"
	webhookDocs   collection = "webhooks"
	progressDocs  collection = "webhook_progress"
	deliveryDocs  collection = "webhook_deliveries"
	counterDocs   collection = "loads" // the counters of notifications stand among the loads
)
