package metrics

import (
	"encoding/json"
	"net/http"
	"sync"
)

// Check is one thing that a server needs to be fit for work.
type Check struct {
	// Name is a word for operators, such as feed.
	Name string
	// Healthy gives nil, or why not; the text is shown. It must not wait.
	Healthy func() error
}

// Readiness says whether a server should be sent work. The zero value is a
// server that starts, which should not. It is safe for concurrent use.
type Readiness struct {
	mu     sync.Mutex
	checks []Check
	reason string
}

// Serving makes the server ready for as long as all checks say so.
func (r *Readiness) Serving(checks ...Check) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.checks, r.reason = append([]Check{}, checks...), ""
}

// Ending makes the server not ready, for good: it is shutting down.
func (r *Readiness) Ending() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.checks, r.reason = nil, "shutting down"
}

// state returns the result of each check: "ok", or the reason why it failed.
func (r *Readiness) state() (ready bool, says map[string]string) {
	r.mu.Lock()
	checks, why := r.checks, r.reason
	r.mu.Unlock()
	if checks == nil {
		if why == "" {
			why = "starting"
		}
		return false, map[string]string{"server": why}
	}
	ready, says = true, map[string]string{"server": "ok"}
	for _, c := range checks {
		says[c.Name] = "ok"
		if err := c.Healthy(); err != nil {
			ready, says[c.Name] = false, err.Error()
		}
	}
	return ready, says
}

// Routes answers for operators: /metrics, /livez (the process answers) and
// /readyz (it should be sent work: 200, else 503 with the reasons).
func Routes(m *Metrics, r *Readiness) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		respond(w, http.StatusOK, map[string]string{"server": "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		ready, says := r.state()
		status := http.StatusOK
		if !ready {
			status = http.StatusServiceUnavailable
		}
		respond(w, status, says)
	})
	return mux
}

func respond(w http.ResponseWriter, status int, says map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(says) // texts always encode; the reader may be gone
}
