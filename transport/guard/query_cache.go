package guard

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// largestCached keeps one client from filling memory with documents of which
	// each is within the limits, in bytes.
	largestCached = 16 << 10
	// mostCached bounds the text of all that are kept, in bytes. Parsed and
	// validated, a document takes up to documentCost times its text.
	mostCached = 1 << 20
)

// queryCache keeps documents of a usual size. Each class of callers has its own,
// so that what one class sends pushes out nothing of the others'.
type queryCache struct {
	all     *documents
	byClass map[string]*documents
}

var _ graphql.Cache[*ast.QueryDocument] = queryCache{}

func newQueryCache(size int, classes map[string]Class) queryCache {
	if size <= 0 {
		size = 1000
	}
	out := queryCache{newDocuments(size), map[string]*documents{}}
	for name := range classes {
		out.byClass[name] = newDocuments(size)
	}
	return out
}

func (c queryCache) of(ctx context.Context) *documents {
	if own, ok := c.byClass[callerOf(ctx).class]; ok {
		return own
	}
	return c.all
}

// Get finds a document that was kept.
func (c queryCache) Get(ctx context.Context, query string) (*ast.QueryDocument, bool) {
	return c.of(ctx).get(query)
}

// Add keeps doc unless its text is unusually long.
func (c queryCache) Add(ctx context.Context, query string, doc *ast.QueryDocument) {
	if len(query) <= largestCached {
		c.of(ctx).add(query, doc)
	}
}

// documents are those used last, as many as fit.
type documents struct {
	mu    sync.Mutex
	kept  *simplelru.LRU[string, *ast.QueryDocument]
	bytes int
}

func newDocuments(size int) *documents {
	d := &documents{}
	// The only error is of a size that is not positive.
	d.kept, _ = simplelru.NewLRU(size, func(query string, _ *ast.QueryDocument) { d.bytes -= len(query) })
	return d
}

func (d *documents) get(query string) (*ast.QueryDocument, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept.Get(query)
}

func (d *documents) add(query string, doc *ast.QueryDocument) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.kept.Contains(query) {
		d.bytes += len(query)
	}
	d.kept.Add(query, doc)
	for d.bytes > mostCached {
		d.kept.RemoveOldest()
	}
}
