package mongo

import (
	"cmp"
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// Administer writes all that one act changes, its events and its entry of the
// audit log in one transaction.
func (s *Store) Administer(ctx context.Context, save commit.DirectorySave) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	changed, err := document.EntitiesOf(save)
	if err != nil {
		return err
	}
	err = s.transact(ctx, transaction{
		do:   func(tx context.Context) error { return s.writeAct(tx, save, changed) },
		done: func(ctx context.Context) (bool, error) { return s.recorded(ctx, save.Events[0]) },
	})
	return fault("administer", err)
}

// writeAct writes the workspace's revision first, so that an act that lost a race
// fails before it has written anything else. It sends a command for each collection,
// however many entities the act changes.
func (s *Store) writeAct(tx context.Context, save commit.DirectorySave, changed []document.Entity) error {
	if !slices.ContainsFunc(save.Events, func(e inbox.Event) bool { return e.Directory.Workspace != nil }) {
		if err := s.passRevision(tx, save); err != nil {
			return err
		}
	}
	if err := writeEntities(tx, s.db, changed); err != nil {
		return err
	}
	if err := s.record(tx, save.Events...); err != nil {
		return err
	}
	return s.writeAudit(tx, save.Audit)
}

// passRevision gives ErrStale when another act was faster.
func (s *Store) passRevision(tx context.Context, save commit.DirectorySave) error {
	seen := bson.D{{Key: "_id", Value: save.Workspace}, {Key: "rev", Value: save.Rev}}
	res, err := s.workspaces.UpdateOne(tx, seen, bson.D{{Key: "$set", Value: bson.D{{Key: "rev", Value: save.Rev + 1}}}})
	if err == nil && res.MatchedCount == 0 {
		return commit.ErrStale
	}
	return err
}

// Workspaces lists every workspace by id.
func (s *Store) Workspaces(ctx context.Context) ([]workspace.Workspace, error) {
	docs, err := find[document.Workspace](ctx, s, s.workspaces, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: ""}}}})
	if err != nil {
		return nil, fault("list the workspaces", err)
	}
	out := make([]workspace.Workspace, 0, len(docs))
	for _, d := range docs {
		out = append(out, d.Workspace())
	}
	slices.SortFunc(out, func(a, b workspace.Workspace) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// offboardingDoc holds the fields that members, teams, AI agents and workspaces share
// while their conversations are reassigned. The workspace of a workspace is its own
// id.
type offboardingDoc struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Since     time.Time             `bson:"emptyingSince"`
}

// Offboardings lists members, teams, AI agents and workspaces whose conversations still
// have to be reassigned, the longest pending first.
func (s *Store) Offboardings(ctx context.Context, limit int) ([]inbox.Offboarding, error) {
	var out []inbox.Offboarding
	for _, each := range []struct {
		in    *driver.Collection
		entry func(id string) inbox.Offboarding
	}{
		{s.members, func(id string) inbox.Offboarding { return inbox.Offboarding{Member: workspace.MemberID(id)} }},
		{s.teams, func(id string) inbox.Offboarding { return inbox.Offboarding{Team: workspace.TeamID(id)} }},
		{s.agents, func(id string) inbox.Offboarding { return inbox.Offboarding{Agent: workspace.AgentID(id)} }},
		{s.workspaces, func(id string) inbox.Offboarding { return inbox.Offboarding{Workspace: workspace.WorkspaceID(id)} }},
	} {
		pending := bson.D{{Key: "emptyingSince", Value: bson.D{{Key: "$exists", Value: true}}}}
		docs, err := find[offboardingDoc](ctx, s, each.in, pending, options.Find().SetHint("emptying").SetLimit(int64(limit)))
		if err != nil {
			return nil, fault("list pending reassignments", err)
		}
		for _, d := range docs {
			e := each.entry(d.ID)
			e.Workspace, e.Since = cmp.Or(d.Workspace, e.Workspace), d.Since
			out = append(out, e)
		}
	}
	return out, nil
}
