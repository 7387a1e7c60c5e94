package mongo

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
)

var _ cluster.Leases = (*Store)(nil)

type leaseDoc struct {
	Name     string        `bson:"_id"`
	Holder   string        `bson:"holder"`
	Renewals int64         `bson:"beat"`
	For      time.Duration `bson:"for"`
}

// Lease reads a lease. One that nobody ever held has the name alone.
func (s *Store) Lease(ctx context.Context, name string) (cluster.Lease, error) {
	if s.engine.InProcess {
		return s.localLeases.read(name), ctx.Err()
	}
	doc, err := findOne[leaseDoc](ctx, s, s.leases, bson.D{{Key: "_id", Value: name}})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return cluster.Lease{Name: name}, nil
	}
	return cluster.Lease(doc), fault("read a lease", err)
}

// SwapLease replaces seen by next. It returns ErrStale if the stored lease differs
// from seen.
func (s *Store) SwapLease(ctx context.Context, seen, next cluster.Lease) error {
	if s.engine.InProcess {
		return errors.Join(ctx.Err(), s.localLeases.swap(seen, next))
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if seen.Renewals == 0 {
		_, err := s.leases.InsertOne(ctx, leaseDoc(next))
		if isDuplicate(err) {
			return commit.ErrStale
		}
		return fault("take a lease", err)
	}
	filter := bson.D{{Key: "_id", Value: seen.Name}, {Key: "holder", Value: seen.Holder}, {Key: "beat", Value: seen.Renewals}}
	res, err := s.leases.ReplaceOne(ctx, filter, leaseDoc(next))
	if err == nil && res.MatchedCount == 0 {
		return commit.ErrStale
	}
	return fault("keep a lease", err)
}

// localLeases are the leases of an engine inside the process. They need not be
// written, as no other process can open the same data, and every write would
// push a change out of the feed's history.
type localLeases struct {
	mu   sync.Mutex
	held map[string]cluster.Lease
}

func (o *localLeases) read(name string) cluster.Lease {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.held[name]
	l.Name = name
	return l
}

func (o *localLeases) swap(seen, next cluster.Lease) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if now := o.held[seen.Name]; now.Renewals != seen.Renewals || now.Holder != seen.Holder {
		return commit.ErrStale
	}
	if o.held == nil {
		o.held = map[string]cluster.Lease{}
	}
	o.held[next.Name] = next
	return nil
}
