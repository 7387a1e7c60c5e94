package sqlite

import (
	"context"
	"database/sql"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Offboardings lists members, teams, AI agents and workspaces whose conversations still
// have to be reassigned, up to limit of each sort, the longest pending first.
func (s *Store) Offboardings(ctx context.Context, limit int) (out []inbox.Offboarding, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		for _, in := range []collection{memberDocs, teamDocs, agentDocs, workspaceDocs} {
			more, err := offboardings(tx, in, limit)
			if err != nil {
				return err
			}
			out = append(out, more...)
		}
		return nil
	})
	return out, fault("list pending reassignments", err)
}

func offboardings(tx *sql.Tx, in collection, limit int) (out []inbox.Offboarding, err error) {
	rows, err := tx.Query("SELECT id, workspace, since FROM offboardings WHERE collection = ? ORDER BY since, id LIMIT ?", string(in), limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, ws string
		var since int64
		if err := rows.Scan(&id, &ws, &since); err != nil {
			return nil, err
		}
		o := inbox.Offboarding{Workspace: workspace.WorkspaceID(ws), Since: time.UnixMilli(since).UTC()}
		switch in {
		case memberDocs:
			o.Member = workspace.MemberID(id)
		case teamDocs:
			o.Team = workspace.TeamID(id)
		case agentDocs:
			o.Agent = workspace.AgentID(id)
		}
		out = append(out, o)
	}
	return out, rows.Err()
}
