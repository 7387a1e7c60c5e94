package metrics_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"switchboard/metrics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func get(t *testing.T, m *metrics.Metrics, r *metrics.Readiness, path string) (int, string) {
	t.Helper()
	answer := httptest.NewRecorder()
	metrics.Routes(m, r).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer.Code, answer.Body.String()
}

func TestFigures(t *testing.T) {
	m, r := metrics.New(), &metrics.Readiness{}
	value := 3.0
	require.NoError(t, m.Add(
		metrics.Metric{Name: "switchboard_sockets", Help: "Sockets.", Read: func() float64 { return value }},
		metrics.Metric{Name: "switchboard_drops_total", Help: "Drops.", Counts: true, Read: func() float64 { return 2 }},
	))
	m.Operation("query", "OK", 3*time.Millisecond)
	m.Operation("query", "OK", time.Minute)
	m.Operation("mutation", "CONFLICT", time.Second)
	m.Operation("something", "OK", 0)
	m.Refused("LIMIT_EXCEEDED")
	status, said := get(t, m, r, "/metrics")
	require.Equal(t, 200, status)
	for _, line := range []string{
		"switchboard_sockets 3", "# TYPE switchboard_sockets gauge", "switchboard_drops_total 2", "# TYPE switchboard_drops_total counter",
		`switchboard_operations_total{code="OK",kind="query"} 2`, `switchboard_operations_total{code="CONFLICT",kind="mutation"} 1`,
		`switchboard_operations_total{code="OK",kind="other"} 1`, `switchboard_refused_total{code="LIMIT_EXCEEDED"} 1`,
		`switchboard_operation_seconds_bucket{kind="query",le="0.005"} 1`, `switchboard_operation_seconds_count{kind="query"} 2`,
		"go_goroutines ",
	} {
		require.Contains(t, said, line)
	}
	value = 4
	_, said = get(t, m, r, "/metrics")
	require.Contains(t, said, "switchboard_sockets 4")
	require.Error(t, m.Add(metrics.Metric{Name: "switchboard_sockets", Read: func() float64 { return 0 }}), "a name that is taken")
}

// Whatever is given as a code, there are only so many values of the label.
func TestLabelsAreBounded(t *testing.T) {
	m := metrics.New()
	for i := range 1000 {
		m.Refused("CODE_" + strings.Repeat("X", i%30) + string(rune('A'+i%26)))
		m.Refused(fmt.Sprintf("eyJhbGciOi%d", i))
		m.Operation("query", "user input {"+fmt.Sprint(i), 0)
		m.SocketClosed(fmt.Sprint(10000 + i))
		m.ConnectionRefused(fmt.Sprint("user input ", i))
	}
	_, said := get(t, m, &metrics.Readiness{}, "/metrics")
	require.LessOrEqual(t, strings.Count(said, "switchboard_refused_total{"), 65)
	require.Equal(t, 1, strings.Count(said, "switchboard_operations_total{"))
	require.Equal(t, 1, strings.Count(said, "switchboard_sockets_closed_total{"))
	require.Equal(t, 1, strings.Count(said, "switchboard_connections_refused_total{"))
	require.NotContains(t, said, "eyJ")
	require.NotContains(t, said, "user input")
}

func TestReadiness(t *testing.T) {
	m, r := metrics.New(), &metrics.Readiness{}
	require.Equal(t, []any{503, "{\"server\":\"starting\"}\n"}, pair(get(t, m, r, "/readyz")))
	require.Equal(t, []any{200, "{\"server\":\"ok\"}\n"}, pair(get(t, m, r, "/livez")))
	var why error
	r.Serving(metrics.Check{Name: "feed", Healthy: func() error { return why }}, metrics.Check{Name: "other", Healthy: func() error { return nil }})
	require.Equal(t, []any{200, "{\"feed\":\"ok\",\"other\":\"ok\",\"server\":\"ok\"}\n"}, pair(get(t, m, r, "/readyz")))
	why = errors.New("silent")
	require.Equal(t, []any{503, "{\"feed\":\"silent\",\"other\":\"ok\",\"server\":\"ok\"}\n"}, pair(get(t, m, r, "/readyz")))
	why = nil
	r.Ending()
	require.Equal(t, []any{503, "{\"server\":\"shutting down\"}\n"}, pair(get(t, m, r, "/readyz")))
	require.Equal(t, []any{200, "{\"server\":\"ok\"}\n"}, pair(get(t, m, r, "/livez")))
	status, _ := get(t, m, r, "/")
	require.Equal(t, 404, status)
}

func pair(status int, said string) []any { return []any{status, said} }
