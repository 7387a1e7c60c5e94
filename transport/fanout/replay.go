package fanout

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"switchboard/transport/exec"
)

// queueReplay has m receive what it missed, together with all members that come while
// the replay of the same cursor waits for its turn. It needs the lock of Groups.
func (g *group) queueReplay(m *Member) {
	after := m.cursor
	_, running := g.replays[after]
	g.replays[after] = append(g.replays[after], m)
	if !running {
		g.all.active.Go(func() { g.replayAll(after) })
	}
}

// replayAll replays from one cursor until nobody waits for it.
func (g *group) replayAll(after string) {
	<-g.ready
	g.turns <- struct{}{}
	defer func() { <-g.turns }()
	for {
		g.all.mu.Lock()
		members := g.replays[after]
		g.replays[after] = nil
		if len(members) == 0 {
			delete(g.replays, after)
		}
		g.all.mu.Unlock()
		if len(members) == 0 {
			return
		}
		g.replay(after, members)
	}
}

// replay delivers to members what came behind after. They are in the group already,
// and the group has begun: it delivers what happens behind the beginning of the replay.
func (g *group) replay(after string, members []*Member) {
	ctx, cancel := context.WithCancel(g.ctx)
	defer cancel()
	first, until, shown := members[0], uint64(0), states{}
	var parts []*Member
	among := func(_ string, tell func([]context.Context) error) error {
		parts = append(parts[:0], members...)
		return tellAll(parts, tell)
	}
	begun := func(_ string, number uint64) { until = number }
	ctx = first.shared.Replay(ctx, first.client.Context(), g.key, after, begun, among)
	end := exec.Run(ctx, g.exec, first.opCtx, func() {}, func(resp *graphql.Response) bool {
		one := itemOf(g.shared, resp)
		shown.note(one)
		g.turn.Lock()
		g.look(false)
		g.turn.Unlock()
		receivers := members
		if one.to != nil {
			receivers = one.takenFrom(parts, nil)
		}
		for _, m := range receivers {
			m.replayed(one)
		}
		return true
	})
	for _, m := range members {
		switch {
		case end.Completed() && ctx.Err() == nil:
			m.goLive(until, shown)
		case g.ctx.Err() == nil:
			m.move(false) // each client receives the error of its own execution
		}
	}
}
