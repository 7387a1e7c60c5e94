package inbox

import (
	"cmp"
	"time"
)

// PageCursor is a cursor in a sorted list: the sort key and the id of an item.
// ByWaiting sorts conversations that do not wait (zero) first if ascending.
type PageCursor struct {
	// Sequence is the first sort key of lists in the order of commits: of messages and
	// of notifications. It is 0 in lists that are sorted by a time, and for items
	// that were stored before places were assigned, which come first.
	Sequence int
	At       time.Time
	ID       string
}

// Compare orders by place, then by time, then by id.
func (p PageCursor) Compare(o PageCursor) int {
	return cmp.Or(cmp.Compare(p.Sequence, o.Sequence), p.At.Compare(o.At), cmp.Compare(p.ID, o.ID))
}

// PageRequest asks for a slice of a list. With Backward the slice is the last
// Limit items before Before; items are always answered in list order.
type PageRequest struct {
	Limit    int
	Backward bool
	After    *PageCursor
	Before   *PageCursor
}

// Page is a slice of a list.
type Page[T any] struct {
	Items   []T
	HasNext bool
	HasPrev bool
	// Looked, if set, is where the next page begins: behind the last item that was looked
	// at, which may not be in Items. Otherwise it begins behind the last of Items.
	Looked *PageCursor
}
