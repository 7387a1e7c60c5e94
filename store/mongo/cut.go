package mongo

import (
	"slices"

	"switchboard/inbox"
)

// cut sorts docs, which are all that the filter of l finds, and takes the page out of
// them.
func cut[D listed](docs []D, l listing) inbox.Page[D] {
	order := func(a, b inbox.PageCursor) int {
		c := a.Compare(b)
		if l.desc {
			return -c
		}
		return c
	}
	slices.SortFunc(docs, func(a, b D) int { return order(a.Position(l.field), b.Position(l.field)) })
	low, high := 0, len(docs)
	if l.page.After != nil {
		low = countWhile(docs, func(d D) bool { return order(d.Position(l.field), *l.page.After) <= 0 })
	}
	if l.page.Before != nil {
		high = countWhile(docs, func(d D) bool { return order(d.Position(l.field), *l.page.Before) < 0 })
	}
	page := inbox.Page[D]{HasPrev: low > 0, HasNext: high < len(docs)}
	low = min(low, high)
	switch limit := max(l.page.Limit, 0); {
	case high-low <= limit:
	case l.page.Backward:
		low, page.HasPrev = high-limit, true
	default:
		high, page.HasNext = low+limit, true
	}
	page.Items = docs[low:high]
	return page
}

// countWhile counts the documents at the front of a sorted list that hold.
func countWhile[D any](docs []D, holds func(D) bool) int {
	i := slices.IndexFunc(docs, func(d D) bool { return !holds(d) })
	if i < 0 {
		return len(docs)
	}
	return i
}
