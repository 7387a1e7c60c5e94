package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/256dpi/lungo"

	"switchboard/store"
)

// Config says where to keep the data and how long the feed reaches back.
type Config struct {
	// Dir is the folder of switchboard.db; it is made when it does not exist.
	// Empty keeps everything in memory.
	Dir string
	// History is the number of changes that the feed reaches back, whatever their
	// age; DefaultHistory when zero. A verb is some five changes.
	History int
	// HistoryAge is for how long a change is kept at least, in whole seconds from
	// 1; DefaultHistoryAge when zero. Every write copies the list of these changes.
	HistoryAge time.Duration
	// Timeout bounds an operation whose context has no deadline;
	// store.DefaultTimeout when zero.
	Timeout time.Duration
	// Log receives a warning if the clock was set back; nil for no log.
	Log *slog.Logger
}

// The defaults of Config.
const (
	DefaultHistory    = 1_000
	DefaultHistoryAge = 5 * time.Second
)

// fileName is the one file in Dir, beside its lock.
const fileName = "switchboard.db"

// Open opens the engine, with its collections and indexes made. Errors name the
// folder: it cannot be written to, its file is damaged, another process uses it.
func Open(ctx context.Context, c Config) (*store.Store, error) {
	return open(ctx, c, func(file lungo.Store) lungo.Store { return file })
}

// open is Open on the store that over makes of the folder's file.
func open(ctx context.Context, c Config, over func(lungo.Store) lungo.Store) (*store.Store, error) {
	unlock, err := prepare(c.Dir)
	if err != nil {
		return nil, err
	}
	o := c.options()
	var writable func() error
	if kept, ok := o.Store.(*file); ok {
		writable = kept.Writable
	}
	o.Store = over(o.Store)
	client, engine, err := lungo.Open(ctx, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("embedded: %s cannot be read; move it away or restore a copy: %w", filepath.Join(c.Dir, fileName), err), unlock())
	}
	s := store.New(store.Engine{
		Client: client, Database: store.DefaultDatabase, InProcess: true, FeedEnd: func() (token, error) { return feedEnd(engine) },
		Writable: writable, Timeout: c.Timeout,
		Close: func(context.Context) error { engine.Close(); return unlock() },
	})
	if err := begin(ctx, s, engine); err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

// begin adds to a new file the documents that it needs. The secret is the first
// change of all, so that the feed has an end that can be named before anything
// happened.
func begin(ctx context.Context, s *store.Store, engine *lungo.Engine) error {
	if err := passClock(engine); err != nil {
		return err
	}
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	_, err := s.Secret(ctx)
	return err
}

func (c Config) options() lungo.Options {
	if c.History == 0 {
		c.History = DefaultHistory
	}
	if c.HistoryAge == 0 {
		c.HistoryAge = DefaultHistoryAge
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	o := lungo.Options{
		Store:        lungo.NewMemoryStore(),
		MinOplogSize: c.History, MaxOplogSize: c.History,
		MinOplogAge: c.HistoryAge, MaxOplogAge: max(c.HistoryAge, time.Hour),
	}
	if c.Dir != "" {
		o.Store = newFile(filepath.Join(c.Dir, fileName), c.Log)
	}
	return o
}

// prepare makes the folder and keeps other processes out of it.
func prepare(dir string) (unlock func() error, err error) {
	if dir == "" {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("embedded: the data folder %s cannot be made; choose one that can be written to: %w", dir, err)
	}
	return lock(filepath.Join(dir, fileName+".lock"))
}
