package live

import (
	"sync/atomic"

	"switchboard/inbox/workspace"
)

// entry is a workspace in memory.
type entry struct {
	snapshot atomic.Pointer[snapshot]
	// touched says that the entry was read since it was last passed over by
	// eviction. It stands for moving to the front of the list, which would need
	// the lock.
	touched atomic.Bool
}

// touch writes only the first time, so that readers on many processors do not
// fight over the line.
func (e *entry) touch() {
	if !e.touched.Load() {
		e.touched.Store(true)
	}
}

// keep remembers s as the newest of ws. It needs mu.
func (d *Directories) keep(ws workspace.WorkspaceID, s *snapshot) {
	if e := d.entry(ws); e != nil {
		e.snapshot.Store(s)
		return
	}
	d.makeRoom()
	e := &entry{}
	e.snapshot.Store(s)
	d.order.Add(ws, e)
	d.entries.Store(ws, e)
}

// makeRoom puts what was read lately in front, so that the oldest entry is one
// that was not and Add evicts that. Each entry is passed over once at most.
func (d *Directories) makeRoom() {
	if d.order.Len() < d.most {
		return
	}
	for range d.most {
		ws, oldest, _ := d.order.GetOldest()
		if !oldest.touched.Swap(false) {
			return
		}
		d.order.Get(ws)
	}
}
