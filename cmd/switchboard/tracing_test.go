package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/sqlite"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

const (
	traceID     = "0af7651916cd43dd8448eb211c80319c"
	traceparent = "00-" + traceID + "-b7ad6b7169203331-01"
)

// traced is a server whose spans are kept in memory, and a token of a member.
func traced(t *testing.T) (spans *tracetest.InMemoryExporter, web *httptest.Server, token string) {
	t.Helper()
	testdb.Record(t, testdb.Embedded)
	spans = tracetest.NewInMemoryExporter()
	tracing, err := newTracing(t.Context(), sdktrace.WithSyncer(spans))
	require.NoError(t, err)
	stored, err := openTraced(t.Context(), storeSettings{Memory: true}, slog.New(slog.DiscardHandler), tracing)
	require.NoError(t, err)
	require.NoError(t, stored.Migrate(t.Context()))
	dir := demoDirectory("demo", true)
	m := dir.Members["m-1"]
	m.Rev, m.Roles, m.Availability = 1, []workspace.RoleName{workspace.RoleOwner}, workspace.Offline
	dir.Members["m-1"], dir.Workspace.Rev, dir.Workspace.Plan, dir.Workspace.Rules = m, 1, "pro", workspace.DefaultRules()
	require.NoError(t, stored.CreateWorkspace(t.Context(), *dir))
	policy, err := openPolicy(policySettings{PolicyPreset: "default"})
	require.NoError(t, err)
	seen, err := openAdminServer(t.Context(), "", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	seen.tracing = tracing
	srv, err := newServer(t.Context(), settings{}, stored, policy, seen, memory{}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := srv.start(ctx)
	<-srv.pump.Ready()
	web = httptest.NewServer(srv.routes(settings{}, nil))
	t.Cleanup(func() {
		require.NoError(t, srv.graphql.Shutdown(context.Background()))
		web.Close()
		srv.hub.Close()
		stop()
		<-ended
		require.NoError(t, stored.Close(context.Background()))
		require.NoError(t, tracing.close(context.Background()))
	})
	d, err := stored.Directory(t.Context(), "demo")
	require.NoError(t, err)
	token, err = srv.identity.members.Sign(inbox.Principal{Workspace: "demo", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(d.SortedMembers()[0].ID)}}, time.Hour)
	require.NoError(t, err)
	return spans, web, token
}

func ask(t *testing.T, web *httptest.Server, token, query string, header ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, web.URL+"/graphql", strings.NewReader(fmt.Sprintf(`{"query":%q}`, query)))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	got, err := web.Client().Do(r)
	require.NoError(t, err)
	return got
}

// The trace of a request goes through its operation and the database's commands, and with
// the event to the delivery, which links to it. No attribute holds what people wrote or
// who they are.
func TestATraceGoesToTheDelivery(t *testing.T) {
	spans, web, token := traced(t)
	stream := ask(t, web, token, `subscription Me { viewerChanges { member { availability } } }`, "Accept", "text/event-stream")
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	until(t, lines, "availability")
	done := ask(t, web, token, `mutation Here { setAvailability(input: {availability: AWAY}) { member { availability } userErrors { code } } }`, "traceparent", traceparent)
	answer, err := io.ReadAll(done.Body)
	require.NoError(t, err)
	require.NoError(t, done.Body.Close())
	require.Contains(t, string(answer), `"availability":"AWAY"`)
	until(t, lines, "AWAY")
	require.Eventually(t, func() bool { return len(spansOf(spans, "deliver viewerChanges")) > 0 }, time.Minute, time.Millisecond)
	operation := spansOf(spans, "GraphQL mutation")
	require.Len(t, operation, 1)
	require.Equal(t, traceID, operation[0].SpanContext.TraceID().String())
	inside := 0
	for _, s := range append(spansOf(spans, "sqlite write"), spansOf(spans, "sqlite read")...) {
		if s.SpanContext.TraceID().String() == traceID {
			inside++
			require.Equal(t, operation[0].SpanContext.SpanID(), s.Parent.SpanID())
		}
	}
	require.NotZero(t, inside)
	links := spansOf(spans, "deliver viewerChanges")[0].Links
	require.Len(t, links, 1)
	require.Equal(t, operation[0].SpanContext.SpanID(), links[0].SpanContext.SpanID())
	for _, s := range spans.GetSpans() {
		text := fmt.Sprint(s.Name, s.Attributes, s.Events, s.Status)
		for _, hidden := range []string{token, "@", "eyJ", "Manager", "AWAY"} {
			require.NotContains(t, text, hidden)
		}
	}
}

// until reads a stream to a line with a text.
func until(t *testing.T, lines *bufio.Scanner, text string) {
	t.Helper()
	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			return
		}
	}
	t.Fatalf("the stream ended before %q", text)
}

func spansOf(spans *tracetest.InMemoryExporter, name string) (out tracetest.SpanStubs) {
	for _, s := range spans.GetSpans() {
		if s.Name == name {
			out = append(out, s)
		}
	}
	return out
}

// Nothing is traced unless an endpoint is set, by the flag or by OpenTelemetry's variables.
func TestTracingIsOffUnlessSet(t *testing.T) {
	open := func(vars map[string]string, endpoint string) *tracing {
		s := settings{}
		s.TraceEndpoint = endpoint
		out, err := openTracing(t.Context(), &invocation{vars: vars}, s)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, out.close(context.Background())) })
		return out
	}
	require.Nil(t, open(nil, ""))
	require.Nil(t, open(map[string]string{"OTEL_SDK_DISABLED": "true"}, "http://127.0.0.1:1/v1/traces"))
	require.NotNil(t, open(nil, "http://127.0.0.1:1/v1/traces"))
	require.NotNil(t, open(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, ""))
	var none *tracing
	stored, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, stored.Close(context.Background())) }()
	require.Same(t, stored, none.stamped(stored))
	require.Nil(t, none.keeper())
	require.Nil(t, none.deliverer())
}
