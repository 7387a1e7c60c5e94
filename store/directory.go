package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/256dpi/lungo"
	"go.mongodb.org/mongo-driver/bson"

	"switchboard/inbox"
)

// CreateWorkspace inserts a workspace with its members, teams and agents, all of
// them or nothing. ErrDuplicateKey when one of the ids exists.
func (s *Store) CreateWorkspace(ctx context.Context, d inbox.Directory) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	batches := []struct {
		into lungo.ICollection
		docs []any
	}{
		{s.workspaces, []any{workspaceToDoc(d.Workspace)}},
		{s.members, docsOf(d.Members, func(m inbox.Member) any { return memberDoc(m) })},
		{s.teams, docsOf(d.Teams, func(t inbox.Team) any { return teamDoc(t) })},
		{s.agents, docsOf(d.Agents, func(a inbox.AIAgent) any { return agentDoc(a) })},
	}
	err := s.transact(ctx, transaction{
		do: func(tx context.Context) error {
			for _, b := range batches {
				if len(b.docs) == 0 {
					continue
				}
				if _, err := b.into.InsertMany(tx, b.docs); isDuplicate(err) {
					return inbox.ErrDuplicateKey
				} else if err != nil {
					return err
				}
			}
			return nil
		},
		done: func(context.Context) (bool, error) { return false, nil }, // another caller may have made it: say that it exists
	})
	return fault("create a workspace", err)
}

func docsOf[K comparable, V any](entities map[K]V, doc func(V) any) []any {
	out := make([]any, 0, len(entities))
	for _, v := range entities {
		out = append(out, doc(v))
	}
	return out
}

// Directory loads all of a workspace's directory.
func (s *Store) Directory(ctx context.Context, ws inbox.WorkspaceID) (*inbox.Directory, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc, err := findOne[workspaceDoc](ctx, s, s.workspaces, bson.D{{Key: "_id", Value: ws}})
	if err != nil {
		return nil, missing("workspace", "read a workspace", err)
	}
	d := &inbox.Directory{Workspace: doc.workspace()}
	of := bson.D{{Key: "workspace", Value: ws}}
	d.Members, err = load(ctx, s, s.members, of, func(m memberDoc) (inbox.MemberID, inbox.Member) { return m.ID, inbox.Member(m) })
	if err != nil {
		return nil, fault("read the members", err)
	}
	d.Teams, err = load(ctx, s, s.teams, of, func(t teamDoc) (inbox.TeamID, inbox.Team) { return t.ID, inbox.Team(t) })
	if err != nil {
		return nil, fault("read the teams", err)
	}
	d.Agents, err = load(ctx, s, s.agents, of, func(a agentDoc) (inbox.AgentID, inbox.AIAgent) { return a.ID, inbox.AIAgent(a) })
	return d, fault("read the AI agents", err)
}

func load[D any, K comparable, V any](ctx context.Context, s *Store, from lungo.ICollection, filter bson.D, entry func(D) (K, V)) (map[K]V, error) {
	docs, err := find[D](ctx, s, from, filter)
	if err != nil {
		return nil, err
	}
	out := make(map[K]V, len(docs))
	for _, d := range docs {
		k, v := entry(d)
		out[k] = v
	}
	return out, nil
}

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
			if err := entry.write(tx); err != nil {
				return err
			}
			return s.record(tx, e)
		},
		done: func(ctx context.Context) (bool, error) { return s.recorded(ctx, e.ID) },
	})
	if errors.Is(err, inbox.ErrStale) {
		err = entry.whyStale(ctx)
	}
	return fault("save the directory", err)
}

// directoryEntry is the one entity that a directory event changes.
type directoryEntry struct {
	in   lungo.ICollection
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
		entry = directoryEntry{in: s.workspaces, what: "workspace", id: string(c.Workspace.ID), rev: c.Workspace.Rev, doc: workspaceToDoc(*c.Workspace)}
		ws = c.Workspace.ID
	case c.Member != nil:
		entry = directoryEntry{in: s.members, what: "member", id: string(c.Member.ID), rev: c.Member.Rev, doc: memberDoc(*c.Member)}
		ws = c.Member.Workspace
	case c.Team != nil:
		entry = directoryEntry{in: s.teams, what: "team", id: string(c.Team.ID), rev: c.Team.Rev, doc: teamDoc(*c.Team)}
		ws = c.Team.Workspace
	case c.Agent != nil:
		entry = directoryEntry{in: s.agents, what: "AI agent", id: string(c.Agent.ID), rev: c.Agent.Rev, doc: agentDoc(*c.Agent)}
		ws = c.Agent.Workspace
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

// write gives ErrStale when the revision is not one more than the stored one.
func (d directoryEntry) write(tx context.Context) error {
	if d.rev == 1 {
		_, err := d.in.InsertOne(tx, d.doc)
		if isDuplicate(err) {
			return inbox.ErrStale
		}
		return err
	}
	guard := append(d.own[:len(d.own):len(d.own)], bson.E{Key: "rev", Value: d.rev - 1})
	res, err := d.in.ReplaceOne(tx, guard, d.doc)
	if err == nil && res.MatchedCount == 0 {
		return inbox.ErrStale
	}
	return err
}

// whyStale tells an entity that changed from one that does not exist in the
// workspace, and from a new one whose id another workspace has.
func (d directoryEntry) whyStale(ctx context.Context) error {
	there, err := exists(ctx, d.in, d.own)
	switch {
	case err != nil:
		return err
	case there:
		return inbox.ErrStale
	case d.rev == 1:
		return inbox.ErrDuplicateKey
	default:
		return inbox.Missing(d.what)
	}
}
