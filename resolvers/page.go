package resolvers

import (
	"strings"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// Sizes of pages.
const (
	maxPage     = 100
	defaultPage = 20
)

// pageArgs are the arguments of a connection as a client gives them.
type pageArgs struct {
	first, last   *int
	after, before *string
}

// limit reads first and last: how many, and from which end.
func (p pageArgs) limit() (n int, backward bool, err error) {
	switch {
	case p.first != nil && p.last != nil:
		return 0, false, inbox.Invalid("first", "Give either first or last, not both.")
	case p.last != nil:
		return *p.last, true, sizeWithin("last", *p.last)
	case p.first != nil:
		return *p.first, false, sizeWithin("first", *p.first)
	}
	return defaultPage, false, nil
}

func sizeWithin(field string, n int) error {
	if n < 0 || n > maxPage {
		return inbox.Invalid(field, "%s is %d; it must be from 0 to %d.", field, n, maxPage)
	}
	return nil
}

// request makes the page request of a list that is sorted by time.
func (p pageArgs) request(l list) (inbox.PageRequest, error) {
	limit, backward, err := p.limit()
	if err != nil {
		return inbox.PageRequest{}, err
	}
	after, err := l.position("after", p.after)
	if err != nil {
		return inbox.PageRequest{}, err
	}
	before, err := l.position("before", p.before)
	return inbox.PageRequest{Limit: limit, Backward: backward, After: after, Before: before}, err
}

// named is something in a list that is sorted by name.
type named struct{ name, id string }

func (n named) compare(o named) int {
	if d := strings.Compare(n.name, o.name); d != 0 {
		return d
	}
	return strings.Compare(n.id, o.id)
}

// pageByName cuts a page from items, which are sorted by name and id.
func pageByName[T any](l list, items []T, key func(T) named, first *int, after *string) (inbox.Page[T], error) {
	limit, _, err := pageArgs{first: first}.limit()
	if err != nil {
		return inbox.Page[T]{}, err
	}
	start := 0
	if after != nil {
		c, err := l.parse("after", *after)
		if err != nil {
			return inbox.Page[T]{}, err
		}
		behind := named{c.Key, c.ID}
		for start < len(items) && key(items[start]).compare(behind) <= 0 {
			start++
		}
	}
	end := min(start+limit, len(items))
	return inbox.Page[T]{Items: items[start:end], HasPrev: start > 0, HasNext: end < len(items)}, nil
}

// connect makes the parts of every connection: the edges, the nodes and the page
// info. at returns an item's cursor.
func connect[T, N, E any](page inbox.Page[T], at func(T) string, node func(T) *N, edge func(cursor string, n *N) *E) ([]*E, []*N, *model.PageInfo) {
	edges, nodes := make([]*E, 0, len(page.Items)), make([]*N, 0, len(page.Items))
	info := &model.PageInfo{HasNextPage: page.HasNext, HasPreviousPage: page.HasPrev}
	for i, item := range page.Items {
		cursor, n := at(item), node(item)
		edges, nodes = append(edges, edge(cursor, n)), append(nodes, n)
		if i == 0 {
			info.StartCursor = &cursor
		}
		info.EndCursor = &cursor
	}
	return edges, nodes, info
}
