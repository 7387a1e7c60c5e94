package resolvers

import (
	"cmp"
	"context"
	"sync/atomic"
	"time"

	"switchboard/inbox/eventlog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// awaitNumber is AwaitNumber where nobody says otherwise.
	awaitNumber = time.Second
	// unnumberedFor is for how long no item waits after one waited in vain: nobody gives
	// numbers, and live streams go on.
	unnumberedFor = 5 * time.Second
)

// numbering remembers when an item last waited in vain for its number, in ns.
type numbering struct{ failed atomic.Int64 }

// patience is how long an item may wait now.
func (n *numbering) patience(now time.Time, wait time.Duration) time.Duration {
	if now.Sub(time.Unix(0, n.failed.Load())) < unnumberedFor {
		return 0
	}
	return cmp.Or(wait, awaitNumber)
}

// sequenceOf is the number of an event or a message in the log; null for none. The answer
// of a mutation comes before the number, and an item of a live stream waits for it.
func sequenceOf(ctx context.Context, r *Resolver, id string) (*eventlog.Sequence, error) {
	operation := graphql.GetOperationContext(ctx).Operation.Operation
	if id == "" || operation == ast.Mutation {
		return nil, nil
	}
	s := scopeOf(ctx)
	n, err := s.loaders.sequence.Load(ctx, id)
	if err == nil && n == 0 && operation == ast.Subscription {
		n, err = awaitSequence(ctx, r, s, id)
	}
	if err != nil || n == 0 {
		return nil, err
	}
	return &n, nil
}

func awaitSequence(ctx context.Context, r *Resolver, s *scope, id string) (eventlog.Sequence, error) {
	now := time.Now()
	n, err := r.Inbox.Log.Await(ctx, s.access.Principal.Workspace, id, r.numbers.patience(now, r.AwaitNumber), r.LogSignals)
	if err == nil && n == 0 {
		r.numbers.failed.Store(now.UnixNano())
	}
	return n, err
}
