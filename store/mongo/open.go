package mongo

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// Config says which deployment to use and how patiently.
type Config struct {
	// URI is a MongoDB connection string. Its time limits, pool sizes and appName hold;
	// what would lose acknowledged writes or the order of reads does not: see options.
	URI string
	// Database overrides the one that the URI names; "switchboard" when neither
	// does.
	Database string
	// ServerSelectionTimeout is how long an operation waits for a server that
	// can be reached; that of the URI when zero, else DefaultServerSelectionTimeout.
	ServerSelectionTimeout time.Duration
	// Timeout bounds an operation whose context has no deadline; timeoutMS of the URI
	// when zero, else DefaultTimeout. Neither bounds Migrate or an open feed.
	Timeout time.Duration
	// Monitor sees every command, for tracing; nil for none.
	Monitor *event.CommandMonitor
	// FeedWait is how long the database may leave a read of the feed unanswered while
	// nothing happens; DefaultFeedWait when zero. Events are returned at once, whatever it
	// is.
	FeedWait time.Duration
	// Uncoordinated lets commits that write the same documents meet in the database
	// instead of waiting for each other, to measure what that costs.
	Uncoordinated bool
	// Log receives what an operator should know about the URI and the deployment; nil
	// for none.
	Log *slog.Logger
}

// DefaultServerSelectionTimeout is how long to wait for a server to be there. An
// election takes up to 12 seconds.
const DefaultServerSelectionTimeout = 15 * time.Second

// DefaultFeedWait makes an idle server ask the database seldom. It is less than a heartbeat
// may take to arrive on a sharded cluster, 15 seconds, as an answer without changes shows too
// that the feed moves.
const DefaultFeedWait = 10 * time.Second

// openTime bounds the checks of Open. Somebody waits for the answer, and an address
// where nobody listens says nothing more after a while.
const openTime = 8 * time.Second

// DefaultDatabase is used when neither the configuration nor the URI names one.
const DefaultDatabase = "switchboard"

// Open connects to a deployment and checks that it can do what is needed: it opens a
// change stream, commits a transaction that only reads, and compares the number of the
// stored schema; it writes nothing. The error is a *SetupError when the settings or the
// deployment have to be mended. Indexes are made by Migrate; a server calls Prepare.
func Open(ctx context.Context, c Config) (*Store, error) {
	parsed, err := connstring.ParseAndValidate(c.URI)
	if err != nil {
		return nil, badURI(err)
	}
	client, err := driver.Connect(c.options())
	if err != nil {
		return nil, badURI(err)
	}
	s := newStore(client.Database(cmp.Or(c.Database, parsed.Database, DefaultDatabase)), cmp.Or(c.Timeout, parsed.Timeout, DefaultTimeout))
	s.uncoordinated, s.feedWait = c.Uncoordinated, cmp.Or(c.FeedWait, DefaultFeedWait)
	s.log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	if err := s.examine(ctx, parsed); err != nil {
		return nil, errors.Join(err, closeNow(ctx, s))
	}
	return s, nil
}

// examine refuses a deployment that cannot work, and logs what may surprise about it.
func (s *Store) examine(ctx context.Context, parsed *connstring.ConnString) error {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	found, err := s.look(ctx, strings.Join(parsed.Hosts, ","))
	if err != nil {
		return err
	}
	for _, surprise := range append(replacedSettings(parsed), found.surprises(parsed)...) {
		s.log.Warn(surprise)
	}
	if err := s.probe(ctx, found); err != nil {
		return err
	}
	return s.refuseNewer(ctx)
}

func closeNow(ctx context.Context, s *Store) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	return s.Close(ctx)
}
