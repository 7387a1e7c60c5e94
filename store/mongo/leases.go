package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
)

type leaseDoc struct {
	Name     string        `bson:"_id"`
	Holder   string        `bson:"holder"`
	Renewals int64         `bson:"beat"`
	For      time.Duration `bson:"for"`
}

// Lease reads a lease. One that nobody ever held has the name alone.
func (s *Store) Lease(ctx context.Context, name string) (cluster.Lease, error) {
	doc, err := findOne[leaseDoc](ctx, s, s.leases, bson.D{{Key: "_id", Value: name}})
	if errors.Is(err, driver.ErrNoDocuments) {
		return cluster.Lease{Name: name}, nil
	}
	return cluster.Lease(doc), fault("read a lease", err)
}

// SwapLease replaces seen by next. It returns ErrStale if the stored lease differs
// from seen.
func (s *Store) SwapLease(ctx context.Context, seen, next cluster.Lease) error {
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
