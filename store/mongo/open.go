package mongo

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// Config says which deployment to use and how patiently.
type Config struct {
	// URI is a MongoDB connection string.
	URI string
	// Database overrides the one that the URI names; "switchboard" when neither
	// does.
	Database string
	// ServerSelectionTimeout is how long an operation waits for a server that
	// can be reached; DefaultServerSelectionTimeout when zero.
	ServerSelectionTimeout time.Duration
	// Timeout bounds an operation whose context has no deadline. When zero, the URI's
	// timeoutMS does, and without that DefaultTimeout. Neither bounds Migrate or an
	// open feed.
	Timeout time.Duration
	// Monitor sees every command, for tracing; nil for none.
	Monitor *event.CommandMonitor
}

// DefaultServerSelectionTimeout is how long to wait for a server to be there.
const DefaultServerSelectionTimeout = 5 * time.Second

// DefaultDatabase is used when neither the configuration nor the URI names one.
const DefaultDatabase = "switchboard"

// Open connects to a deployment and checks that it can do what is needed. The
// error is a *SetupError when the settings or the deployment have to be mended.
// Indexes are made by Migrate.
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
	if err := s.check(ctx, strings.Join(parsed.Hosts, ",")); err != nil {
		return nil, errors.Join(err, closeNow(ctx, s))
	}
	return s, nil
}

func closeNow(ctx context.Context, s *Store) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	return s.Close(ctx)
}

// options require that every acknowledged write is in the journal of a majority.
func (c Config) options() *options.ClientOptions {
	journal := true
	patience := cmp.Or(c.ServerSelectionTimeout, DefaultServerSelectionTimeout)
	o := options.Client().ApplyURI(c.URI).
		SetAppName("switchboard").
		SetServerSelectionTimeout(patience).
		SetConnectTimeout(patience).
		SetReadPreference(readpref.Primary()). // a client must read its own writes
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal})
	o.Timeout = nil // the driver would end a feed that is quiet for so long
	if c.Monitor != nil {
		o.SetMonitor(c.Monitor)
	}
	return o
}
