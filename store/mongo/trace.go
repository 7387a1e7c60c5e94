package mongo

import (
	"context"
	"sync"

	"go.mongodb.org/mongo-driver/v2/event"
)

// BeginCommand hears of a command that begins, with its collection, and returns what hears
// of its end; nil for a command that is not of interest. It is given no values.
type BeginCommand func(ctx context.Context, command, collection string) (end func(failed bool))

// Traced is a monitor of commands for Config. What it remembers are the commands under
// way.
func Traced(begin BeginCommand) *event.CommandMonitor {
	var under sync.Map // end func(bool), by connection and request
	type key struct {
		connection string
		request    int64
	}
	finish := func(e event.CommandFinishedEvent, failed bool) {
		if end, ok := under.LoadAndDelete(key{e.ConnectionID, e.RequestID}); ok {
			end.(func(bool))(failed) //nolint:forcetypeassert,errcheck // Started stores no other
		}
	}
	return &event.CommandMonitor{
		Started: func(ctx context.Context, e *event.CommandStartedEvent) {
			collection, _ := e.Command.Lookup(e.CommandName).StringValueOK()
			if end := begin(ctx, e.CommandName, collection); end != nil {
				under.Store(key{e.ConnectionID, e.RequestID}, end)
			}
		},
		Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) { finish(e.CommandFinishedEvent, false) },
		Failed:    func(_ context.Context, e *event.CommandFailedEvent) { finish(e.CommandFinishedEvent, true) },
	}
}
