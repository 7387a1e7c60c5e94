package commit_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// lateStore shows an event after some looks, as a database does whose majority has not
// got the write yet.
type lateStore struct {
	commit.Store
	after int
	looks int
}

func (l *lateStore) EventByKey(context.Context, workspace.WorkspaceID, workspace.Actor, string) (inbox.Event, error) {
	l.looks++
	if l.looks <= l.after {
		return inbox.Event{}, inbox.Missing("event")
	}
	return inbox.Event{ID: "first", Key: inbox.IdempotencyKey{Key: "k", Request: "r"}}, nil
}

// A repeat waits until the first request's write is there for good, within its bounds.
func TestARepeatWaitsForTheMajority(t *testing.T) {
	for name, row := range map[string]struct {
		after int
		key   string
		code  inbox.Code
		fails error
	}{
		"there at once":     {0, "k", "", nil},
		"there in a moment": {7, "k", "", nil},
		"never there":       {1 << 30, "k", inbox.Unavailable, nil},
		"without a key":     {0, "", "", commit.ErrDuplicateKey},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := commit.NewBase(nil, &lateStore{after: row.after}, time.Now, func() string { return "" })
				e, err := s.Settled(t.Context(), access.Access{}, inbox.IdempotencyKey{Key: row.key, Request: "r"})
				switch {
				case row.fails != nil:
					require.ErrorIs(t, err, row.fails)
				case row.code != "":
					require.Equal(t, row.code, inbox.CodeOf(err))
				default:
					require.NoError(t, err)
					require.Equal(t, inbox.EventID("first"), e.ID)
				}
			})
		})
	}
	t.Run("a caller who gives up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			s := commit.NewBase(nil, &lateStore{after: 1 << 30}, time.Now, func() string { return "" })
			_, err := s.Settled(ctx, access.Access{}, inbox.IdempotencyKey{Key: "k", Request: "r"})
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	})
}
