package sqlite

import (
	"context"
	"database/sql"
	"math"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/store"
)

const messageColumns = "SELECT m.id, m.sequence, m.public, m.author_kind, m.author, m.internal, m.external_id, m.at, m.text, m.delivered_at, m.read_at, c.id, c.workspace FROM messages m JOIN conversations c ON c.n = m.conversation "

func scanMessage(rows interface{ Scan(...any) error }) (inbox.Message, error) {
	var m inbox.Message
	var external sql.NullString
	var at int64
	var delivered, read sql.NullInt64
	err := rows.Scan(&m.ID, &m.Sequence, &m.PublicSequence, &m.Author.Kind, &m.Author.ID, &m.Internal, &external, &at, &m.Body, &delivered, &read, &m.Conversation, &m.Workspace)
	m.ExternalID, m.At = external.String, time.UnixMilli(at).UTC()
	m.DeliveredAt, m.ReadAt = timeOf(delivered), timeOf(read)
	return m, err
}

// Message reads one message.
func (s *Store) Message(ctx context.Context, ws workspace.WorkspaceID, id inbox.MessageID) (inbox.Message, error) {
	return s.message(ctx, ws, "WHERE m.id = ?", string(id))
}

// Messages finds several messages at once. Ids that do not exist have no entry.
func (s *Store) Messages(
	ctx context.Context, ws workspace.WorkspaceID, ids []inbox.MessageID,
) (map[inbox.MessageID]inbox.Message, error) {
	out := make(map[inbox.MessageID]inbox.Message, len(ids))
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.Query(messageColumns+"WHERE m.id IN (SELECT value FROM json_each(?))", list(textsOf(ids)))
		found, err := collect(rows, err, func(r *sql.Rows) (inbox.Message, error) { return scanMessage(r) })
		for _, m := range found {
			if m.Workspace == ws {
				out[m.ID] = m
			}
		}
		return err
	})
	return out, fault("read messages", err)
}

// MessageByExternalID finds the message with that external id in the conversation.
func (s *Store) MessageByExternalID(ctx context.Context, ws workspace.WorkspaceID, c inbox.ConversationID, externalID string) (inbox.Message, error) {
	return s.message(ctx, ws, "WHERE c.id = ? AND m.external_id = ?", string(c), orNull(externalID))
}

func (s *Store) message(ctx context.Context, ws workspace.WorkspaceID, where string, args ...any) (inbox.Message, error) {
	var found inbox.Message
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		found, err = scanMessage(tx.QueryRow(messageColumns+where, args...))
		return err
	})
	if err == nil && found.Workspace != ws {
		err = sql.ErrNoRows
	}
	if err != nil {
		return inbox.Message{}, missing("message", "read a message", err)
	}
	return found, nil
}

// ListMessages returns a page of a conversation's messages: see desk.MessageQuery.
// NOT_FOUND when the conversation does not exist in the workspace.
func (s *Store) ListMessages(ctx context.Context, q desk.MessageQuery) (inbox.Page[inbox.Message], error) {
	var page inbox.Page[inbox.Message]
	err := s.view(ctx, func(tx *sql.Tx) error {
		in, err := existing(tx, q.Workspace, q.Conversation)
		if err != nil {
			return err
		}
		page, err = timeline{tx: tx, conversation: in.n, public: q.PublicOnly}.page(q.Page)
		return err
	})
	return page, fault("list messages", err)
}

// timeline is the messages of a conversation.
type timeline struct {
	tx           *sql.Tx
	conversation int64
	public       bool // without internal ones
}

func (t timeline) page(p inbox.PageRequest) (page inbox.Page[inbox.Message], err error) {
	found, err := t.between(p.After, p.Before, p.Backward, false, max(p.Limit, 0)+1)
	if err != nil {
		return page, err
	}
	return store.Page(p, found, func(at inbox.PageCursor, earlier bool) (bool, error) {
		after, before := &at, (*inbox.PageCursor)(nil)
		if earlier {
			after, before = nil, &at
		}
		more, err := t.between(after, before, earlier, true, 1)
		return len(more) > 0, err
	})
}

// between reads messages between two cursors, from the first on or, backward, from the
// last on. It includes messages at the cursors if asked to.
func (t timeline) between(after, before *inbox.PageCursor, backward, including bool, limit int) ([]inbox.Message, error) {
	low, high := inbox.PageCursor{Sequence: math.MinInt}, inbox.PageCursor{Sequence: math.MaxInt}
	if after != nil {
		low = *after
	}
	if before != nil {
		high = *before
	}
	direction, equal := "", ""
	if backward {
		direction = " DESC"
	}
	if including {
		equal = "="
	}
	rows, err := t.tx.Query(messageColumns+"WHERE m.conversation = ? AND m.sequence BETWEEN ? AND ? AND (m.sequence, m.at, m.id) >"+equal+" (?, ?, ?) AND (m.sequence, m.at, m.id) <"+equal+" (?, ?, ?)"+
		" AND m.internal <= ? ORDER BY m.sequence"+direction+", m.at"+direction+", m.id"+direction+" LIMIT ?",
		t.conversation, low.Sequence, high.Sequence, low.Sequence, low.At.UnixMilli(), low.ID, high.Sequence, high.At.UnixMilli(), high.ID, !t.public, limit)
	return collect(rows, err, func(r *sql.Rows) (inbox.Message, error) { return scanMessage(r) })
}
