package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"switchboard/transport/guard"

	"github.com/stretchr/testify/require"
)

// One line says what was done, how it ended, how long it took with its unit, whose it was,
// and which request asked; a slow one is a warning.
func TestTheLogHasALineForEachOperation(t *testing.T) {
	var out strings.Builder
	l := newOperationLog(newLogger(&out, logSettings{LogFormat: "json", LogLevel: "info"}), time.Second)
	ctx := guard.WithOperation(guard.WithRequest(t.Context(), "req-1"), 3)
	of := guard.Operation{Kind: "mutation", Name: "Claim", Tenant: "acme", Class: "MEMBER"}
	for took, want := range map[time.Duration]string{
		1500 * time.Microsecond: `"level":"INFO","msg":"operation","kind":"mutation","name":"Claim","code":"CONFLICT","duration_ms":1.5,"workspace":"acme","caller":"MEMBER","request_id":"req-1-3"}`,
		2 * time.Second:         `"level":"WARN","msg":"slow operation","kind":"mutation","name":"Claim","code":"CONFLICT","duration_ms":2000,"workspace":"acme","caller":"MEMBER","request_id":"req-1-3"}`,
	} {
		out.Reset()
		l.End(ctx, of, "CONFLICT", took)
		require.Contains(t, out.String(), want)
		require.Equal(t, 1, strings.Count(out.String(), "\n"))
	}
	out.Reset()
	newOperationLog(newLogger(&out, logSettings{LogFormat: "json", LogLevel: "info"}), time.Second).End(ctx, guard.Operation{Kind: "subscription"}, "OK", time.Hour)
	require.Contains(t, out.String(), `"INFO"`, "a subscription lasts")
	out.Reset()
	newOperationLog(newLogger(&out, logSettings{LogFormat: "json", LogLevel: "warn"}), 0).End(ctx, of, "OK", time.Hour)
	require.Empty(t, out.String(), "without a threshold nothing is slow")
}

// A fault names the request beside its own id, in the answer and in the log.
func TestAFaultNamesItsRequest(t *testing.T) {
	var out strings.Builder
	shown := presenter(newLogger(&out, logSettings{LogFormat: "json", LogLevel: "info"}))(guard.WithRequest(t.Context(), "req-1"), errors.New("disk"))
	require.Equal(t, "req-1", shown.Extensions["requestId"])
	require.NotEmpty(t, shown.Extensions["id"])
	require.Contains(t, out.String(), `"request_id":"req-1"`)
}

// What a line costs: run with -benchmem.
func BenchmarkOperationLog(b *testing.B) {
	of := guard.Operation{Kind: "mutation", Name: "Claim", Tenant: "acme", Class: "MEMBER"}
	ctx := guard.WithRequest(context.Background(), "req-1")
	for name, level := range map[string]string{"written": "info", "off": "warn"} {
		b.Run(name, func(b *testing.B) {
			l := newOperationLog(newLogger(io.Discard, logSettings{LogFormat: "json", LogLevel: level}), time.Second)
			b.ReportAllocs()
			for b.Loop() {
				l.End(ctx, of, "OK", time.Millisecond)
			}
		})
	}
}
