package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"switchboard/store/mongo"
	"switchboard/store/sqlite"
)

// openStore opens the configured database for reading and writing. Every error has
// an exit code. A folder keeps other processes out.
func openStore(ctx context.Context, s storeSettings, log *slog.Logger) (engine, error) {
	if s.MongodbURI != "" {
		return opened(mongo.Open(ctx, mongo.Config{URI: s.MongodbURI, Log: log}))
	}
	return opened(sqlite.Open(ctx, sqlite.Config{Dir: s.Data, Durability: s.durability(), Log: log}))
}

// opened is what an adapter opened, or why it did not.
func opened[E engine](e E, err error) (engine, error) {
	if err != nil {
		return nil, databaseFailure(err)
	}
	return e, nil
}

// databaseFailure distinguishes a database that cannot be reached from one that is
// unsuitable.
func databaseFailure(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, mongo.ErrBadURI):
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

// openTokens opens what tokens are made with, beside a server that runs.
func openTokens(ctx context.Context, s storeSettings) (tokenStore, error) {
	if s.MongodbURI != "" {
		return openStore(ctx, s, slog.New(slog.DiscardHandler))
	}
	stored, err := sqlite.OpenReadOnly(ctx, sqlite.Config{Dir: s.Data})
	switch {
	case errors.Is(err, sqlite.ErrMissing):
		return nil, errNoData
	case err != nil:
		return nil, databaseFailure(err)
	}
	return stored, nil
}
