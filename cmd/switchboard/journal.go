package main

import (
	"context"
	"log/slog"
	"time"

	"switchboard/resolvers"
	"switchboard/transport/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// operationLog writes a line for each operation, and warns of slow ones. Nothing in it is
// a client's own text but the operation's name, which is a name by GraphQL's grammar.
type operationLog struct {
	log *slog.Logger
	// slow is the duration from which a query or mutation is slow; 0 for none.
	slow time.Duration
}

var _ guard.Journal = operationLog{}

// Begin writes nothing.
func (l operationLog) Begin(ctx context.Context, _ guard.Operation) context.Context { return ctx }

// End writes the line. Durations are in milliseconds.
func (l operationLog) End(ctx context.Context, o guard.Operation, code string, took time.Duration) {
	level, text := slog.LevelInfo, "operation"
	if l.slow > 0 && took >= l.slow && o.Kind != "subscription" {
		level, text = slog.LevelWarn, "slow operation"
	}
	if !l.log.Enabled(ctx, level) {
		return
	}
	l.log.LogAttrs(ctx, level, text, slog.String("kind", o.Kind), slog.String("name", redactText(o.Name)), slog.String("code", code),
		slog.Float64("duration_ms", milliseconds(took)), slog.String("workspace", o.Tenant), slog.String("caller", o.Class))
}

// milliseconds have three digits behind the point.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// newOperationLog writes to the handler of log that does not look for secrets in what it
// is given: it is given none, and to look costs more than to write.
func newOperationLog(log *slog.Logger, slow time.Duration) operationLog {
	if h, ok := log.Handler().(requestHandler); ok {
		log = slog.New(requestHandler{h.plain, h.plain})
	}
	return operationLog{log, slow}
}

// requestHandler adds the id of the request to each record that is written for one.
// plain is the same without a second look for secrets.
type requestHandler struct {
	slog.Handler
	plain slog.Handler
}

// Handle adds request_id.
func (h requestHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := guard.RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps adding it.
func (h requestHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestHandler{h.Handler.WithAttrs(attrs), h.plain.WithAttrs(attrs)}
}

// WithGroup keeps adding it, inside of the group.
func (h requestHandler) WithGroup(name string) slog.Handler {
	return requestHandler{h.Handler.WithGroup(name), h.plain.WithGroup(name)}
}

// presenter is that of the resolvers, and names the request beside the id of a fault.
func presenter(log *slog.Logger) graphql.ErrorPresenterFunc {
	present := resolvers.Presenter(log)
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := present(ctx, err)
		if id := guard.RequestID(ctx); id != "" && shown != nil && shown.Extensions["id"] != nil {
			shown.Extensions["requestId"] = id
		}
		return shown
	}
}
