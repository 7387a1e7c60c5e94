package main

import (
	"context"
	"time"

	"switchboard/dispatch"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
	"switchboard/sink"
	"switchboard/sink/jetstream"
)

// sinkSettings name a broker that gets the log.
type sinkSettings struct {
	Sink string `help:"NATS server to whose JetStream the log of every workspace is written. None when empty." placeholder:"URL"`
}

func (s *sinkSettings) check(c *checks) {
	if s.Sink == "" {
		return
	}
	if err := jetstream.Check(s.Sink); err != nil {
		c.wrong("sink", "--sink 'nats://nats.example.com:4222?stream=SWITCHBOARD&subject=switchboard'", "%s", err)
	}
}

// sinkAgain is the pause after a failure of the broker.
const sinkAgain = 5 * time.Second

// newSink is nil without a broker.
func (s *server) newSink(url string) *sink.Runner {
	if url == "" {
		return nil
	}
	open := func(ctx context.Context) (sink.Sink, error) { return jetstream.Open(ctx, url) }
	return sink.NewRunner(open, s.service.Log, resolvers.CloudEvents(), func(ctx context.Context) ([]workspace.WorkspaceID, error) {
		all, err := s.store.Workspaces(ctx)
		ids := make([]workspace.WorkspaceID, 0, len(all))
		for _, w := range all {
			ids = append(ids, w.ID)
		}
		return ids, err
	}, func(ws workspace.WorkspaceID, why error) {
		s.log.Error("nothing of a workspace is written to the sink", "workspace", ws, "error", why)
	})
}

// sinkDuty is none without a broker.
func (s *server) sinkDuty() []dispatch.Duty {
	if s.sink == nil {
		return nil
	}
	return []dispatch.Duty{{Name: "write the log to the sink", Every: sinkAgain, Do: s.sink.Run}}
}

// sunk is 0 without a broker.
func (s *server) sunk() uint64 {
	if s.sink == nil {
		return 0
	}
	return s.sink.Written()
}
