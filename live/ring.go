package live

import "switchboard/inbox"

// ring keeps the newest items of all workspaces, so that who was away for a
// moment is told what came meanwhile. It is not safe for concurrent use: the
// hub's lock guards it.
type ring struct {
	items []*kept
	// next is the number of the next item; the items kept are the ones before it.
	next   uint64
	count  int               // of the items kept
	places map[string]uint64 // the number of the first item behind a position
}

// kept is an item with the workspace that it belongs to.
type kept struct {
	workspace inbox.WorkspaceID
	item      *Item
	// from is the position that the item follows.
	from string
}

func newRing(size int) *ring {
	return &ring{items: make([]*kept, max(1, size)), places: map[string]uint64{}}
}

// add puts an item behind the position from, which the ring reaches back to
// until the item is overwritten.
func (r *ring) add(ws inbox.WorkspaceID, item *Item, from string) {
	slot := &r.items[r.next%uint64(len(r.items))]
	if *slot != nil && r.places[(*slot).from] == r.next-uint64(len(r.items)) {
		delete(r.places, (*slot).from)
	}
	*slot = &kept{workspace: ws, item: item, from: from}
	r.places[from] = r.next
	r.next++
	r.count = min(r.count+1, len(r.items))
}

// clear forgets everything: nobody can be told what lies across a gap.
func (r *ring) clear() {
	r.count = 0
	clear(r.items)
	clear(r.places)
}

// since gives the items of ws behind position; ok is false when the ring does
// not reach back that far.
func (r *ring) since(ws inbox.WorkspaceID, position string) (missed []*Item, ok bool) {
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
