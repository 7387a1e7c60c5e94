package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

const eventColumns = "SELECT e.n, e.last, e.body FROM events e "

// storedEvent is an event as its row has it.
type storedEvent struct {
	n    int64
	last string
	doc  document.Event
	size int // of the row and its texts, in bytes
}

// eventsOf reads the events that a condition selects, complete with their texts.
func eventsOf(tx *sql.Tx, where string, args ...any) ([]storedEvent, error) {
	rows, err := tx.Query(eventColumns+where, args...)
	found, err := collect(rows, err, scanEvent)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found, fill(tx, found)
}

func scanEvent(rows *sql.Rows) (e storedEvent, err error) {
	var last sql.NullString
	var body sql.RawBytes
	if err := rows.Scan(&e.n, &last, &body); err != nil {
		return e, err
	}
	e.last, e.size = last.String, len(body)
	return e, bson.Unmarshal(body, &e.doc)
}

// fill reads the texts of messages that the bodies of events leave out.
func fill(tx *sql.Tx, all []storedEvent) error {
	var ids []string
	for _, e := range all {
		for _, m := range e.doc.Messages {
			ids = append(ids, string(m.ID))
		}
		if e.last != "" {
			ids = append(ids, e.last)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	texts, err := texts(tx, ids)
	if err != nil {
		return err
	}
	for n := range all {
		e := &all[n]
		for i := range e.doc.Messages {
			e.doc.Messages[i].Body = texts[string(e.doc.Messages[i].ID)]
			e.size += len(e.doc.Messages[i].Body)
		}
		if e.last == "" {
			continue
		}
		e.doc.After.LastMessage.Body = texts[e.last]
		if !e.doc.Has(inbox.MessageID(e.last)) {
			after := e.doc.After.Preview()
			e.doc.After.LastMessage = after.LastMessage
		}
	}
	return nil
}

func texts(tx *sql.Tx, ids []string) (map[string]string, error) {
	rows, err := tx.Query("SELECT id, text FROM messages WHERE id IN (SELECT value FROM json_each(?))", list(ids))
	type text struct{ id, text string }
	found, err := collect(rows, err, func(r *sql.Rows) (t text, err error) { return t, r.Scan(&t.id, &t.text) })
	out := make(map[string]string, len(found))
	for _, t := range found {
		out[t.id] = t.text
	}
	return out, err
}

// Event reads one event.
func (s *Store) Event(ctx context.Context, ws workspace.WorkspaceID, id inbox.EventID) (inbox.Event, error) {
	return s.event(ctx, ws, "WHERE e.id = ? AND e.feed", string(id))
}

// EventByKey finds the event that the actor's key made.
func (s *Store) EventByKey(ctx context.Context, ws workspace.WorkspaceID, actor workspace.Actor, key string) (inbox.Event, error) {
	return s.event(ctx, ws, "WHERE e.key = ?", keyOf(ws, actor, key))
}

// EventsByKeys finds the events that the actor's keys with this beginning made, up to
// limit of them, in no order.
func (s *Store) EventsByKeys(
	ctx context.Context, ws workspace.WorkspaceID, actor workspace.Actor, beginning string, limit int,
) ([]inbox.Event, error) {
	text, _ := keyOf(ws, actor, beginning).(string)
	from := strings.TrimSuffix(text, `"]`)
	var out []inbox.Event
	err := s.view(ctx, func(tx *sql.Tx) error {
		found, err := eventsOf(tx, "WHERE e.key >= ? AND e.key < ? LIMIT ?", from, document.EndOfPrefix(from), max(limit, 0))
		for _, e := range found {
			if e.doc.Workspace == ws {
				out = append(out, e.doc.Event())
			}
		}
		return err
	})
	return out, fault("read events by their keys", err)
}

func (s *Store) event(ctx context.Context, ws workspace.WorkspaceID, where string, arg any) (inbox.Event, error) {
	var found []storedEvent
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		found, err = eventsOf(tx, where, arg)
		return err
	})
	if err != nil {
		return inbox.Event{}, fault("read an event", err)
	}
	if len(found) == 0 || found[0].doc.Workspace != ws {
		return inbox.Event{}, inbox.Missing("event")
	}
	return found[0].doc.Event(), nil
}

// Events finds several events at once. Ids that do not exist have no entry.
func (s *Store) Events(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.EventID) (map[inbox.EventID]inbox.Event, error) {
	out := make(map[inbox.EventID]inbox.Event, len(ids))
	err := s.view(ctx, func(tx *sql.Tx) error {
		found, err := eventsOf(tx, "WHERE e.id IN (SELECT value FROM json_each(?)) AND e.feed", list(ids))
		for _, e := range found {
			if e.doc.Workspace == ws {
				out[e.doc.ID] = e.doc.Event()
			}
		}
		return err
	})
	return out, fault("read events", err)
}

// ListHistory answers the ownership events of a conversation, newest first.
// NOT_FOUND when the conversation does not exist in the workspace.
func (s *Store) ListHistory(ctx context.Context, q desk.HistoryQuery) (page inbox.Page[inbox.Event], err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		in, err := existing(tx, q.Workspace, q.Conversation)
		if err != nil {
			return err
		}
		limit := max(q.Limit, 0)
		found, err := eventsOf(tx, "WHERE e.conversation = ? AND e.version < ? ORDER BY e.version DESC LIMIT ?", in.n, cmp.Or(q.Before, math.MaxInt), limit+1)
		if err != nil {
			return err
		}
		for _, e := range found[:min(limit, len(found))] {
			page.Items = append(page.Items, e.doc.Event())
		}
		page.HasNext = len(found) > limit
		if q.Before != 0 {
			return tx.QueryRow("SELECT EXISTS (SELECT 1 FROM events WHERE conversation = ? AND version >= ?)", in.n, q.Before).Scan(&page.HasPrev)
		}
		return nil
	})
	return page, fault("list a history", err)
}

// NewestID is the greatest id among the events and messages of all workspaces; empty
// when there are none. Ids that the program makes sort by time.
func (s *Store) NewestID(ctx context.Context) (string, error) {
	var id string
	err := s.view(ctx, func(tx *sql.Tx) error {
		return tx.QueryRow("SELECT max(ifnull((SELECT max(id) FROM events), ''), ifnull((SELECT max(id) FROM messages), ''))").Scan(&id)
	})
	return id, fault("find the newest id", err)
}
