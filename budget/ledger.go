package budget

import (
	"sync"
	"sync/atomic"
)

// Account is a name whose current use is counted, with its limits. Zero is no
// limit.
type Account struct {
	Name string
	// Things is how many, and Bytes how much memory all of them together.
	Things int
	Bytes  int64
}

// Over is an account that has all it may have: of bytes, or else of things.
type Over struct {
	Account
	OfBytes bool
}

// Ledger counts current use. It is safe for concurrent use; an account without use
// takes no memory.
type Ledger struct {
	mu       sync.Mutex
	tallies  map[string]*tally
	things   atomic.Int64
	bytes    atomic.Int64
	refusals atomic.Uint64
}

type tally struct {
	things int
	bytes  int64
}

// NewLedger makes an empty ledger.
func NewLedger() *Ledger { return &Ledger{tallies: map[string]*tally{}} }

// Hold is a reservation on a ledger, until it is closed. A nil Hold is on no
// ledger.
type Hold struct {
	ledger   *Ledger
	accounts []Account
	things   int
	bytes    int64 // guarded by the ledger; negative once closed
}

// Open counts one thing of so many bytes on every account, or on none: then it
// returns the first account that has no room. The slice is kept and must not be
// changed.
func (l *Ledger) Open(bytes int64, accounts []Account) (*Hold, *Over) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range accounts {
		if over := l.over(a, 1, bytes); over != nil {
			l.refusals.Add(1)
			return nil, over
		}
	}
	l.add(accounts, 1, bytes)
	return &Hold{ledger: l, accounts: accounts, things: 1, bytes: bytes}, nil
}

// Buffer returns an empty Hold, for memory that grows and shrinks.
func (l *Ledger) Buffer(accounts []Account) *Hold { return &Hold{ledger: l, accounts: accounts} }

// over needs mu.
func (l *Ledger) over(a Account, things int, bytes int64) *Over {
	t := l.tallies[a.Name]
	if t == nil {
		t = &tally{}
	}
	switch {
	case a.Things > 0 && t.things+things > a.Things:
		return &Over{Account: a}
	case a.Bytes > 0 && bytes > 0 && t.bytes+bytes > a.Bytes:
		return &Over{Account: a, OfBytes: true}
	}
	return nil
}

// add needs mu.
func (l *Ledger) add(accounts []Account, things int, bytes int64) {
	l.things.Add(int64(things))
	l.bytes.Add(bytes)
	for _, a := range accounts {
		t := l.tallies[a.Name]
		if t == nil {
			t = &tally{}
			l.tallies[a.Name] = t
		}
		t.things += things
		t.bytes += bytes
		if t.things <= 0 && t.bytes <= 0 {
			delete(l.tallies, a.Name)
		}
	}
}

// Resize makes the thing one of so many bytes. When it is to grow and an account
// has no room, it stays as it was and Resize is false. It is false once closed.
func (h *Hold) Resize(bytes int64) bool {
	if h == nil {
		return true
	}
	h.ledger.mu.Lock()
	defer h.ledger.mu.Unlock()
	if h.bytes < 0 {
		return false
	}
	for _, a := range h.accounts {
		if h.ledger.over(a, 0, bytes-h.bytes) != nil {
			h.ledger.refusals.Add(1)
			return false
		}
	}
	h.ledger.add(h.accounts, 0, bytes-h.bytes)
	h.bytes = bytes
	return true
}

// Close gives everything back. Closing twice is harmless.
func (h *Hold) Close() {
	if h == nil {
		return
	}
	h.ledger.mu.Lock()
	defer h.ledger.mu.Unlock()
	if h.bytes >= 0 {
		h.ledger.add(h.accounts, -h.things, -h.bytes)
		h.bytes = -1
	}
}

// Things is how many are held. It does not wait for anybody.
func (l *Ledger) Things() int { return int(l.things.Load()) }

// Bytes is how much is held. It does not wait for anybody.
func (l *Ledger) Bytes() int64 { return l.bytes.Load() }

// Refusals is how often there was no room so far. It does not wait.
func (l *Ledger) Refusals() uint64 { return l.refusals.Load() }

// Refuse counts a refusal that was decided elsewhere.
func (l *Ledger) Refuse() { l.refusals.Add(1) }

// Accounts is how many accounts hold something.
func (l *Ledger) Accounts() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.tallies)
}
