package live

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"switchboard/inbox"
)

// A position is of the one feed of all workspaces, and is another after each event
// of any. A listener must not learn of others by comparing what it is handed, so
// it is handed a position that moves with what it may see, and beside that once in
// a while, whether anything happened or not: else the position of a quiet
// workspace would fall out of the database's log.

// defaultTick is how often all positions move. A listener who comes back is told
// again what it may see of that time at most.
const defaultTick = time.Minute

// WithTick sets how often the positions of all workspaces move when nothing
// happens in them. The default is a minute.
func WithTick(every time.Duration) HubOption { return func(h *Hub) { h.every = every } }

// maxRecent is how many items of a workspace are remembered since the last tick,
// the older ones being forgotten: positions then stay a little longer.
const maxRecent = 1_024

// Standing is where a workspace's part of the feed stood at a moment. Whoever
// reads the database afterwards and goes on behind it misses nothing.
type Standing struct {
	base   string
	recent []*Item
}

// Behind is the position behind the newest item that seen holds for, or behind all
// that came before the last tick. It is empty when the feed had named no place yet.
func (s Standing) Behind(seen func(inbox.Event) bool) string {
	for _, item := range slices.Backward(s.recent) {
		if seen(item.Event) {
			return item.Position
		}
	}
	return s.base
}

func anything(inbox.Event) bool { return true }

// Standing is where the part of ws stands now.
func (h *Hub) Standing(ws inbox.WorkspaceID) Standing {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.standing(ws)
}

// standing needs mu.
func (h *Hub) standing(ws inbox.WorkspaceID) Standing {
	h.roll()
	return Standing{base: h.base, recent: h.recent[ws]}
}

// note remembers an item of ws. It needs mu.
func (h *Hub) note(ws inbox.WorkspaceID, item *Item) {
	recent := h.recent[ws]
	if len(recent) == maxRecent {
		recent = slices.Clone(recent[maxRecent/2:]) // others may read the old one
	}
	h.recent[ws] = append(recent, item)
}

// roll begins a new tick when it is time. It needs mu.
func (h *Hub) roll() {
	if tick := time.Now().UnixNano() / int64(h.every); tick != h.tick || h.base == "" {
		h.settle(tick)
	}
}

// settle makes the feed's position that of all workspaces. It needs mu.
func (h *Hub) settle(tick int64) {
	h.tick, h.base = tick, ""
	clear(h.recent)
	if at := h.Position(); at != "" {
		h.base = at + mark + strconv.FormatInt(tick, 36)
	}
}

// mark parts a position from the tick in which it was handed out: without that, a
// position that stays would say that nothing happened anywhere.
const mark = "@"

// bare is the position that the feed knows.
func bare(position string) string {
	at, _, _ := strings.Cut(position, mark)
	return at
}
