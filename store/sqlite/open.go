package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"switchboard/store"
	"sync/atomic"
	"time"
)

// Durability is what a commit waits for.
type Durability string

// The durabilities.
const (
	// Full waits until the disk has the commit: nothing acknowledged is lost.
	Full Durability = "full"
	// Relaxed leaves the last commits to the operating system: a crash of the machine,
	// unlike one of the program, may lose them. The file stays whole.
	Relaxed Durability = "relaxed"
)

// Config says where to keep the data and how durably.
type Config struct {
	// Dir is the folder of switchboard.db; it is made when it does not exist. Empty
	// keeps everything in memory.
	Dir string
	// MustExist refuses a folder without data, instead of beginning anew.
	MustExist bool
	// Durability is Full when empty.
	Durability Durability
	// Timeout bounds an operation whose context has no deadline; DefaultTimeout when
	// zero.
	Timeout time.Duration
	// Log receives warnings; nil for no log.
	Log *slog.Logger
	// Trace hears of each transaction, read or write, and returns what hears of its end,
	// or nil; nil for nobody.
	Trace func(ctx context.Context, operation, collection string) (end func(failed bool))

	limits limits // usual when empty
}

// DefaultTimeout bounds an operation whose context has no deadline.
const DefaultTimeout = 10 * time.Second

// FileName is the file in Config.Dir.
const FileName = "switchboard.db"

// readers is how many reads run at once; more wait for their turn.
const readers = 8

// logKept is how many bytes of the log stay on the disk once a long read, such as a
// backup, let it grow.
const logKept = 16 << 20

// schemaVersion is the version of the schema, which the file keeps as user_version. It is
// the number that store/mongo keeps for the same change.
const schemaVersion = 4

// schema is version 1, schema3 what version 3 has beside that. There was no version 2. Since
// version 4 conversations say which API key began them: see keepFeeders.
var (
	//go:embed schema.sql
	schema string
	//go:embed schema_3.sql
	schema3 string
)

var _ store.Engine = (*Store)(nil)

// Store keeps everything. It is safe for concurrent use.
type Store struct {
	config Config
	write  *sql.DB       // one connection
	read   *sql.DB       // the same as write in memory
	turn   chan struct{} // held by the one transaction that writes
	unlock func() error
	pulse  pulse
	// beats counts the heartbeats of the feed.
	beats     atomic.Int64
	bulletins bulletins
	leases    leases
	// servers are those of this process.
	servers    heartbeats
	sweeper    sweeper
	complaints complaints
}

// Open opens the folder, or memory. The error is a *FolderError when the folder has to
// be mended: it cannot be written to, its disk is full, its file is damaged or of another
// version, another process uses it. What is stored is not changed then.
func Open(ctx context.Context, c Config) (*Store, error) {
	c = c.complete()
	unlock, err := c.prepare()
	if err != nil {
		return nil, err
	}
	s := &Store{config: c, turn: make(chan struct{}, 1), unlock: unlock}
	for _, step := range []func(context.Context) error{s.connect, s.begin, s.startSweeping} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(c.unopened(err), s.Close(ctx))
		}
	}
	return s, nil
}

func (c Config) complete() Config {
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.limits == (limits{}) {
		c.limits = usual()
	}
	return c
}

// connect makes the pools; connections are made when they are needed.
func (s *Store) connect(context.Context) (err error) {
	if s.write, err = connect(s.config.source(false)); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	s.read = s.write
	if s.config.Dir == "" {
		s.write.SetMaxIdleConns(1)
		s.write.SetConnMaxIdleTime(0) // the data goes with its connection
		return nil
	}
	if s.read, err = connect(s.config.source(true)); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return nil
}

// source is the data source name.
func (c Config) source(readOnly bool) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)", "foreign_keys(0)", "temp_store(memory)", "cache_size(-16000)"}}
	if c.Dir == "" {
		return "file::memory:?" + q.Encode()
	}
	synchronous := "synchronous(full)"
	if c.Durability == Relaxed {
		synchronous = "synchronous(normal)"
	}
	q["_pragma"] = append(q["_pragma"], "journal_mode(wal)", synchronous, fmt.Sprintf("journal_size_limit(%d)", logKept))
	if readOnly {
		q.Set("_txlock", "deferred")
		q["_pragma"] = append(q["_pragma"], "query_only(1)")
	}
	return fileURI(filepath.Join(c.Dir, FileName), q)
}

// fileURI names a file to SQLite, whatever characters are in its path.
func fileURI(path string, q url.Values) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// Close frees the file. Open streams break, later calls are UNAVAILABLE.
func (s *Store) Close(context.Context) error {
	s.stopSweeping()
	s.pulse.close()
	var err error
	if s.read != nil && s.read != s.write {
		err = s.read.Close()
	}
	if s.write != nil {
		err = errors.Join(err, s.write.Close())
	}
	return errors.Join(err, s.unlock())
}

// Migrate does nothing: Open makes what is missing.
func (s *Store) Migrate(ctx context.Context) error { return ctx.Err() }
