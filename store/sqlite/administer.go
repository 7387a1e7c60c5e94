package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// SaveDirectory writes one changed entity together with its event. ErrStale when its
// revision is not one more than the stored one, NOT_FOUND when it does not exist,
// ErrDuplicateKey when it is new and another workspace has its id.
func (s *Store) SaveDirectory(ctx context.Context, e inbox.Event) error {
	changed, err := document.EntityOf(e)
	if err != nil {
		return err
	}
	err = s.update(ctx, func(tx *sql.Tx) error {
		err := writeEntity(tx, changed)
		if errors.Is(err, commit.ErrStale) {
			return whyStale(tx, changed)
		}
		if err != nil {
			return err
		}
		return record(tx, e)
	})
	return fault("save the directory", err)
}

// Administer writes all that one act changes, its events and its entry of the audit
// log in one transaction. ErrStale when another act was faster.
func (s *Store) Administer(ctx context.Context, save commit.DirectorySave) error {
	changed, err := document.EntitiesOf(save)
	if err != nil {
		return err
	}
	return fault("administer", s.update(ctx, func(tx *sql.Tx) error { return writeAct(tx, save, changed) }))
}

func writeAct(tx *sql.Tx, save commit.DirectorySave, changed []document.Entity) error {
	if !slices.ContainsFunc(changed, func(d document.Entity) bool { return d.Collection == string(workspaceDocs) }) {
		if err := passRevision(tx, save); err != nil {
			return err
		}
	}
	for _, d := range changed {
		if err := writeEntity(tx, d); err != nil {
			return err
		}
	}
	for _, e := range save.Events {
		if err := record(tx, e); err != nil {
			return err
		}
	}
	return writeAudit(tx, save.Audit)
}

// passRevision gives ErrStale when another act was faster.
func passRevision(tx *sql.Tx, save commit.DirectorySave) error {
	doc, ok, err := get[document.Workspace](tx, workspaceDocs, string(save.Workspace))
	if err != nil {
		return err
	}
	if !ok || doc.Rev != save.Rev {
		return commit.ErrStale
	}
	doc.Rev++
	return put(tx, workspaceDocs, stored{string(doc.ID), string(doc.ID), doc.Rev, doc})
}

// Workspaces lists every workspace by id.
func (s *Store) Workspaces(ctx context.Context) (out []workspace.Workspace, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		docs, err := decode[document.Workspace](tx.Query("SELECT body FROM documents WHERE collection = ? ORDER BY id", string(workspaceDocs)))
		out = make([]workspace.Workspace, 0, len(docs))
		for _, d := range docs {
			out = append(out, d.Workspace())
		}
		return err
	})
	return out, fault("list the workspaces", err)
}
