package mongo

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// A transaction whose end did not reach the database stays open there, with locks on what
// it wrote and, on some servers, with the change stream waiting for it, until the database
// ends it by itself after a minute or more. So a server ends its own as soon as the database
// answers again, as it does those of servers that died. One whose commit may be under way is
// left alone until it must have arrived.

const (
	// maxAbandoned bounds the sessions that are kept; those beyond are left to the database.
	maxAbandoned = 1000
	// overtaking is how much later a command may reach the database than what was sent after
	// it by another connection: a transaction that it begins then is ended again.
	overtaking = 5 * time.Second
	// arriving is how long a commit is waited for once the database answers again. One that
	// comes later still is refused, and its caller was told that the outcome is unknown.
	arriving = time.Second
)

// abandoned are the sessions of transactions of which it is not known whether they ended. They
// are not given back to the driver, which would use them again.
type abandoned struct {
	mu   sync.Mutex
	left []leftOpen
}

// leftOpen is the session of one of them.
type leftOpen struct {
	session *driver.Session
	// committed says that its commit may be under way.
	committed bool
	// answered is when the database answered for the first time since; zero before.
	answered time.Time
}

// waited reports whether the database has answered for so long.
func (l leftOpen) waited(now time.Time, long time.Duration) bool {
	return !l.answered.IsZero() && now.Sub(l.answered) >= long
}

// keep takes over sessions.
func (a *abandoned) keep(some ...leftOpen) {
	a.mu.Lock()
	room := min(maxAbandoned-len(a.left), len(some))
	a.left = append(a.left, some[:room]...)
	a.mu.Unlock()
	giveAll(some[room:])
}

// take gives those of which the predicate is true to the caller.
func (a *abandoned) take(which func(leftOpen) bool) (some []leftOpen) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left = slices.DeleteFunc(a.left, func(one leftOpen) bool {
		if which(one) {
			some = append(some, one)
			return true
		}
		return false
	})
	return some
}

// due takes those whose transactions are to be ended now, by a database that answers.
func (a *abandoned) due(now time.Time) []leftOpen {
	a.mu.Lock()
	for i := range a.left {
		if one := &a.left[i]; one.answered.IsZero() {
			one.answered = now
		}
	}
	a.mu.Unlock()
	return a.take(func(one leftOpen) bool { return !one.committed || one.waited(now, arriving) })
}

// fresh takes those that were not ended yet, and whose commit was not sent.
func (a *abandoned) fresh() []leftOpen {
	return a.take(func(one leftOpen) bool { return !one.committed && one.answered.IsZero() })
}

// anyLeft is for take.
func anyLeft(leftOpen) bool { return true }

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
		if one.committed || one.waited(asked, overtaking) {
			giveAll([]leftOpen{one})
			continue
		}
		if one.answered.IsZero() {
			one.answered = asked
		}
		s.abandoned.keep(one)
	}
}
