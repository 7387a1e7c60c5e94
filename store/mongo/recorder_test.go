package mongo_test

import (
	"context"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
)

// recorder keeps the commands that a store sends.
type recorder struct {
	mu       sync.Mutex
	commands []bson.Raw
}

func (r *recorder) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.commands = append(r.commands, slices.Clone(e.Command))
	}}
}

// taken gives what was sent since it was last asked.
func (r *recorder) taken() []bson.Raw {
	r.mu.Lock()
	defer r.mu.Unlock()
	commands := r.commands
	r.commands = nil
	return commands
}

func names(commands []bson.Raw) []string {
	var out []string
	for _, c := range commands {
		first, err := c.IndexErr(0)
		if err != nil {
			panic(err)
		}
		out = append(out, first.Key())
	}
	return out
}
