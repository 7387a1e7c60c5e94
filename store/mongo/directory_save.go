package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// SaveDirectory writes one changed entity together with its event.
func (s *Store) SaveDirectory(ctx context.Context, e inbox.Event) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	entry, err := s.entryOf(e)
	if err != nil {
		return err
	}
	err = s.transact(ctx, transaction{
		do: func(tx context.Context) error {
			if err := writeEntries(tx, []directoryEntry{entry}); err != nil {
				return err
			}
			return s.record(tx, e)
		},
		done: func(ctx context.Context) (bool, error) { return s.recorded(ctx, e.ID) },
	})
	if errors.Is(err, commit.ErrStale) {
		err = entry.whyStale(ctx)
	}
	return fault("save the directory", err)
}

// directoryEntry is the one entity that a directory event changes.
type directoryEntry struct {
	in   *driver.Collection
	what string
	id   string
	own  bson.D // finds it in its workspace only
	rev  int
	doc  any
}

func (s *Store) entryOf(e inbox.Event) (directoryEntry, error) {
	c := e.Directory
	entry := directoryEntry{}
	ws := e.Workspace
	switch {
	case c == nil:
	case c.Workspace != nil:
		entry = directoryEntry{in: s.workspaces, what: "workspace", id: string(c.Workspace.ID), rev: c.Workspace.Rev, doc: document.OfWorkspace(*c.Workspace)}
		ws = c.Workspace.ID
	case c.Member != nil:
		entry = directoryEntry{in: s.members, what: "member", id: string(c.Member.ID), rev: c.Member.Rev, doc: document.Member(*c.Member)}
		ws = c.Member.Workspace
	case c.Team != nil:
		entry = directoryEntry{in: s.teams, what: "team", id: string(c.Team.ID), rev: c.Team.Rev, doc: document.Team(*c.Team)}
		ws = c.Team.Workspace
	case c.Agent != nil:
		entry = directoryEntry{in: s.agents, what: "AI agent", id: string(c.Agent.ID), rev: c.Agent.Rev, doc: document.Agent(*c.Agent)}
		ws = c.Agent.Workspace
	case c.Key != nil:
		entry = directoryEntry{in: s.keys, what: "API key", id: string(c.Key.ID), rev: c.Key.Rev, doc: document.OfAPIKey(*c.Key)}
		ws = c.Key.Workspace
	}
	if entry.in == nil || entry.rev < 1 || ws != e.Workspace {
		return entry, fmt.Errorf("store: save the directory: the event must carry one %s entity of its own workspace with a revision from 1", entry.what)
	}
	entry.own = bson.D{{Key: "_id", Value: entry.id}}
	if entry.what != "workspace" {
		entry.own = append(entry.own, bson.E{Key: "workspace", Value: ws})
	}
	return entry, nil
}

// writeEntries gives ErrStale when a revision is not one more than the stored one. It
// sends one command for each collection.
func writeEntries(tx context.Context, entries []directoryEntry) error {
	var in []*driver.Collection
	models := map[*driver.Collection][]driver.WriteModel{}
	for _, d := range entries {
		if models[d.in] == nil {
			in = append(in, d.in)
		}
		models[d.in] = append(models[d.in], d.model())
	}
	for _, c := range in {
		res, err := c.BulkWrite(tx, models[c], options.BulkWrite().SetOrdered(true))
		if isDuplicate(err) || err == nil && int(res.MatchedCount+res.InsertedCount) < len(models[c]) {
			return commit.ErrStale
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// model inserts the first revision, and finds nothing when a later one does not follow
// the stored one.
func (d directoryEntry) model() driver.WriteModel {
	if d.rev == 1 {
		return driver.NewInsertOneModel().SetDocument(d.doc)
	}
	guard := append(d.own[:len(d.own):len(d.own)], bson.E{Key: "rev", Value: d.rev - 1})
	return driver.NewUpdateOneModel().SetFilter(guard).SetUpdate(amend("", d.doc).update())
}

// whyStale finds out why an entity was not written: it changed, it does not exist
// in the workspace, or it is new and another workspace has its id.
func (d directoryEntry) whyStale(ctx context.Context) error {
	there, err := exists(ctx, d.in, d.own)
	switch {
	case err != nil:
		return err
	case there:
		return commit.ErrStale
	case d.rev == 1:
		return commit.ErrDuplicateKey
	default:
		return inbox.Missing(d.what)
	}
}
