package mongo

import (
	"context"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// CreateWorkspace inserts a workspace with its members, teams, agents, keys and
// audit entries, in one transaction. It returns ErrDuplicateKey if one of the ids
// exists.
func (s *Store) CreateWorkspace(ctx context.Context, d workspace.Directory, audit ...audit.AuditEntry) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	batches := map[string][]any{}
	for _, e := range document.AllEntities(d) {
		batches[e.Collection] = append(batches[e.Collection], e.Doc)
	}
	for _, e := range audit {
		batches[s.audit.Name()] = append(batches[s.audit.Name()], document.OfAudit(e))
	}
	err := s.transact(ctx, transaction{
		do: func(tx context.Context) error {
			for _, name := range slices.Sorted(maps.Keys(batches)) {
				if _, err := s.db.Collection(name).InsertMany(tx, batches[name]); isDuplicate(err) {
					return commit.ErrDuplicateKey
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

// Member reads one member of a workspace.
func (s *Store) Member(ctx context.Context, ws workspace.WorkspaceID, id workspace.MemberID) (workspace.Member, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc, err := findOne[document.Member](ctx, s, s.members, bson.D{{Key: "_id", Value: id}, {Key: "workspace", Value: ws}})
	return workspace.Member(doc), missing("member", "read a member", err)
}

// Directory loads all of a workspace's directory.
func (s *Store) Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	doc, err := findOne[document.Workspace](ctx, s, s.workspaces, bson.D{{Key: "_id", Value: ws}})
	if err != nil {
		return nil, missing("workspace", "read a workspace", err)
	}
	d := &workspace.Directory{Workspace: doc.Workspace()}
	of := bson.D{{Key: "workspace", Value: ws}}
	d.Members, err = load(ctx, s, s.members, of, func(m document.Member) (workspace.MemberID, workspace.Member) { return m.ID, workspace.Member(m) })
	if err != nil {
		return nil, fault("read the members", err)
	}
	d.Teams, err = load(ctx, s, s.teams, of, func(t document.Team) (workspace.TeamID, workspace.Team) { return t.ID, workspace.Team(t) })
	if err != nil {
		return nil, fault("read the teams", err)
	}
	d.Agents, err = load(ctx, s, s.agents, of, func(a document.Agent) (workspace.AgentID, workspace.AIAgent) { return a.ID, workspace.AIAgent(a) })
	if err != nil {
		return nil, fault("read the AI agents", err)
	}
	d.Keys, err = load(ctx, s, s.keys, of, func(k document.APIKey) (workspace.KeyID, workspace.APIKey) { return k.ID, k.Key() })
	if err != nil {
		return nil, fault("read the API keys", err)
	}
	d.Webhooks, err = load(ctx, s, s.webhooks, of, func(w document.Webhook) (workspace.WebhookID, workspace.Webhook) { return w.ID, w.Webhook() })
	return d, fault("read the webhooks", err)
}

func load[D any, K comparable, V any](ctx context.Context, s *Store, from *driver.Collection, filter bson.D, entry func(D) (K, V)) (map[K]V, error) {
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
