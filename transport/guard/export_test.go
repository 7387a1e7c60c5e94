package guard

import (
	"context"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Measured reports whether a document passes the limits, and how many fields it
// has with fragments expanded, counted by brute force up to most.
func Measured(query string, most int) (passes bool, fields int) {
	limits := Limits{}.withDefaults()
	source := &ast.Source{Input: query}
	if len(query) > limits.Bytes || countTokens(source, limits.Tokens) > limits.Tokens {
		return false, 0
	}
	doc, err := parser.ParseQuery(source)
	if err != nil || measure(doc, limits) != nil {
		return false, 0
	}
	for _, operation := range doc.Operations {
		fields += expanded(doc, operation.SelectionSet, most)
	}
	return true, fields
}

func expanded(doc *ast.QueryDocument, selections ast.SelectionSet, most int) (n int) {
	for _, selection := range selections {
		if n > most {
			return n
		}
		switch s := selection.(type) {
		case *ast.Field:
			n += 1 + expanded(doc, s.SelectionSet, most)
		case *ast.InlineFragment:
			n += expanded(doc, s.SelectionSet, most)
		case *ast.FragmentSpread:
			if d := doc.Fragments.ForName(s.Name); d != nil {
				n += expanded(doc, d.SelectionSet, most)
			}
		}
	}
	return n
}

// Cached fills a cache of documents with n of size bytes each of a caller's class, and
// returns how many are kept of it and of those of no class, in bytes.
func Cached(class string, n, size int) (own, others int) {
	c := newQueryCache(0, map[string]Class{"visitor": {}})
	c.Add(context.Background(), "kept", nil)
	ctx := withCaller(context.Background(), caller{class: class})
	for i := range n {
		c.Add(ctx, fmt.Sprintf("%0*d", size, i), nil)
	}
	return c.of(ctx).bytes, c.all.bytes
}

// Enter waits for the turn of a caller, see lanes.enter.
type Enter func(ctx context.Context, key string, share float64) (leave func(), ok bool)

// NewLanes gives the way into new lanes, and how many callers they know.
func NewLanes() (enter Enter, known func() int) {
	l := newFairQueues()
	return l.enter, func() int { l.mu.Lock(); defer l.mu.Unlock(); return len(l.by) }
}
