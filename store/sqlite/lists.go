package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
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
	limit, part := max(p.Limit, 0), w
	if p.After != nil {
		part = part.after(placeOf(*p.After), false)
	}
	if p.Before != nil {
		part = part.before(placeOf(*p.Before), false)
	}
	if p.Backward {
		part = part.back()
	}
	found, err := part.take(limit + 1)
	if err != nil {
		return page, err
	}
	more := len(found) > limit
	page.Items = found[:min(limit, len(found))]
	if p.Backward {
		slices.Reverse(page.Items)
		page.HasPrev = more
	} else {
		page.HasNext = more
	}
	if p.After != nil && !page.HasPrev {
		found, err = w.before(placeOf(*p.After), true).back().take(1)
		page.HasPrev = len(found) > 0
	}
	if p.Before != nil && !page.HasNext && err == nil {
		found, err = w.after(placeOf(*p.Before), true).take(1)
		page.HasNext = len(found) > 0
	}
	return page, err
}

// first reads conversations of q in no order, at most limit.
func (s *Store) first(tx *sql.Tx, q access.ConversationQuery, limit int) ([]row, error) {
	sel, err := s.selection(tx, q)
	if err != nil {
		return nil, err
	}
	return sel.take(limit)
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

// OwnershipSnapshots returns the ownership of the conversations that the view holds
// within the visibility, up to limit.
func (s *Store) OwnershipSnapshots(ctx context.Context, q access.ConversationQuery, limit int) ([]desk.OwnershipSnapshot, error) {
	if limit <= 0 {
		return nil, nil
	}
	q.Order = access.Order{}
	var found []row
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		found, err = s.first(tx, q, limit)
		return err
	})
	out := make([]desk.OwnershipSnapshot, 0, len(found))
	for _, r := range found {
		out = append(out, desk.OwnershipSnapshot{ID: r.c.ID, Kind: r.c.Kind, Ownership: r.c.Ownership, Version: r.c.Version})
	}
	return out, fault("read ownership snapshots", err)
}
