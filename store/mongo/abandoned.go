package mongo

import (
	"context"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// A transaction whose rollback did not reach the database stays open there, with locks on what
// it wrote and, on some servers, with the change stream waiting for it, until the database
// ends it by itself after a minute or more. So a server ends its own as soon as the database
// answers again, as it does those of servers that died.

// maxAbandoned bounds the sessions that are kept; those beyond are left to the database.
const maxAbandoned = 1000

// abandoned are the sessions of transactions of which it is not known whether they were
// rolled back. They are not given back to the driver, which would use them again.
type abandoned struct {
	mu       sync.Mutex
	sessions []*driver.Session
}

// keep takes over a session.
func (a *abandoned) keep(sessions ...*driver.Session) {
	a.mu.Lock()
	room := min(maxAbandoned-len(a.sessions), len(sessions))
	a.sessions = append(a.sessions, sessions[:room]...)
	a.mu.Unlock()
	endAll(sessions[room:])
}

// take gives the sessions to the caller.
func (a *abandoned) take() (sessions []*driver.Session) {
	a.mu.Lock()
	defer a.mu.Unlock()
	sessions, a.sessions = a.sessions, nil
	return sessions
}

// endAll gives sessions back to the driver, and asks nothing of the database: for the driver
// the transaction of some is still running.
func endAll(sessions []*driver.Session) {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	for _, one := range sessions {
		one.EndSession(over)
	}
}

// endAbandoned ends the transactions that were abandoned, unless the database does not
// answer: then it is tried again.
func endAbandoned(ctx context.Context, s *Store) {
	sessions := s.abandoned.take()
	if len(sessions) == 0 {
		return
	}
	ids := make([]bson.Raw, 0, len(sessions))
	for _, one := range sessions {
		ids = append(ids, one.ID())
	}
	ctx, cancel := context.WithTimeout(ctx, cleanupTime)
	defer cancel()
	if err := killSessions(ctx, s, "this server whose end had not arrived", ids); err != nil {
		s.abandoned.keep(sessions...)
		return
	}
	endAll(sessions)
}
