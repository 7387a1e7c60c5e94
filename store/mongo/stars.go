package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// Stars reads the stars of a member; Rev is 0 when there never were any.
func (s *Store) Stars(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) (shelf.Stars, error) {
	doc, err := byID(ctx, s, s.stars, ws, document.LoadID(ws, m), all[document.Stars])
	if errors.Is(err, driver.ErrNoDocuments) {
		return shelf.Stars{Workspace: ws, Member: m}, nil
	}
	return doc.Stars(), fault("read stars", err)
}

// SaveStars replaces the stars, whose Rev must be one more than the stored one, and
// records e with them. ErrStale otherwise.
func (s *Store) SaveStars(ctx context.Context, stars shelf.Stars, e inbox.Event) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc := document.OfStars(stars)
	err := s.transact(ctx, transaction{
		do: func(tx context.Context) error {
			if err := replace(tx, s.stars, inWorkspace(doc.Workspace, doc.ID), doc.Rev, doc); err != nil {
				return err
			}
			return s.record(tx, e)
		},
		done: func(ctx context.Context) (bool, error) { return s.recorded(ctx, e) },
	})
	return fault("save stars", err)
}

// DropStars removes all stars of a member.
func (s *Store) DropStars(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	_, err := s.stars.DeleteOne(ctx, inWorkspace(ws, document.LoadID(ws, m)))
	return fault("remove stars", err)
}

// replace writes a document of revision rev in the place of the one before it, or
// inserts the first. own finds it by its id, in which its workspace is: so the insert of a
// second one meets the first, also where the ids of each shard are unique by themselves.
// ErrStale when the stored one is not the one before.
func replace(ctx context.Context, in *driver.Collection, own bson.D, rev int, doc any) error {
	if rev == 1 {
		_, err := in.InsertOne(ctx, doc)
		if isDuplicate(err) {
			return commit.ErrStale
		}
		return err
	}
	res, err := in.ReplaceOne(ctx, append(own, bson.E{Key: "rev", Value: rev - 1}), doc)
	if err == nil && res.MatchedCount == 0 {
		return commit.ErrStale
	}
	return err
}
