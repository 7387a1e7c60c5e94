package store

import (
	"slices"

	"switchboard/inbox"
)

// Page makes the page that r asks for. Found is what there is from where the page begins,
// in the direction in which it was read: at most one item more than the page holds. Beyond
// reports whether the list has anything at a cursor or, earlier, before it, and otherwise
// behind it; it is asked of the ends that r names.
func Page[T any](r inbox.PageRequest, found []T, beyond func(at inbox.PageCursor, earlier bool) (bool, error)) (page inbox.Page[T], err error) {
	limit := max(r.Limit, 0)
	more := len(found) > limit
	if found = found[:min(limit, len(found))]; len(found) > 0 {
		page.Items = found
	}
	if r.Backward {
		slices.Reverse(page.Items)
		page.HasPrev = more
	} else {
		page.HasNext = more
	}
	if !page.HasPrev && r.After != nil {
		page.HasPrev, err = beyond(*r.After, true)
	}
	if !page.HasNext && r.Before != nil && err == nil {
		page.HasNext, err = beyond(*r.Before, false)
	}
	return page, err
}

// Convert makes a page of stored documents one of the domain's values.
func Convert[D, T any](p inbox.Page[D], each func(D) T) inbox.Page[T] {
	out := inbox.Page[T]{HasNext: p.HasNext, HasPrev: p.HasPrev}
	for _, d := range p.Items {
		out.Items = append(out.Items, each(d))
	}
	return out
}
