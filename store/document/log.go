package document

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

// LogProgressID is the id of the progress of the log among the leases, which are not moved
// to another database: positions of the feed are of one.
const LogProgressID = "log"

// LogEntry is an entry of the log of a workspace.
type LogEntry struct {
	ID           string                `bson:"_id"`
	Workspace    workspace.WorkspaceID `bson:"workspace"`
	Sequence     int64                 `bson:"sequence"`
	Kind         eventlog.Kind         `bson:"kind"`
	Event        inbox.EventID         `bson:"event,omitempty"` // omitted where it is the id
	Conversation inbox.ConversationID  `bson:"conversation,omitempty"`
	At           time.Time             `bson:"at"`
	Clock        time.Time             `bson:"clock"`
	Position     string                `bson:"position,omitempty"`
}

// OfLogEntry is the document of n.
func OfLogEntry(n eventlog.Entry) LogEntry {
	d := LogEntry{
		ID: n.ID, Workspace: n.Workspace, Sequence: int64(n.Sequence), Kind: n.Kind,
		Conversation: n.Conversation, At: n.At, Clock: n.Clock, Position: n.Position,
	}
	if string(n.Event) != n.ID {
		d.Event = n.Event
	}
	return d
}

// Entry is the entry of the document.
func (d LogEntry) Entry() eventlog.Entry {
	n := eventlog.Entry{
		ID: d.ID, Workspace: d.Workspace, Sequence: eventlog.Sequence(d.Sequence), Kind: d.Kind, Event: d.Event,
		Conversation: d.Conversation, At: d.At, Clock: d.Clock, Position: d.Position,
	}
	if n.Event == "" {
		n.Event = inbox.EventID(d.ID)
	}
	return n
}

// LogProgress is how far the feed of the installation was numbered.
type LogProgress struct {
	ID       string    `bson:"_id"`
	Rev      int64     `bson:"rev"`
	Position string    `bson:"position"`
	Filling  bool      `bson:"filling"`
	Began    time.Time `bson:"began"`
	Behind   string    `bson:"behind"`
}

// OfLogProgress is the document of p.
func OfLogProgress(p eventlog.Progress) LogProgress {
	return LogProgress{ID: LogProgressID, Rev: p.Rev, Position: p.Position, Filling: p.Filling, Began: p.Began, Behind: p.Behind}
}

// Progress is the progress of the document.
func (d LogProgress) Progress() eventlog.Progress {
	return eventlog.Progress{Rev: d.Rev, Position: d.Position, Filling: d.Filling, Began: d.Began, Behind: d.Behind}
}
