package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// Commit writes c in one transaction. Besides the errors of desk.Store it gives an
// untyped error when a load would fall below zero, which is a fault in the program.
// Commits run one after another, so that none meets another: Yields changes nothing.
func (s *Store) Commit(ctx context.Context, c commit.Change) error {
	if c.Conversation.Workspace != c.Event.Workspace {
		return fmt.Errorf("sqlite: commit: the event is of workspace %q, its conversation of %q", c.Event.Workspace, c.Conversation.Workspace)
	}
	var written inbox.Event
	err := s.update(ctx, func(tx *sql.Tx) (err error) {
		written, err = s.writeChange(tx, c)
		return err
	})
	if isDuplicate(err) {
		err = commit.ErrDuplicateKey
	}
	if err == nil {
		document.Complete(c.Event, written)
	}
	return fault("commit", err)
}

// writeChange returns the event as it is stored.
func (s *Store) writeChange(tx *sql.Tx, c commit.Change) (inbox.Event, error) {
	after, err := s.writeConversation(tx, c)
	if err != nil {
		return inbox.Event{}, err
	}
	if err := moveLoads(tx, c); err != nil {
		return inbox.Event{}, err
	}
	if err := s.writeBeside(tx, c); err != nil {
		return inbox.Event{}, err
	}
	if err := writeReceipt(tx, after, c.Event); err != nil {
		return inbox.Event{}, err
	}
	e := document.Left(c.Event, after.c)
	return e, recordIn(tx, after, e)
}

// writeBeside writes what a change holds beside conversation, loads and event.
func (s *Store) writeBeside(tx *sql.Tx, c commit.Change) error {
	if c.Contact != nil {
		if err := keepContact(tx, *c.Contact); err != nil {
			return err
		}
	}
	if c.Known != nil {
		if err := holdContact(tx, c.Conversation.Workspace, *c.Known); err != nil {
			return err
		}
	}
	if c.Contacts != nil {
		if _, err := s.writeContacts(tx, *c.Contacts); err != nil {
			return err
		}
	}
	if c.Audit != nil {
		return writeAudit(tx, *c.Audit)
	}
	return nil
}

// writeConversation returns the conversation as it leaves it. ErrStale when the guard
// does not hold, NOT_FOUND when there is no such conversation.
func (s *Store) writeConversation(tx *sql.Tx, c commit.Change) (row, error) {
	if c.Create {
		return s.insertConversation(tx, c)
	}
	stored, err := guarded(tx, c, c.Conversation.ID)
	if err != nil {
		return row{}, err
	}
	if !holds(c, stored.c) {
		return row{}, commit.ErrStale
	}
	return s.change(tx, stored, touched(c, stored.c), c.Event.Messages)
}

// guarded reads the conversation that the guard of c is about.
func guarded(tx *sql.Tx, c commit.Change, id inbox.ConversationID) (row, error) {
	stored, ok, err := conversationOf(tx, c.Conversation.Workspace, id)
	switch {
	case err != nil:
		return row{}, err
	case !ok && c.Yields:
		return row{}, commit.ErrStale
	case !ok:
		return row{}, inbox.Missing("conversation")
	}
	return stored, nil
}

func (s *Store) insertConversation(tx *sql.Tx, c commit.Change) (row, error) {
	if err := s.linkSuccessor(tx, c); err != nil {
		return row{}, err
	}
	after, messages := c.Conversation, slices.Clone(c.Event.Messages)
	after.Revision, after.MessageCount, after.PublicMessageCount = 1, 0, 0
	after = after.Number(messages)
	if m := document.LastPublic(messages); m != nil {
		after.LastMessage = m
	}
	return s.insert(tx, after, messages)
}

// linkSuccessor makes a conversation that is created the one successor of the closed
// one that it continues. B:C4.
func (s *Store) linkSuccessor(tx *sql.Tx, c commit.Change) error {
	if c.Continues == "" {
		return nil
	}
	stored, err := guarded(tx, c, c.Continues)
	if err != nil {
		return err
	}
	if !continues(c, stored.c) {
		return commit.ErrStale
	}
	after := stored.c
	after.Next, after.Revision = c.Conversation.ID, after.Revision+1
	_, err = s.change(tx, stored, after, nil)
	return err
}
