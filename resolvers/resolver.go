package resolvers

import (
	"context"
	"log/slog"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
	"switchboard/live/follow"
	"switchboard/live/marks"
)

// Config holds the dependencies of the resolvers. Every field is required.
type Config struct {
	Inbox *services.Services
	Hub   *feed.Hub
	// CatchUp reads events that the hub no longer holds.
	CatchUp *feed.CatchUp
	// Abreast tells when this server knows what subscribers know that come from another.
	Abreast *feed.Abreast
	// Marks say who looks at conversations and who writes there.
	Marks *marks.Marks
	// Gaps counts the gaps that subscribers receive.
	Gaps *feed.Gaps
	// LogSignals wakes the readers of logs.
	LogSignals follow.LogSignals
	// RenewRights makes all that decides on the rights of a workspace's callers, as this
	// server knows it, as new as what is stored.
	RenewRights func(ctx context.Context, ws workspace.WorkspaceID) error
	// AwaitNumber is how long an item of a live stream waits for its number in the log; a
	// second if it is zero.
	AwaitNumber time.Duration
	// Seals encrypt cursors.
	Seals *Seals
	// Words gives the folded words of a text, as stores index them, and Terms those
	// that a search demands.
	Words, Terms func(string) []string
	// ContactToken signs a token of c's present issue that reaches c and nothing
	// else, handed out by an API key; by is empty when none does.
	ContactToken func(c inbox.Conversation, by workspace.KeyID) (string, error)
	// Delivering is as follow.Streams has it; nil for nobody.
	Delivering func(ctx context.Context, trace, subscription string) (end func())
	// Rate returns the cost that the caller may use at once, what is left of it, and after
	// how long all of it is there again.
	Rate func(ctx context.Context) (limit, remaining int, reset time.Duration)
	// EndWithError makes a subscription end with err instead of completing.
	EndWithError func(ctx context.Context, err error) bool
	// RunSource has the executor of a subscription run what yields its items. It is
	// false, and source is not run, if the items have to come through the channel alone.
	RunSource func(ctx context.Context, source func(ctx context.Context, next respond) (await func(wake func()) bool)) bool
	// Keep hears how many bytes a subscription keeps that depend on the data; see
	// follow.Request.
	Keep func(ctx context.Context, bytes int) error
	// Room says when the client of a subscription has room for more; see exec.Room.
	Room func(ctx context.Context) <-chan struct{}
	Log  *slog.Logger
}

// Resolver is the root of all resolvers.
type Resolver struct {
	Config
	streams *follow.Streams
	numbers numbering
}

// New makes the root.
func New(c Config) *Resolver { return &Resolver{Config: c, streams: newStreams(c)} }
