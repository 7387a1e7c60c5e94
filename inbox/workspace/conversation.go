package workspace

// Kind is the kind of a conversation.
type Kind string

// The kinds of conversation.
const (
	Livechat Kind = "LIVECHAT"
	Ticket   Kind = "TICKET"
)
