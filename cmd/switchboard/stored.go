package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"switchboard/store"
	"switchboard/store/mongo"
	"switchboard/store/move"
	"switchboard/store/sqlite"
)

// openStore opens the configured database for reading and writing. Every error has
// an exit code. A folder keeps other processes out.
func openStore(ctx context.Context, s storeSettings, log *slog.Logger) (store.Engine, error) {
	return openTraced(ctx, s, log, nil)
}

// openTraced is openStore with spans of what the database does; nil makes none.
func openTraced(ctx context.Context, s storeSettings, log *slog.Logger, t *tracing) (store.Engine, error) {
	if s.MongodbURI != "" {
		c := mongo.Config{URI: s.MongodbURI, Log: log}
		if t != nil {
			c.Monitor = mongo.Traced(t.command("mongodb"))
		}
		stored, err := mongo.Open(ctx, c)
		if errors.Is(err, mongo.ErrBadURI) {
			err = fmt.Errorf("--mongodb-uri: %w", err)
		}
		return opened(stored, err)
	}
	c := sqlite.Config{Dir: s.Data, Durability: s.durability(), Log: log}
	if t != nil {
		c.Trace = t.command("sqlite")
	}
	return opened(sqlite.Open(ctx, c))
}

// opened is what an adapter opened, or why it did not.
func opened[E store.Engine](e E, err error) (store.Engine, error) {
	if err != nil {
		return nil, databaseFailure(err)
	}
	return e, nil
}

// databaseFailure gives an error of an engine its exit code. One with an exit code keeps
// it.
func databaseFailure(err error) error {
	var known *failure
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, mongo.ErrBadURI):
		return fail(exitUsage, err)
	case errors.Is(err, move.ErrNotEmpty), errors.Is(err, sqlite.ErrMissing):
		return fail(exitRefused, err)
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
	err = migrateShown(ctx, in, opened)
	if err == nil {
		in.log.Info("the database is up to date")
	}
	return errors.Join(err, opened.Close(context.WithoutCancel(ctx)))
}

// migrateShown migrates, and shows how far it is where that can take long.
func migrateShown(ctx context.Context, in *invocation, opened migrator) error {
	slow, ok := opened.(interface {
		MigrateWith(ctx context.Context, progress mongo.Progress) error
	})
	if !ok {
		return opened.Migrate(ctx)
	}
	shown := in.meter("")
	defer func() { shown.end() }()
	return slow.MigrateWith(ctx, func(what string, done, total int) {
		if what != shown.what {
			shown.end()
			shown = in.meter(what)
		}
		shown.update(done, total)
	})
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
