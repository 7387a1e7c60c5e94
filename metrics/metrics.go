package metrics

import (
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metric is a number that some other part of the program keeps, read when the
// metrics are.
type Metric struct {
	// Name is in Prometheus' form, with its unit: switchboard_feed_lag_seconds.
	Name string
	// Help describes the metric for operators.
	Help string
	// Counts marks a figure that only grows.
	Counts bool
	// Labels tell figures of one name apart; nil for none.
	Labels map[string]string
	// Read gives the present value. It must not wait.
	Read func() float64
}

// Metrics are the figures of one server. It is safe for concurrent use.
type Metrics struct {
	registry   *prometheus.Registry
	operations *prometheus.CounterVec
	latencies  *prometheus.HistogramVec
	refused    *prometheus.CounterVec
	turnedAway *prometheus.CounterVec
	closed     *prometheus.CounterVec

	mu    sync.Mutex
	codes map[string]bool
}

// New makes metrics that count nothing yet, beside those of the process.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(), codes: map[string]bool{},
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "switchboard_operations_total", Help: "Queries and mutations that ran, by kind and by the code of their first error (OK for none).",
		}, []string{"kind", "code"}),
		latencies: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "switchboard_operation_seconds", Help: "How long queries and mutations took, by kind.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"kind"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "switchboard_refused_total", Help: "Requests that were refused before they ran, by code.",
		}, []string{"code"}),
		turnedAway: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "switchboard_connections_refused_total", Help: "Sockets and event streams that were one too many, by reason: server, address or principal.",
		}, []string{"reason"}),
		closed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "switchboard_sockets_closed_total", Help: "Sockets that ended, by close code; client closed them, or was lost.",
		}, []string{"code"}),
	}
	m.registry.MustRegister(m.operations, m.latencies, m.refused, m.turnedAway, m.closed, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Add shows figures that others keep. The error is of a name that is taken or
// malformed.
func (m *Metrics) Add(figures ...Metric) error {
	for _, f := range figures {
		var c prometheus.Collector
		if f.Counts {
			c = prometheus.NewCounterFunc(prometheus.CounterOpts{Name: f.Name, Help: f.Help, ConstLabels: f.Labels}, f.Read)
		} else {
			c = prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: f.Name, Help: f.Help, ConstLabels: f.Labels}, f.Read)
		}
		if err := m.registry.Register(c); err != nil {
			return err
		}
	}
	return nil
}

// Operation counts a query or mutation that ran.
func (m *Metrics) Operation(kind, code string, took time.Duration) {
	if kind != "query" && kind != "mutation" {
		kind = "other"
	}
	m.operations.WithLabelValues(kind, m.known(code)).Inc()
	m.latencies.WithLabelValues(kind).Observe(took.Seconds())
}

// Refused counts a request that was refused before it ran.
func (m *Metrics) Refused(code string) { m.refused.WithLabelValues(m.known(code)).Inc() }

// ConnectionRefused counts a connection that was one too many.
func (m *Metrics) ConnectionRefused(why string) {
	if why != "server" && why != "address" && why != "principal" {
		why = "other"
	}
	m.turnedAway.WithLabelValues(why).Inc()
}

// SocketClosed counts a socket that ended.
func (m *Metrics) SocketClosed(code string) {
	if !closeForm.MatchString(code) {
		code = "other"
	}
	m.closed.WithLabelValues(code).Inc()
}

// closeForm matches the close codes of this program, including those for clients
// that close. The program has some ten codes.
var closeForm = regexp.MustCompile(`^(10[0-9]{2}|44[0-9]{2}|4500|client|lost)$`)

// mostCodes bounds the values of the label code.
const mostCodes = 64

// codeForm matches the form of this program's codes.
var codeForm = regexp.MustCompile(`^[A-Z][A-Z_]{1,39}$`)

// known returns code, or OTHER if it is not in the form of a code or one too many.
func (m *Metrics) known(code string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.codes[code]:
		return code
	case len(m.codes) >= mostCodes || !codeForm.MatchString(code):
		return "OTHER"
	}
	m.codes[code] = true
	return code
}

// Handler answers with the metrics, in Prometheus' text.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
