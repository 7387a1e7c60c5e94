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
		switch {
		case err != nil:
			return err
		case sel.isFew:
			page = sel.cut(q.Page)
			return nil
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

// cut sorts the few rows and takes the page out of them.
func (sel selection) cut(p inbox.PageRequest) inbox.Page[row] {
	order := func(a, b place) int {
		if sel.desc {
			a, b = b, a
		}
		return a.compare(b)
	}
	at := func(r row) place {
		return place{at: access.SortKey(r.c, orders()[sel.ord]).UnixMilli(), id: string(r.c.ID)}
	}
	rows := sel.rows
	slices.SortFunc(rows, func(a, b row) int { return order(at(a), at(b)) })
	low, high := 0, len(rows)
	if p.After != nil {
		low = until(rows, func(r row) bool { return order(at(r), placeOf(*p.After)) > 0 })
	}
	if p.Before != nil {
		high = until(rows, func(r row) bool { return order(at(r), placeOf(*p.Before)) >= 0 })
	}
	page := inbox.Page[row]{HasPrev: low > 0, HasNext: high < len(rows)}
	low = min(low, high)
	switch limit := max(p.Limit, 0); {
	case high-low <= limit:
	case p.Backward:
		low, page.HasPrev = high-limit, true
	default:
		high, page.HasNext = low+limit, true
	}
	page.Items = rows[low:high]
	return page
}

// until counts the rows in front of the first one that is.
func until(rows []row, is func(row) bool) int {
	if i := slices.IndexFunc(rows, is); i >= 0 {
		return i
	}
	return len(rows)
}

// first reads conversations of q in no order, at most limit.
func (s *Store) first(tx *sql.Tx, q access.ConversationQuery, limit int) ([]row, error) {
	sel, err := s.selection(tx, q)
	if err != nil {
		return nil, err
	}
	if sel.isFew {
		return sel.rows[:min(limit, len(sel.rows))], nil
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
		case sel.isFew:
			n = min(limit, len(sel.rows))
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
