package storetest

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/store/document"
)

// matching is what a list holds, said with the domain's own functions.
func matching(all []inbox.Conversation, q access.ConversationQuery) []inbox.Conversation {
	var out []inbox.Conversation
	for _, c := range all {
		if q.View.Holds(q.Visibility, c, document.Words) {
			out = append(out, c)
		}
	}
	return out
}

func positionIn(o access.Order) func(inbox.Conversation) inbox.PageCursor {
	return func(c inbox.Conversation) inbox.PageCursor {
		return inbox.PageCursor{At: access.SortKey(c, o.Field), ID: string(c.ID)}
	}
}

// pageOf is the page that a list of these items has to answer.
func pageOf[T any](items []T, position func(T) inbox.PageCursor, desc bool, p inbox.PageRequest) inbox.Page[T] {
	order := func(a, b inbox.PageCursor) int {
		if desc {
			a, b = b, a
		}
		return a.Compare(b)
	}
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b T) int { return order(position(a), position(b)) })
	var page inbox.Page[T]
	for _, item := range items {
		switch {
		case p.After != nil && order(position(item), *p.After) <= 0:
			page.HasPrev = true
		case p.Before != nil && order(position(item), *p.Before) >= 0:
			page.HasNext = true
		default:
			page.Items = append(page.Items, item)
		}
		if p.After != nil && p.Before != nil && order(position(item), *p.Before) >= 0 {
			page.HasNext = true // even when the ends are the wrong way round
		}
	}
	if over := len(page.Items) - p.Limit; over > 0 && p.Backward {
		page.Items, page.HasPrev = page.Items[over:], true
	} else if over > 0 {
		page.Items, page.HasNext = page.Items[:p.Limit], true
	}
	if len(page.Items) == 0 {
		page.Items = nil
	}
	return page
}
