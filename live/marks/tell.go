package marks

import (
	"context"
	"log/slog"
	"time"

	"switchboard/inbox/attention"
)

const (
	// between is the least time between two bulletins of a server.
	between = 200 * time.Millisecond
	// afterFailure is the pause after one that could not be sent.
	afterFailure = time.Second
	// sendTime bounds one.
	sendTime = 5 * time.Second
	// maxEntries is how many marks one bulletin holds.
	maxEntries = 200
)

// tell sends bulletins until ctx ends.
func (m *Marks) tell(ctx context.Context) {
	var earliest time.Time // of the next bulletin
	failed := false
	for ctx.Err() == nil {
		now := time.Now()
		next, wait := m.turn(now, !now.Before(earliest))
		if !next.empty() {
			err := m.send(ctx, next)
			earliest = time.Now().Add(between)
			if err != nil {
				earliest = time.Now().Add(afterFailure)
				m.untold(next)
			}
			m.note(ctx, err, failed)
			failed = err != nil
			continue
		}
		if until := earliest.Sub(now); wait == 0 && until > 0 {
			wait = until
		}
		m.await(ctx, wait)
	}
}

// await waits for a change, or for some time; for none at all if wait is negative.
func (m *Marks) await(ctx context.Context, wait time.Duration) {
	var timer <-chan time.Time
	if wait >= 0 {
		timer = time.After(max(wait, time.Millisecond))
	}
	select {
	case <-m.changed:
	case <-timer:
	case <-ctx.Done():
	}
}

// turn ends what is over, and returns the next bulletin, if one may be sent now. Without
// one, wait is how long there is nothing to do: 0 if something waits to be sent, and
// negative while no mark stands.
func (m *Marks) turn(now time.Time, maySend bool) (out bulletin, wait time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := m.expire(now)
	soonest, waiting := m.soonest(now)
	if waiting && maySend {
		return m.collect(now), 0
	}
	if waiting {
		return bulletin{}, 0
	}
	if !soonest.IsZero() && (next.IsZero() || soonest.Before(next)) {
		next = soonest
	}
	if next.IsZero() {
		return bulletin{}, -1
	}
	return bulletin{}, next.Sub(now)
}

// soonest reports whether something is to be told now, and else when that is; zero for
// nothing. It needs mu.
func (m *Marks) soonest(now time.Time) (at time.Time, waiting bool) {
	if len(m.news.removed) > 0 {
		return at, true
	}
	for k, t := range m.news.own {
		s := m.standing(k)
		due := t.due(s.Kind)
		switch {
		case t.urgent(s.Mark), s.until.After(t.until) && !due.After(now):
			return at, true
		case due.After(now) && (at.IsZero() || due.Before(at)):
			at = due
		}
	}
	return at, false
}

// standing needs mu. Every mark of news stands.
func (m *Marks) standing(k attention.Key) standing {
	return m.rooms[k.Workspace].places[k.Conversation].marks[k]
}

// collect makes the next bulletin: what is urgent, and while at it all that was said
// again since it was told. It needs mu.
func (m *Marks) collect(now time.Time) bulletin {
	out := bulletin{Server: m.server}
	for k := range m.news.removed {
		if len(out.Marks) < maxEntries {
			out.add(standing{Mark: attention.Mark{Key: k}}, now)
			delete(m.news.removed, k)
		}
	}
	for _, urgent := range []bool{true, false} {
		for k, t := range m.news.own {
			s := m.standing(k)
			if len(out.Marks) < maxEntries && t.urgent(s.Mark) == urgent && (urgent || s.until.After(t.until)) {
				out.add(s, now)
				m.news.own[k] = told{s.Kind, s.Note, s.until}
			}
		}
	}
	m.stats.Sent++
	return out
}

func (m *Marks) send(ctx context.Context, b bulletin) error {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return m.bulletins.SendBulletin(ctx, b.encode())
}

// untold takes back that others hold what was not sent.
func (m *Marks) untold(b bulletin) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stats.Failed++
	for _, e := range b.Marks {
		mark := e.mark()
		if _, own := m.news.own[mark.Key]; own {
			m.news.own[mark.Key] = told{}
		}
	}
}

// note logs the first of several failures in a row.
func (m *Marks) note(ctx context.Context, err error, failed bool) {
	if err != nil && !failed && ctx.Err() == nil {
		m.log.Warn("other servers do not hear who looks at conversations here", slog.Any("error", err))
	}
}
