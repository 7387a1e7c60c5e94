package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"switchboard/store"
	"switchboard/store/embedded"
)

// openStore opens the configured database for reading and writing. Every error has
// an exit code. The embedded engine keeps other processes out.
func openStore(ctx context.Context, s storeSettings, log *slog.Logger) (engine, error) {
	var opened engine
	var err error
	if s.MongodbURI != "" {
		opened, err = store.Open(ctx, store.Config{URI: s.MongodbURI})
	} else {
		opened, err = embedded.Open(ctx, embedded.Config{Dir: s.Data, Log: log})
	}
	return opened, databaseFailure(err)
}

// databaseFailure distinguishes a database that cannot be reached from one that is
// unsuitable.
func databaseFailure(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, store.ErrBadURI):
		return fail(exitUsage, fmt.Errorf("--mongodb-uri: %w", err))
	case exitOf(err) == exitDatabaseUnreachable:
		return err
	default:
		return fail(exitDatabaseUnsuitable, err)
	}
}

// migrate makes the indexes.
func migrate(ctx context.Context, in *invocation, s settings) error {
	opened, err := openStore(ctx, s.storeSettings, in.log)
	if err != nil {
		return err
	}
	err = opened.Migrate(ctx)
	if err == nil {
		in.log.Info("the database is up to date")
	}
	return errors.Join(err, opened.Close(context.WithoutCancel(ctx)))
}

// dataFile is where the embedded engine keeps everything.
const dataFile = "switchboard.db"

// openTokens opens a copy of the embedded engine's file: a server that runs on
// it keeps the file to itself, and replaces it whole with each change, so that a
// copy is never half of one. MongoDB needs no such care.
func openTokens(ctx context.Context, s storeSettings) (tokenStore, error) {
	if s.MongodbURI != "" {
		return openStore(ctx, s, slog.New(slog.DiscardHandler))
	}
	content, err := os.ReadFile(filepath.Join(s.Data, dataFile))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, errNoData
	case err != nil:
		return nil, fail(exitDatabaseUnsuitable, fmt.Errorf("--data: the folder cannot be read; run this as the user that runs the server: %w", err))
	}
	folder, err := os.MkdirTemp("", "switchboard-token-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for a copy of the data: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, dataFile), content, 0o600); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	opened, err := embedded.Open(ctx, embedded.Config{Dir: folder})
	if err != nil {
		return nil, errors.Join(databaseFailure(err), os.RemoveAll(folder))
	}
	return copied{opened, folder}, nil
}

// copied is a store that goes when it is closed.
type copied struct {
	engine
	folder string
}

var _ tokenStore = copied{}

// Close frees the store and removes the copy.
func (c copied) Close(ctx context.Context) error {
	return errors.Join(c.Store.Close(ctx), os.RemoveAll(c.folder))
}
