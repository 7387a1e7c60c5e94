package main

import (
	"context"
	"log/slog"
	"net"
	"os"
)

// migrator is a store that makes its missing tables, indexes and documents.
type migrator interface {
	Migrate(ctx context.Context) error
}

// prepare readies a store for a server. One whose indexes take long to build says
// instead that "switchboard migrate" has to.
func prepare(ctx context.Context, stored migrator) error {
	if careful, ok := stored.(interface {
		Prepare(ctx context.Context) error
	}); ok {
		return careful.Prepare(ctx)
	}
	return stored.Migrate(ctx)
}

// endPredecessor ends what a process left in the database that was killed while it
// listened where this one does. The server works without; it may only take longer until
// all changes are possible again.
func endPredecessor(ctx context.Context, stored migrator, listens net.Addr, log *slog.Logger) {
	leaving, ok := stored.(interface {
		EndPredecessor(ctx context.Context, place string) error
	})
	if !ok {
		return
	}
	host, err := os.Hostname()
	if err == nil {
		err = leaving.EndPredecessor(ctx, host+"/"+listens.String())
	}
	if err != nil {
		log.Warn("what an earlier server left in the database was not looked for", slog.Any("error", err))
	}
}

// performDuties runs the duties once the feed is open: a server that cannot open it must
// not hold the lease that others wait for.
func (s *server) performDuties(ctx context.Context) {
	select {
	case <-s.pump.Ready():
		s.duties.Run(ctx)
	case <-ctx.Done():
	}
}
