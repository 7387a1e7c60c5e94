package eventlog

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Progress is how far the feed was numbered, at least: what follows at once is in the log
// before it is noted. It is one for the installation.
type Progress struct {
	// Rev grows by one with each write; 0 before the first.
	Rev int64
	// Position is the position of the feed behind the last event that was numbered; empty
	// before the first write.
	Position string
	// Filling says that what was stored before Position is being numbered, in the order in
	// which it is stored. That began at Began, and has come to Behind: see
	// Store.StoredEvents.
	Filling bool
	Began   time.Time
	Behind  string
}

// Store keeps the log. All methods can return UNAVAILABLE.
type Store interface {
	// LogProgress returns the progress as it is stored; zero before the first write.
	LogProgress(ctx context.Context) (Progress, error)
	// AppendLog writes entries and the progress in one transaction. commit.ErrStale if the
	// stored progress does not have the revision before that of next: another server
	// numbers. commit.ErrDuplicateKey if a sequence or an ID of an entry is there already.
	AppendLog(ctx context.Context, next Progress, entries []Entry) error
	// ExtendLog writes entries one after the other, and no progress: the first ones may be
	// there after an error, so that the log has no hole. commit.ErrDuplicateKey as AppendLog.
	ExtendLog(ctx context.Context, entries []Entry) error
	// LogEntries returns up to limit entries of a workspace in their order: those that
	// follow after, or with backward the last ones that precede it.
	LogEntries(ctx context.Context, ws workspace.WorkspaceID, after Sequence, backward bool, limit int) ([]Entry, error)
	// LogEnds returns the first and the last entry of a workspace; none for an empty log.
	LogEnds(ctx context.Context, ws workspace.WorkspaceID) ([]Entry, error)
	// LogSequences returns the sequences of entries by their IDs.
	LogSequences(ctx context.Context, ws workspace.WorkspaceID, ids []string) (map[string]Sequence, error)
	// TrimLog removes the entries before a sequence.
	TrimLog(ctx context.Context, ws workspace.WorkspaceID, before Sequence) error
	// StoredEvents returns up to limit events of all workspaces in the order in which they
	// are stored, behind a place that it returned before, empty for the first. The place
	// is returned empty at the end.
	StoredEvents(ctx context.Context, behind string, limit int) (events []inbox.Event, next string, err error)
	// Events finds several events at once, whole. Ids that do not exist have no entry.
	Events(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.EventID) (map[inbox.EventID]inbox.Event, error)
	// Conversations finds several conversations at once. Ids that do not exist have no
	// entry.
	Conversations(
		ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID,
	) (map[inbox.ConversationID]inbox.Conversation, error)
	// Workspaces lists every workspace.
	Workspaces(ctx context.Context) ([]workspace.Workspace, error)
}
