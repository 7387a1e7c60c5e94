package sqlite

import (
	"context"
	"database/sql"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// BeginLinkSession is described at cluster.LinkSessions. The unique id decides between
// two that use one link.
func (s *Store) BeginLinkSession(ctx context.Context, l cluster.LinkSession) error {
	d := document.OfLinkSession(l)
	err := s.update(ctx, func(tx *sql.Tx) error {
		err := writeLinkSession(tx, d, insertLinkSession)
		if isDuplicate(err) {
			err = commit.ErrDuplicateKey
		}
		return err
	})
	return fault("begin the session of a login link", err)
}

const insertLinkSession = "INSERT INTO link_sessions (workspace, expires, ended, body, id) VALUES (?, ?, ?, ?, ?)"

func writeLinkSession(tx *sql.Tx, d document.LinkSession, statement string) error {
	body, err := bson.Marshal(d)
	if err == nil {
		_, err = tx.Exec(statement, string(d.Workspace), d.Expires.UnixMilli(), d.Ended, body, d.ID)
	}
	return err
}

// RenewLinkSession is described at cluster.LinkSessions.
func (s *Store) RenewLinkSession(ctx context.Context, id string, now, until time.Time) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		return changeLinkSession(tx, id, func(d *document.LinkSession) error {
			if d.ID == "" || d.Ended || !d.Expires.After(now) {
				return inbox.Missing("session")
			}
			d.Expires = until
			return nil
		})
	})
	return fault("renew the session of a login link", err)
}

// EndLinkSession is described at cluster.LinkSessions.
func (s *Store) EndLinkSession(ctx context.Context, id string) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		return changeLinkSession(tx, id, func(d *document.LinkSession) error {
			d.Ended = true
			return nil
		})
	})
	return fault("end the session of a login link", err)
}

// changeLinkSession writes what change makes of a session, which has no id when it is
// not there; it is not made then.
func changeLinkSession(tx *sql.Tx, id string, change func(*document.LinkSession) error) error {
	docs, err := decode[document.LinkSession](tx.Query("SELECT body FROM link_sessions WHERE id = ?", id))
	if err != nil {
		return err
	}
	d := append(docs, document.LinkSession{})[0]
	if err := change(&d); err != nil || len(docs) == 0 {
		return err
	}
	return writeLinkSession(tx, d, "UPDATE link_sessions SET workspace = ?, expires = ?, ended = ?, body = ? WHERE id = ?")
}
