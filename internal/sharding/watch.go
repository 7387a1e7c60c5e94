package sharding

import (
	"context"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/event"
)

// Watch returns a monitor that looks at every command and fails the test at its end for
// those that Check refuses. Also, if any, sees the commands as well.
func Watch(t testing.TB, also *event.CommandMonitor) *event.CommandMonitor {
	t.Helper()
	checker, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	refused := map[string]bool{}
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for said := range refused {
			t.Error(said)
		}
	})
	return &event.CommandMonitor{Started: func(ctx context.Context, e *event.CommandStartedEvent) {
		mu.Lock()
		defer mu.Unlock()
		if err := checker.Check(e.Command); err != nil {
			refused[err.Error()] = true
		}
		if also != nil && also.Started != nil {
			also.Started(ctx, e)
		}
	}}
}
