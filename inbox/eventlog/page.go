package eventlog

import (
	"context"
	"slices"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

const (
	// readBatch is how many records are read at once.
	readBatch = 100
	// MaxScanned is how many records are looked at for one page, whether they are shown or
	// not. The cost of a page counts all of them.
	MaxScanned = 500
)

// Page is a part of the log as a caller is shown it.
type Page struct {
	Items []Item
	// First and Last are the first and the last record that was looked at, shown or not:
	// the page before ends in front of First, and the next begins behind Last. Zero if none
	// was.
	First, Last Entry
	// HasNext and HasPrev say that there are records behind Last and before First, of which
	// the caller may be shown none.
	HasNext, HasPrev bool
	Bounds           Bounds
}

// Page returns up to limit records behind a sequence, or with backward those before it,
// that f selects and a may be shown. It may return fewer, even none, although there are
// more: it looks at MaxScanned records at most. Errors: those of MayRead, UNAVAILABLE.
func (s *Service) Page(
	ctx context.Context, a access.Access, f Filter, from Sequence, backward bool, limit int,
) (Page, error) {
	if err := MayRead(a); err != nil {
		return Page{}, err
	}
	ws := a.Principal.Workspace
	b, err := s.Bounds(ctx, ws)
	if err != nil {
		return Page{}, err
	}
	p := paging{Service: s, a: a, f: f, page: Page{Bounds: b}, backward: backward, limit: limit}
	if err := p.walk(ctx, ws, from); err != nil {
		return Page{}, err
	}
	p.finish(from)
	return p.page, nil
}

// paging is a page that is being made.
type paging struct {
	*Service
	a        access.Access
	f        Filter
	page     Page
	backward bool
	limit    int
	scanned  int
}

func (p *paging) walk(ctx context.Context, ws workspace.WorkspaceID, from Sequence) error {
	for p.scanned < MaxScanned && len(p.page.Items) < p.limit {
		found, err := p.read(ctx, ws, from)
		if err != nil || len(found) == 0 {
			return err
		}
		now, err := p.Present(ctx, ws, found)
		if err != nil {
			return err
		}
		for _, r := range found {
			if len(p.page.Items) == p.limit {
				return nil
			}
			if item, ok := show(p.a, p.f, r, now[r.Conversation]); ok {
				p.page.Items = append(p.page.Items, item)
			}
			p.looked(r.Entry)
			from = r.Sequence
		}
	}
	return nil
}

// read returns the next records in the order in which they are looked at.
func (p *paging) read(ctx context.Context, ws workspace.WorkspaceID, from Sequence) ([]Record, error) {
	if !p.backward {
		return p.next(ctx, ws, from, readBatch)
	}
	found, err := p.ReadBack(ctx, ws, from, readBatch)
	slices.Reverse(found)
	return found, err
}

func (p *paging) looked(n Entry) {
	if p.scanned == 0 {
		p.page.First = n
	}
	p.page.Last = n
	p.scanned++
}

// finish puts the page into the order of the log, and says what is around it. The log may have
// grown since its bounds were read.
func (p *paging) finish(from Sequence) {
	page := &p.page
	if p.backward {
		slices.Reverse(page.Items)
		page.First, page.Last = page.Last, page.First
	}
	first, last := page.First.Sequence, page.Last.Sequence
	if p.scanned == 0 && p.backward {
		first, last = from, from-1
	}
	if p.scanned == 0 && !p.backward {
		first, last = from+1, from
	}
	b := &page.Bounds
	b.Newest = max(b.Newest, page.First.Sequence, page.Last.Sequence)
	page.HasNext, page.HasPrev = last < b.Newest, first > b.Oldest && b.Newest > 0
}
