package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"switchboard/transport/guard"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// tracing makes spans of operations, of database commands and of deliveries, and sends
// them by OTLP over HTTP. A nil one makes none. No attribute holds what people wrote,
// their names or addresses, tokens, or values of a database command.
type tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	context  propagation.TraceContext
}

// openTracing is nil unless an endpoint is set, by flag or by OpenTelemetry's variables.
// Those decide the rest: headers, sampler, batches.
func openTracing(ctx context.Context, in *invocation, s settings) (*tracing, error) {
	byVariable := cmp.Or(in.vars["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"], in.vars["OTEL_EXPORTER_OTLP_ENDPOINT"])
	if s.TraceEndpoint == "" && byVariable == "" || in.vars["OTEL_SDK_DISABLED"] == "true" {
		return nil, nil
	}
	var options []otlptracehttp.Option
	if s.TraceEndpoint != "" {
		options = append(options, otlptracehttp.WithEndpointURL(s.TraceEndpoint))
	}
	exporter, err := otlptracehttp.New(ctx, options...)
	if err != nil {
		return nil, fail(exitUsage, fmt.Errorf("--trace-endpoint: %w", err))
	}
	return newTracing(ctx, sdktrace.WithBatcher(exporter))
}

func newTracing(ctx context.Context, export sdktrace.TracerProviderOption) (*tracing, error) {
	of, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "switchboard"), attribute.String("service.version", cmp.Or(version, "(devel)"))),
		resource.WithFromEnv(), resource.WithTelemetrySDK())
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return nil, fmt.Errorf("describe the service for traces: %w", err)
	}
	provider := sdktrace.NewTracerProvider(export, sdktrace.WithResource(of))
	return &tracing{provider: provider, tracer: provider.Tracer("switchboard")}, nil
}

// close sends what waits.
func (t *tracing) close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return t.provider.Shutdown(ctx)
}

// received puts the trace of a request's traceparent into its context.
func (t *tracing) received(next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(t.context.Extract(r.Context(), propagation.HeaderCarrier(r.Header))))
	})
}

// keeper and deliverer are nil without tracing, which costs nothing then.
func (t *tracing) keeper() func(to, from context.Context) context.Context {
	if t == nil {
		return nil
	}
	return t.keep
}

func (t *tracing) deliverer() func(ctx context.Context, parent, subscription string) func() {
	if t == nil {
		return nil
	}
	return t.deliver
}

// keep lets the operations of a socket belong to the trace of its upgrade.
func (t *tracing) keep(to, from context.Context) context.Context {
	return trace.ContextWithRemoteSpanContext(to, trace.SpanContextFromContext(from))
}

// journal adds spans to what another journal writes.
func (t *tracing) journal(next guard.Journal) guard.Journal {
	if t == nil {
		return next
	}
	return tracedJournal{next, t.tracer}
}

type tracedJournal struct {
	guard.Journal
	tracer trace.Tracer
}

// Begin begins the operation's span.
func (j tracedJournal) Begin(ctx context.Context, o guard.Operation) context.Context {
	ctx, _ = j.tracer.Start(j.Journal.Begin(ctx, o), "GraphQL "+o.Kind, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("graphql.operation.type", o.Kind), attribute.String("graphql.operation.name", redactText(o.Name)),
		attribute.String("switchboard.workspace", o.Tenant), attribute.String("switchboard.caller", o.Class), attribute.String("switchboard.request_id", guard.RequestID(ctx)),
	))
	return begunSpan(ctx)
}

// End ends it. An operation that was refused before it began has none.
func (j tracedJournal) End(ctx context.Context, o guard.Operation, code string, took time.Duration) {
	if span, ok := ctx.Value(spanKey{}).(trace.Span); ok {
		span.SetAttributes(attribute.String("switchboard.code", code))
		if code == "INTERNAL" || code == "UNAVAILABLE" {
			span.SetStatus(codes.Error, code)
		}
		span.End()
	}
	j.Journal.End(ctx, o, code, took)
}

type spanKey struct{}

// begunSpan remembers the operation's own span: the one of the context may be a span
// inside it, or of the client.
func begunSpan(ctx context.Context) context.Context {
	return context.WithValue(ctx, spanKey{}, trace.SpanFromContext(ctx))
}

// command begins the span of a database command, inside of another alone: what servers do
// by themselves all the time is not traced.
func (t *tracing) command(system string) func(ctx context.Context, command, collection string) func(failed bool) {
	return func(ctx context.Context, command, collection string) func(failed bool) {
		if !trace.SpanFromContext(ctx).IsRecording() {
			return nil
		}
		_, span := t.tracer.Start(ctx, system+" "+command, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
			attribute.String("db.system.name", system), attribute.String("db.operation.name", command), attribute.String("db.collection.name", collection)))
		return func(failed bool) {
			if failed {
				span.SetStatus(codes.Error, "the command failed")
			}
			span.End()
		}
	}
}

// parent is the traceparent of a context, which an event carries to its deliveries; empty
// for none that is sampled.
func (t *tracing) parent(ctx context.Context) string {
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return ""
	}
	carrier := propagation.MapCarrier{}
	t.context.Inject(ctx, carrier)
	return carrier.Get("traceparent")
}

// deliver begins the span of a delivery to the subscribers of one execution, with a link to
// the operation that made the event. It begins none for an event that carries no trace.
func (t *tracing) deliver(ctx context.Context, parent, subscription string) (end func()) {
	if parent == "" {
		return func() {}
	}
	made := trace.SpanContextFromContext(t.context.Extract(context.Background(), propagation.MapCarrier{"traceparent": parent}))
	_, span := t.tracer.Start(ctx, "deliver "+subscription, trace.WithSpanKind(trace.SpanKindProducer), trace.WithLinks(trace.Link{SpanContext: made}),
		trace.WithAttributes(attribute.String("switchboard.subscription", subscription)))
	return func() { span.End() }
}
