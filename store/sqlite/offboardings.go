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
		for _, each := range []struct {
			in collection
			as func(id string) inbox.Offboarding
		}{
			{memberDocs, func(id string) inbox.Offboarding { return inbox.Offboarding{Member: workspace.MemberID(id)} }},
			{teamDocs, func(id string) inbox.Offboarding { return inbox.Offboarding{Team: workspace.TeamID(id)} }},
			{agentDocs, func(id string) inbox.Offboarding { return inbox.Offboarding{Agent: workspace.AgentID(id)} }},
			{workspaceDocs, func(string) inbox.Offboarding { return inbox.Offboarding{} }},
		} {
			more, err := offboardings(tx, each.in, each.as, limit)
			if err != nil {
				return err
			}
			out = append(out, more...)
		}
		return nil
	})
	return out, fault("list pending reassignments", err)
}

func offboardings(tx *sql.Tx, in collection, as func(id string) inbox.Offboarding, limit int) ([]inbox.Offboarding, error) {
	rows, err := tx.Query("SELECT id, workspace, since FROM offboardings WHERE collection = ? ORDER BY since, id LIMIT ?", string(in), limit)
	return collect(rows, err, func(r *sql.Rows) (inbox.Offboarding, error) {
		var id, ws string
		var since int64
		err := r.Scan(&id, &ws, &since)
		o := as(id)
		o.Workspace, o.Since = workspace.WorkspaceID(ws), time.UnixMilli(since).UTC()
		return o, err
	})
}
