package sqlite

import (
	"database/sql"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// entity is one part of a directory, as it is to be stored.
type entity struct {
	in   collection
	what string // in messages
	row  stored
	// since is when the reassignment of its conversations became due; the zero time
	// when none is.
	since time.Time
}

func workspaceEntity(w workspace.Workspace) entity {
	return entity{workspaceDocs, "workspace", stored{string(w.ID), string(w.ID), w.Rev, document.OfWorkspace(w)}, w.OffboardingSince}
}

func memberEntity(m workspace.Member) entity {
	return entity{memberDocs, "member", stored{string(m.ID), string(m.Workspace), m.Rev, document.Member(m)}, m.OffboardingSince}
}

func teamEntity(t workspace.Team) entity {
	return entity{teamDocs, "team", stored{string(t.ID), string(t.Workspace), t.Rev, document.Team(t)}, t.OffboardingSince}
}

func agentEntity(a workspace.AIAgent) entity {
	return entity{agentDocs, "AI agent", stored{string(a.ID), string(a.Workspace), a.Rev, document.Agent(a)}, a.OffboardingSince}
}

func keyEntity(k workspace.APIKey) entity {
	return entity{in: keyDocs, what: "API key", row: stored{string(k.ID), string(k.Workspace), k.Rev, document.OfAPIKey(k)}}
}

// entityOf is the one entity that a directory event changes.
func entityOf(e inbox.Event) (changed entity, err error) {
	switch c := e.Directory; {
	case c == nil:
	case c.Workspace != nil:
		changed = workspaceEntity(*c.Workspace)
	case c.Member != nil:
		changed = memberEntity(*c.Member)
	case c.Team != nil:
		changed = teamEntity(*c.Team)
	case c.Agent != nil:
		changed = agentEntity(*c.Agent)
	case c.Key != nil:
		changed = keyEntity(*c.Key)
	}
	if changed.row.Rev < 1 || changed.row.Workspace != string(e.Workspace) {
		err = fmt.Errorf("sqlite: save the directory: the event must carry one %s entity of its own workspace with a revision from 1", changed.what)
	}
	return changed, err
}

// insert gives ErrStale when there is an entity of that id, in whatever workspace.
func (d entity) insert(tx *sql.Tx) error {
	var there bool
	err := tx.QueryRow("SELECT EXISTS (SELECT 1 FROM documents WHERE collection = ? AND id = ?)", string(d.in), d.row.ID).Scan(&there)
	if err == nil && there {
		err = commit.ErrStale
	}
	if err == nil {
		err = put(tx, d.in, d.row)
	}
	if err == nil {
		err = offboard(tx, d)
	}
	return err
}

// write gives ErrStale when the revision is not one more than the stored one.
func (d entity) write(tx *sql.Tx) error {
	if d.row.Rev == 1 {
		return d.insert(tx)
	}
	if err := replace(tx, d.in, d.row); err != nil {
		return err
	}
	return offboard(tx, d)
}

// whyStale finds out why an entity was not written: it changed, it does not exist in
// the workspace, or it is new and another workspace has its id.
func (d entity) whyStale(tx *sql.Tx) error {
	var there bool
	err := tx.QueryRow("SELECT EXISTS (SELECT 1 FROM documents WHERE collection = ? AND id = ? AND workspace = ?)", string(d.in), d.row.ID, d.row.Workspace).Scan(&there)
	switch {
	case err != nil:
		return err
	case there:
		return commit.ErrStale
	case d.row.Rev == 1:
		return commit.ErrDuplicateKey
	default:
		return inbox.Missing(d.what)
	}
}

// offboard notes whether conversations of the entity have to be reassigned.
func offboard(tx *sql.Tx, d entity) (err error) {
	if d.since.IsZero() {
		_, err = tx.Exec("DELETE FROM offboardings WHERE collection = ? AND id = ?", string(d.in), d.row.ID)
		return err
	}
	_, err = tx.Exec("INSERT OR REPLACE INTO offboardings (collection, id, workspace, since) VALUES (?, ?, ?, ?)", string(d.in), d.row.ID, d.row.Workspace, millis(d.since))
	return err
}
