package feed

import (
	"slices"

	"switchboard/inbox/workspace"
)

// ring keeps the newest items of all workspaces, so that who was away for a
// moment is told what came meanwhile. It is not safe for concurrent use: the
// hub's lock guards it.
type ring struct {
	items []*kept
	// next is the number of the next item; the items kept are the ones before it.
	next   uint64
	count  int               // of the items kept
	places map[string]uint64 // the number of the first item behind a position
	// before are the positions that the next item follows, where nothing came
	// between, but for the last one.
	before []string
}

// maxBefore bounds before. A position that is left out is asked the database for.
const maxBefore = 64

// kept is an item with the workspace that it belongs to.
type kept struct {
	workspace workspace.WorkspaceID
	item      *Item
	// from are the positions that the item follows.
	from []string
}

func newRing(size int) *ring {
	return &ring{items: make([]*kept, max(1, size)), places: map[string]uint64{}}
}

// add puts an item behind the position from, which the ring reaches back to
// until the item is overwritten. Gone is what it overwrites; nil for nothing.
func (r *ring) add(ws workspace.WorkspaceID, item *Item, from string) (gone *kept) {
	slot := &r.items[r.next%uint64(len(r.items))]
	gone = *slot
	if gone != nil {
		for _, position := range gone.from {
			if r.places[position] == r.next-uint64(len(r.items)) {
				delete(r.places, position)
			}
		}
	}
	*slot = &kept{workspace: ws, item: item, from: append(r.before, from)}
	r.before = nil
	r.places[from] = r.next
	r.next++
	r.count = min(r.count+1, len(r.items))
	return gone
}

// start says that the feed has left a position without an item.
func (r *ring) start(position string) {
	if len(r.before) == maxBefore {
		delete(r.places, r.before[1]) // the first is behind an item, and somebody's last
		r.before = slices.Delete(r.before, 1, 2)
	}
	r.before = append(r.before, position)
	r.places[position] = r.next
}

// clear forgets everything: nobody can be told what lies across a gap.
func (r *ring) clear() {
	r.count, r.before = 0, nil
	clear(r.items)
	clear(r.places)
}

// since gives the items of ws behind position; ok is false when the ring does
// not reach back that far.
func (r *ring) since(ws workspace.WorkspaceID, position string) (missed []*Item, ok bool) {
	first, ok := r.places[position]
	if !ok {
		return nil, false
	}
	for n := first; n < r.next; n++ {
		if k := r.items[n%uint64(len(r.items))]; k.workspace == ws {
			missed = append(missed, k.item)
		}
	}
	return missed, true
}
