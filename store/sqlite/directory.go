package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// CreateWorkspace inserts a workspace with its members, teams, agents, keys and audit
// entries, in one transaction. It returns ErrDuplicateKey if one of the ids exists.
func (s *Store) CreateWorkspace(ctx context.Context, d workspace.Directory, audit ...audit.AuditEntry) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		for _, e := range document.AllEntities(d) {
			if err := insertEntity(tx, e); err != nil {
				return err
			}
		}
		for _, a := range audit {
			if err := writeAudit(tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, commit.ErrStale) {
		err = commit.ErrDuplicateKey
	}
	return fault("create a workspace", err)
}

// Directory loads all of a workspace's directory, as it is at one moment.
func (s *Store) Directory(ctx context.Context, ws workspace.WorkspaceID) (d *workspace.Directory, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		d, err = directory(tx, ws)
		return err
	})
	return d, fault("read the directory", err)
}

// Member reads one member of a workspace.
func (s *Store) Member(
	ctx context.Context, ws workspace.WorkspaceID, id workspace.MemberID,
) (m workspace.Member, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		doc, ok, err := get[document.Member](tx, memberDocs, string(id))
		if err == nil && (!ok || doc.Workspace != ws) {
			err = inbox.Missing("member")
		}
		m = workspace.Member(doc)
		return err
	})
	if err != nil {
		return workspace.Member{}, fault("read a member", err)
	}
	return m, nil
}

func directory(tx *sql.Tx, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	doc, ok, err := get[document.Workspace](tx, workspaceDocs, string(ws))
	if err == nil && !ok {
		err = inbox.Missing("workspace")
	}
	if err != nil {
		return nil, err
	}
	d := &workspace.Directory{Workspace: doc.Workspace()}
	if d.Members, err = load(tx, memberDocs, ws, func(m document.Member) (workspace.MemberID, workspace.Member) { return m.ID, workspace.Member(m) }); err != nil {
		return nil, err
	}
	if d.Teams, err = load(tx, teamDocs, ws, func(t document.Team) (workspace.TeamID, workspace.Team) { return t.ID, workspace.Team(t) }); err != nil {
		return nil, err
	}
	if d.Agents, err = load(tx, agentDocs, ws, func(a document.Agent) (workspace.AgentID, workspace.AIAgent) { return a.ID, workspace.AIAgent(a) }); err != nil {
		return nil, err
	}
	if d.Keys, err = load(tx, keyDocs, ws, func(k document.APIKey) (workspace.KeyID, workspace.APIKey) { return k.ID, k.Key() }); err != nil {
		return nil, err
	}
	d.Webhooks, err = load(tx, webhookDocs, ws, func(w document.Webhook) (workspace.WebhookID, workspace.Webhook) { return w.ID, w.Webhook() })
	return d, err
}

func load[D any, K comparable, V any](tx *sql.Tx, in collection, ws workspace.WorkspaceID, entry func(D) (K, V)) (map[K]V, error) {
	docs, err := all[D](tx, in, string(ws))
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
