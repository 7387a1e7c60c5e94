package transport

import "context"

// queueReplay has st told what it missed, together with all who come while the
// replay of the same cursor waits for its turn. It needs the groups' lock.
func (g *group) queueReplay(st *seat) {
	after := st.cursor
	_, running := g.replays[after]
	g.replays[after] = append(g.replays[after], st)
	if !running {
		g.all.active.Go(func() { g.replayAll(after) })
	}
}

// replayAll replays from one cursor until nobody waits for it.
func (g *group) replayAll(after string) {
	<-g.ready
	tenant := g.tenantOf(after)
	g.all.turns.take(tenant)
	defer g.all.turns.give(tenant)
	for {
		g.all.mu.Lock()
		seats := g.replays[after]
		g.replays[after] = nil
		if len(seats) == 0 {
			delete(g.replays, after)
		}
		g.all.mu.Unlock()
		if len(seats) == 0 {
			return
		}
		g.replay(after, seats)
	}
}

// tenantOf is the tenant of those who wait: that of all in the group.
func (g *group) tenantOf(after string) string {
	g.all.mu.Lock()
	defer g.all.mu.Unlock()
	for _, st := range g.replays[after] {
		return callerOf(st.op.ctx).tenant
	}
	return ""
}

// replay tells seats what came behind after. They are in the group already, and
// the group has begun: what the replay is too early for, the group tells them.
func (g *group) replay(after string, seats []*seat) {
	ctx, cancel := context.WithCancel(g.ctx)
	defer cancel()
	first, on := seats[0], &places{}
	all := &missed{cursors: map[string]bool{}}
	begun := func() { all.until = on.pop().number }
	end := perform(first.shared.Replay(ctx, g.key, after, on.push), g.exec, first.opCtx, begun, func(payload []byte) bool {
		item := told{payload: payload, place: on.pop()}
		g.turn.Lock()
		g.look(false)
		g.turn.Unlock()
		all.cursors[item.cursor] = true
		for _, st := range seats {
			st.replayed(item)
		}
		return true
	})
	for _, st := range seats {
		switch {
		case end.completed() && ctx.Err() == nil:
			st.goLive(all)
		case g.ctx.Err() == nil:
			st.getUp(false) // each is told by itself what is wrong
		}
	}
}
