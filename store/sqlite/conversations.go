package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Conversation reads one conversation.
func (s *Store) Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error) {
	var found row
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		found, err = existing(tx, ws, id)
		return err
	})
	return found.c, fault("read a conversation", err)
}

// existing reads a conversation; NOT_FOUND when there is none in the workspace.
func existing(tx *sql.Tx, ws workspace.WorkspaceID, id inbox.ConversationID) (row, error) {
	found, ok, err := conversationOf(tx, ws, id)
	if err == nil && !ok {
		err = inbox.Missing("conversation")
	}
	if err != nil {
		return row{}, err
	}
	return found, nil
}

// ConversationByExternalID finds the conversation that was created with that
// external id.
func (s *Store) ConversationByExternalID(ctx context.Context, ws workspace.WorkspaceID, externalID string) (inbox.Conversation, error) {
	var found row
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		found, err = scanRow(tx.QueryRow(rowColumns+"WHERE c.workspace = ? AND c.external_id = ?", string(ws), orNull(externalID)))
		return err
	})
	return found.c, missing("conversation", "read a conversation", err)
}

// missing makes NOT_FOUND of a query without a row.
func missing(what, doing string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return inbox.Missing(what)
	}
	return fault(doing, err)
}

// Conversations finds several conversations at once. Ids that do not exist have no
// entry.
func (s *Store) Conversations(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error) {
	out := make(map[inbox.ConversationID]inbox.Conversation, len(ids))
	err := s.view(ctx, func(tx *sql.Tx) error {
		found, err := conversationsWith(tx, textsOf(ids))
		for _, r := range found {
			if r.c.Workspace == ws {
				out[r.c.ID] = r.c
			}
		}
		return err
	})
	return out, fault("read conversations", err)
}

func textsOf[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
