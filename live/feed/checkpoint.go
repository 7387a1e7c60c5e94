package feed

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
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
func WithTick(every time.Duration) HubOption { return func(h *Hub) { h.checkpoints.every = every } }

// Checkpoint is where a workspace's part of the feed stood at a moment. Whoever
// reads the database afterwards and goes on behind it misses nothing.
type Checkpoint struct {
	base   string
	recent []*Item
}

// PositionAfter is the position behind the newest item that seen holds for, or behind all
// that came before the last tick. It is empty when the feed had named no place yet.
func (s Checkpoint) PositionAfter(seen func(inbox.Event) bool) string {
	for _, item := range slices.Backward(s.recent) {
		if seen(item.Event) {
			return item.Position
		}
	}
	return s.base
}

func anything(inbox.Event) bool { return true }

// Checkpoint is where the part of ws stands now. Every answer asks, so it does not
// wait for what Publish hands out.
func (h *Hub) Checkpoint(ws workspace.WorkspaceID) Checkpoint { return h.checkpoints.of(ws) }

// checkpoints knows where all workspaces stand. It is safe for concurrent use.
type checkpoints struct {
	every time.Duration

	mu       sync.Mutex
	position string // the feed's
	tick     int64
	base     string // the position of all workspaces since the last tick
	recent   map[workspace.WorkspaceID][]*Item
}

func newCheckpoints() *checkpoints {
	return &checkpoints{every: defaultTick, recent: map[workspace.WorkspaceID][]*Item{}}
}

func (s *checkpoints) of(ws workspace.WorkspaceID) Checkpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roll()
	return Checkpoint{base: s.base, recent: s.recent[ws]}
}

// add takes in an item of ws, and forgets what the ring forgets, but for the
// newest of each workspace: positions then stay a little longer.
func (s *checkpoints) add(ws workspace.WorkspaceID, item *Item, gone *kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roll()
	s.position = item.Position
	if gone != nil {
		if old := s.recent[gone.workspace]; len(old) > 1 && old[0] == gone.item { // the newest stays
			s.recent[gone.workspace] = old[1:]
		}
	}
	s.recent[ws] = append(s.recent[ws], item)
}

// move takes over a position that no item stands before.
func (s *checkpoints) move(position string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roll()
	s.position = position
}

// begin takes over a position behind which all begins anew.
func (s *checkpoints) begin(position string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.position = position
	s.settle(s.now())
}

func (s *checkpoints) now() (tick int64) { return time.Now().UnixNano() / int64(s.every) }

// roll begins a new tick when it is time. It needs mu.
func (s *checkpoints) roll() {
	if tick := s.now(); tick != s.tick || s.base == "" {
		s.settle(tick)
	}
}

// settle makes the feed's position that of all workspaces. It needs mu.
func (s *checkpoints) settle(tick int64) {
	s.tick, s.base = tick, ""
	clear(s.recent)
	if s.position != "" {
		s.base = s.position + mark + strconv.FormatInt(tick, 36)
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
