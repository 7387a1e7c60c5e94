package sqlite

import (
	"context"
	"database/sql"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/store"
)

// ListConversations answers a page of q's view within q's visibility.
func (s *Store) ListConversations(ctx context.Context, q access.ConversationQuery) (inbox.Page[inbox.Conversation], error) {
	var page inbox.Page[row]
	err := s.view(ctx, func(tx *sql.Tx) error {
		sel, err := s.selection(tx, q)
		if err != nil {
			return err
		}
		page, err = sel.page(q.Page)
		return err
	})
	return inbox.Page[inbox.Conversation]{Items: conversationsOf(page.Items), HasNext: page.HasNext, HasPrev: page.HasPrev}, fault("list conversations", err)
}

// page walks from where the page begins, and looks behind each end that it names.
func (w walk) page(p inbox.PageRequest) (page inbox.Page[row], err error) {
	part := w
	if p.After != nil {
		part = part.after(placeOf(*p.After), false)
	}
	if p.Before != nil {
		part = part.before(placeOf(*p.Before), false)
	}
	if p.Backward {
		part = part.back()
	}
	found, err := part.take(max(p.Limit, 0) + 1)
	if err != nil {
		return page, err
	}
	return store.Page(p, found, func(at inbox.PageCursor, earlier bool) (bool, error) {
		beyond := w.after(placeOf(at), true)
		if earlier {
			beyond = w.before(placeOf(at), true).back()
		}
		more, err := beyond.take(1)
		return len(more) > 0, err
	})
}

// CountConversations counts the conversations that the view holds within the
// visibility, up to limit.
func (s *Store) CountConversations(ctx context.Context, q access.ConversationQuery, limit int) (n int, err error) {
	if limit <= 0 {
		return 0, nil
	}
	q.Order = access.Order{}
	err = s.view(ctx, func(tx *sql.Tx) error {
		sel, err := s.selection(tx, q)
		switch {
		case err != nil:
			return err
		case sel.exact:
			n, err = sel.size(limit)
		default:
			var found []row
			found, err = sel.take(limit)
			n = len(found)
		}
		return err
	})
	return n, fault("count conversations", err)
}

// OwnershipSnapshots returns the versions of the conversations that the view holds
// within the visibility, up to limit.
func (s *Store) OwnershipSnapshots(ctx context.Context, q access.ConversationQuery, limit int) ([]desk.OwnershipSnapshot, error) {
	if limit <= 0 {
		return nil, nil
	}
	q.Order = access.Order{}
	var found []row
	err := s.view(ctx, func(tx *sql.Tx) error {
		sel, err := s.selection(tx, q)
		if err == nil {
			found, err = sel.take(limit)
		}
		return err
	})
	out := make([]desk.OwnershipSnapshot, 0, len(found))
	for _, r := range found {
		out = append(out, desk.OwnershipSnapshot{ID: r.c.ID, Version: r.c.Version})
	}
	return out, fault("read ownership snapshots", err)
}
