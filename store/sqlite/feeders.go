package sqlite

import (
	"database/sql"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/store/document"
)

// feedersBatch is how many conversations get their feeder at once.
const feedersBatch = 500

// beforeFeeders is a conversation as a version before 4 stored it.
type beforeFeeders struct {
	n     int64
	state document.ConversationState
}

// keepFeeders writes into each conversation of a file of before version 4 which API key
// began it.
func keepFeeders(tx *sql.Tx) error {
	for behind := int64(0); ; {
		rows, err := tx.Query("SELECT n, body FROM conversations WHERE n > ? ORDER BY n LIMIT ?", behind, feedersBatch)
		batch, err := collect(rows, err, func(r *sql.Rows) (b beforeFeeders, err error) {
			var body []byte
			if err := r.Scan(&b.n, &body); err != nil {
				return b, err
			}
			return b, bson.Unmarshal(body, &b.state)
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := keepFeedersOf(tx, batch); err != nil {
			return err
		}
		behind = batch[len(batch)-1].n
	}
}

func keepFeedersOf(tx *sql.Tx, batch []beforeFeeders) error {
	states := make([]document.ConversationState, 0, len(batch))
	for _, b := range batch {
		states = append(states, b.state)
	}
	first := func(ids []inbox.ConversationID) (map[inbox.ConversationID]document.Event, error) {
		return firstEvents(tx, ids)
	}
	feeders, err := document.FeedersOf(states, first)
	if err != nil {
		return err
	}
	for _, b := range batch {
		key, missing := feeders[b.state.ID]
		if !missing {
			continue
		}
		b.state.Feeder = &key
		body, err := bson.Marshal(b.state)
		if err == nil {
			_, err = tx.Exec("UPDATE conversations SET body = ? WHERE n = ?", body, b.n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func firstEvents(tx *sql.Tx, of []inbox.ConversationID) (map[inbox.ConversationID]document.Event, error) {
	const begun = "WHERE e.version = 1 AND e.conversation IN " +
		"(SELECT n FROM conversations WHERE id IN (SELECT value FROM json_each(?)))"
	rows, err := tx.Query(eventColumns+begun, list(of))
	found, err := collect(rows, err, scanEvent)
	out := make(map[inbox.ConversationID]document.Event, len(found))
	for _, e := range found {
		out[e.doc.Conversation] = e.doc
	}
	return out, err
}
