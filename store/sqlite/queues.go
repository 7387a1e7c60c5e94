package sqlite

import (
	"context"
	"database/sql"
	"math"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// unclosed are the statuses of conversations that can wait.
func unclosed() []inbox.Status { return []inbox.Status{inbox.Unset, inbox.Open} }

// Due lists the conversations in q that the rules may assign, the longest waiting
// first, behind after if that is set.
func (s *Store) Due(ctx context.Context, ws workspace.WorkspaceID, q inbox.Queue, after *inbox.PageCursor, limit int) ([]inbox.Conversation, error) {
	var found []row
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		due := s.walkable(tx, ws, access.Order{Field: access.ByWaiting}, []document.Facet{document.DueFacet(q)}, unclosed())
		due.holds = func(r row) bool {
			return r.c.Workspace == ws && r.c.Due() && r.c.Kind == q.Kind && r.c.Team == q.Team
		}
		if after != nil {
			due = due.after(placeOf(*after), false)
		}
		found, err = due.take(limit)
		return err
	})
	return conversationsOf(found), fault("read a queue", err)
}

func conversationsOf(rows []row) []inbox.Conversation {
	var out []inbox.Conversation
	for _, r := range rows {
		out = append(out, r.c)
	}
	return out
}

// Left lists conversations that nobody claimed in time, the oldest first.
func (s *Store) Left(ctx context.Context, until time.Time, limit int) ([]inbox.Conversation, error) {
	return s.listed(ctx, "list unclaimed conversations", "WHERE c.grabs_until <= ? ORDER BY c.grabs_until LIMIT ?", until.UnixMilli(), limit)
}

// Idle lists chats that are not closed and have had no activity after since, the
// longest idle first.
func (s *Store) Idle(ctx context.Context, ws workspace.WorkspaceID, since time.Time, limit int) ([]inbox.Conversation, error) {
	return s.listed(ctx, "list idle chats", "WHERE c.workspace = ? AND c.idle <= ? ORDER BY c.idle LIMIT ?", string(ws), since.UnixMilli(), limit)
}

func (s *Store) listed(ctx context.Context, doing, where string, args ...any) ([]inbox.Conversation, error) {
	var found []row
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		found, err = readRows(tx, where, args...)
		return err
	})
	return conversationsOf(found), fault(doing, err)
}

// Waits reports whether anything at all waits in the workspace.
func (s *Store) Waits(ctx context.Context, ws workspace.WorkspaceID) (bool, error) {
	waiting := 0
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		waiting, err = countBefore(tx, ws, access.QueuedFacet, place{at: math.MaxInt64}, 1)
		return err
	})
	return waiting > 0, fault("look for waiting conversations", err)
}

// QueuePosition is 1 for the conversation that waits longest in c's queue, and 0
// when c does not wait.
func (s *Store) QueuePosition(ctx context.Context, c inbox.Conversation) (int, error) {
	if !c.Waiting() {
		return 0, nil
	}
	ahead := 0
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		ahead, err = countBefore(tx, c.Workspace, access.QueueFacet(c.Team), place{at: c.WaitingSince.UnixMilli(), id: string(c.ID)}, math.MaxInt64)
		return err
	})
	if err != nil {
		return 0, fault("count the queue", err)
	}
	return ahead + 1, nil
}

// countBefore counts, up to limit, the waiting conversations of a facet before p in
// the order of waiting.
func countBefore(tx *sql.Tx, ws workspace.WorkspaceID, f document.Facet, p place, limit int) (int, error) {
	n := 0
	for _, status := range unclosed() {
		var more int
		err := tx.QueryRow("SELECT count(*) FROM (SELECT 1 FROM entries WHERE facet = ? AND ord = ? AND (at, id) < (?, ?) LIMIT ?)",
			facetKey(ws, f, status), orderOf(access.ByWaiting), p.at, p.id, limit).Scan(&more)
		if err != nil {
			return 0, err
		}
		n += more
	}
	return n, nil
}
