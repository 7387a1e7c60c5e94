package sqlite

import (
	"database/sql"
	"encoding/json"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// notify writes the notifications of e. Before that it removes those that e withdraws or
// takes back from its actor, and marks those that e settles.
func notify(tx *sql.Tx, e inbox.Event) error {
	if gone, ok := inbox.Withdrawn(e); ok {
		if err := takeFromDigest(tx, gone); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM notifications WHERE conversation = ? AND claimable AND workspace = ?", string(e.Conversation), string(e.Workspace)); err != nil {
			return err
		}
	}
	if one, ok := inbox.TakenBack(e); ok {
		if err := takeBack(tx, one); err != nil {
			return err
		}
	}
	if to, kinds, ok := inbox.Settled(e); ok {
		if err := settle(tx, e, to, kinds); err != nil {
			return err
		}
	}
	for _, n := range inbox.NotificationsOf(e) {
		if err := addNotification(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// takeBack leaves the actor of gone out of the notification; nothing if it expired.
func takeBack(tx *sql.Tx, gone inbox.Notification) error {
	n, there, err := storedNotification(tx, gone)
	if err != nil || !there {
		return err
	}
	d := document.OfNotification(n)
	d.Place, d.Except = n.Sequence, append(d.Except, gone.Actor.Member())
	return rewriteNotification(tx, d)
}

func settle(tx *sql.Tx, e inbox.Event, to inbox.Audience, kinds []inbox.NotificationKind) error {
	text, args := conjunction([]clause{
		{"conversation = ? AND NOT claimable AND workspace = ? AND audience = ?", []any{string(e.Conversation), string(e.Workspace), string(to)}},
		among("kind", kinds),
	})
	_, err := tx.Exec("UPDATE notifications SET over = 1"+text, args...)
	return err
}

func insertNotification(tx *sql.Tx, d document.Notification) error {
	body, err := bson.Marshal(d)
	if err != nil {
		return err
	}
	excepted, err := exceptedOf(d.Except)
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO notifications (id, workspace, audience, place, at, conversation, kind, claimable, over, excepted, expires, body) VALUES ("+marks(12)+")",
		string(d.ID), string(d.Workspace), string(d.Audience), d.Place, d.At.UnixMilli(), string(d.Conversation), string(d.Kind), d.Record == document.ClaimableRecord, d.Over, excepted, d.Expires.UnixMilli(), body)
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	return err
}

// exceptedOf are the members whom a notification is not for, as its column holds them.
func exceptedOf(members []workspace.MemberID) (any, error) {
	if len(members) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(members)
	return string(text), err
}

// notificationColumns are those that scanNotification reads.
const notificationColumns = "body, place, over"

func scanNotification(rows *sql.Rows) (d document.Notification, err error) {
	var body sql.RawBytes
	var place int
	var over bool
	if err = rows.Scan(&body, &place, &over); err != nil {
		return d, err
	}
	err = bson.Unmarshal(body, &d)
	d.Place, d.Over = place, over
	return d, err
}
