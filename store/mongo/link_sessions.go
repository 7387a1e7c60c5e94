package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// BeginLinkSession is described at inbox.LinkSessions. The unique id decides between
// two servers.
func (s *Store) BeginLinkSession(ctx context.Context, l cluster.LinkSession) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	_, err := s.linkSessions.InsertOne(ctx, document.OfLinkSession(l))
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	return fault("begin the session of a login link", err)
}

// RenewLinkSession is described at inbox.LinkSessions.
func (s *Store) RenewLinkSession(ctx context.Context, id string, now, until time.Time) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	alive := bson.D{{Key: "_id", Value: id}, {Key: "ended", Value: false}, {Key: "expires", Value: bson.D{{Key: "$gt", Value: now}}}}
	res, err := s.linkSessions.UpdateOne(ctx, alive, bson.D{{Key: "$set", Value: bson.D{{Key: "expires", Value: until}}}})
	if err == nil && res.MatchedCount == 0 {
		return inbox.Missing("session")
	}
	return fault("renew the session of a login link", err)
}

// EndLinkSession is described at inbox.LinkSessions.
func (s *Store) EndLinkSession(ctx context.Context, id string) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	_, err := s.linkSessions.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{{Key: "ended", Value: true}}}})
	return fault("end the session of a login link", err)
}
