package sqlite

import (
	"context"
	"database/sql"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// SavePresence replaces the stored presence of the member on that server.
func (s *Store) SavePresence(ctx context.Context, p cluster.Presence) error {
	return fault("save a presence", s.update(ctx, func(tx *sql.Tx) error { return writePresence(tx, document.OfPresence(p)) }))
}

func writePresence(tx *sql.Tx, d document.Presence) error {
	body, err := bson.Marshal(d)
	if err == nil {
		_, err = tx.Exec("INSERT OR REPLACE INTO presences (id, workspace, member, server, lost_at, body) VALUES ("+marks(6)+")",
			d.ID, string(d.Workspace), string(d.Member), d.Server, d.LostAt.UnixMilli(), body)
	}
	return err
}

// PresencesOf lists the servers that the member is, or was, connected to.
func (s *Store) PresencesOf(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) (out []cluster.Presence, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		docs, err := decode[document.Presence](tx.Query("SELECT body FROM presences WHERE workspace = ? AND member = ? ORDER BY id", string(ws), string(m)))
		out = document.PresencesOf(docs)
		return err
	})
	return out, fault("read presences", err)
}

// LostPresences lists presences that were lost before a time, the oldest first, up to
// limit.
func (s *Store) LostPresences(ctx context.Context, before time.Time, limit int) (out []cluster.Presence, err error) {
	lost := listing[document.Presence]{
		from: "presences", where: []clause{{"lost_at > ? AND lost_at < ?", []any{time.Time{}.UnixMilli(), before.UnixMilli()}}},
		keys: byTime("lost_at"), cursor: atTime, page: inbox.PageRequest{Limit: limit},
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		page, err := readPage(tx, lost)
		out = document.PresencesOf(page.Items)
		return err
	})
	return out, fault("read lost presences", err)
}

// DeletePresence removes p, if it still is as it is there.
func (s *Store) DeletePresence(ctx context.Context, p cluster.Presence) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM presences WHERE id = ? AND lost_at = ?", document.PresenceID(p), p.LostAt.UnixMilli())
		return err
	})
	return fault("forget a presence", err)
}

// losePresences notes that all connections of a server are lost.
func losePresences(tx *sql.Tx, server string, at time.Time) error {
	docs, err := decode[document.Presence](tx.Query("SELECT body FROM presences WHERE server = ? AND lost_at = ?", server, time.Time{}.UnixMilli()))
	if err != nil {
		return err
	}
	for _, d := range docs {
		d.LostAt = at
		if err := writePresence(tx, d); err != nil {
			return err
		}
	}
	return nil
}
