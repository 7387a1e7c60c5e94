package mongo

import (
	"context"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// A transaction whose rollback did not reach the database stays open there, with locks on what
// it wrote and, on some servers, with the change stream waiting for it, until the database
// ends it by itself after a minute or more. So a server ends its own as soon as the database
// answers again, as it does those of servers that died.

const (
	// maxAbandoned bounds the sessions that are kept; those beyond are left to the database.
	maxAbandoned = 1000
	// overtaking is how much later a command may reach the database than what was sent after
	// it by another connection: a transaction that it begins then is ended again.
	overtaking = 5 * time.Second
)

// abandoned are the sessions of transactions of which it is not known whether they were
// rolled back. They are not given back to the driver, which would use them again.
type abandoned struct {
	mu   sync.Mutex
	left []leftOpen
}

// leftOpen is the session of one of them.
type leftOpen struct {
	session *driver.Session
	since   time.Time
	ended   bool // once at least
}

// keep takes over sessions.
func (a *abandoned) keep(some ...leftOpen) {
	a.mu.Lock()
	room := min(maxAbandoned-len(a.left), len(some))
	a.left = append(a.left, some[:room]...)
	a.mu.Unlock()
	giveAll(some[room:])
}

// take gives the sessions to the caller.
func (a *abandoned) take() (some []leftOpen) {
	a.mu.Lock()
	defer a.mu.Unlock()
	some, a.left = a.left, nil
	return some
}

// fresh gives those to the caller that were never ended.
func (a *abandoned) fresh() (some []leftOpen) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var rest []leftOpen
	for _, one := range a.left {
		if one.ended {
			rest = append(rest, one)
		} else {
			some = append(some, one)
		}
	}
	if len(some) > 0 {
		a.left = rest
	}
	return some
}

// giveAll gives sessions back to the driver, and asks nothing of the database: for the driver
// the transaction of some is still running.
func giveAll(some []leftOpen) {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	for _, one := range some {
		one.session.EndSession(over)
	}
}

// endAbandoned ends the transactions of sessions that were taken. Those that may begin yet
// are kept, to be ended once more, and all where the database does not answer.
func endAbandoned(ctx context.Context, s *Store, some []leftOpen) {
	if len(some) == 0 {
		return
	}
	ids := make([]bson.Raw, 0, len(some))
	for _, one := range some {
		ids = append(ids, one.session.ID())
	}
	ctx, cancel := context.WithTimeout(ctx, cleanupTime)
	defer cancel()
	asked := time.Now()
	if err := killSessions(ctx, s, "this server whose end had not arrived", ids); err != nil {
		s.abandoned.keep(some...)
		return
	}
	for _, one := range some {
		if one.ended = true; asked.Sub(one.since) < overtaking {
			s.abandoned.keep(one)
		} else {
			giveAll([]leftOpen{one})
		}
	}
}
