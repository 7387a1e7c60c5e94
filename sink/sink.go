package sink

import (
	"context"
	"errors"
	"strconv"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

// Message is a record on its way to the broker.
type Message struct {
	Workspace workspace.WorkspaceID
	// Conversation is empty for a record that belongs to none. Brokers that divide a
	// stream keep what has the same workspace and conversation together.
	Conversation inbox.ConversationID
	Sequence     eventlog.Sequence
	// Body is a CloudEvent in the structured form, as JSON.
	Body []byte
}

// ErrForeign is a place in the broker that is none of this log: what is written behind it would
// never be whole.
var ErrForeign = errors.New("what the broker has is not of this log")

// Sink is a broker. It is safe for concurrent use.
type Sink interface {
	// Position returns the sequence up to which the broker has the log of a workspace, and the
	// id of the CloudEvent with it; 0 if it has nothing of it. ErrForeign if what it has there
	// last is not from this program.
	Position(ctx context.Context, ws workspace.WorkspaceID) (at eventlog.Sequence, id string, err error)
	// Publish hands messages of one workspace over, in their order. Without an error the
	// broker has stored all of them; with one it may have stored the first of them. What
	// it has already, by workspace and sequence, it drops as far as it remembers that.
	Publish(ctx context.Context, all []Message) error
	// Close lets the broker go.
	Close()
}

// number is a sequence as it is written.
func number(s eventlog.Sequence) string { return strconv.FormatInt(int64(s), 10) }
