package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/sqlite"
)

// block is how many commits a round makes.
const block = 200

// commits measures a takeover with a message beside a transaction that writes the same
// rows with the driver alone, and the store's own statements prepared: what the
// program adds is the way from the domain to the rows. Both wait for the disk.
func (b *bench) commits(ctx context.Context) error {
	for _, durability := range []sqlite.Durability{sqlite.Full, sqlite.Relaxed} {
		if err := b.commitsWith(ctx, durability); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) commitsWith(ctx context.Context, durability sqlite.Durability) error {
	s, err := sqlite.Open(ctx, sqlite.Config{Dir: filepath.Join(b.dir, "commits-"+string(durability)), Durability: durability})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(ctx) }()
	ours, err := takingOver(ctx, s, "first-"+strconv.FormatInt(time.Now().UnixNano(), 36))
	if err != nil {
		return err
	}
	bare, err := openBare(ctx, filepath.Join(b.dir, "bare-"+string(durability)+".db"), durability)
	if err != nil {
		return err
	}
	defer func() { _ = bare.db.Close() }()
	var ratios, mine, theirs []float64
	for range b.rounds {
		x, err := each(ctx, ours.step)
		if err != nil {
			return err
		}
		y, err := each(ctx, bare.step)
		if err != nil {
			return err
		}
		ratios, mine, theirs = append(ratios, x/y), append(mine, x), append(theirs, y)
	}
	b.lines = append(b.lines, line{
		Name: "a commit beside a bare one, " + string(durability), Small: median(theirs), Large: median(mine), Value: median(ratios), Unit: "times", Wanted: "at most 1.5",
	})
	return nil
}

// each is the median time of a block of steps, in microseconds.
func each(ctx context.Context, step func(context.Context) error) (float64, error) {
	var times []float64
	for range block {
		begin := time.Now()
		if err := step(ctx); err != nil {
			return 0, err
		}
		times = append(times, float64(time.Since(begin).Microseconds()))
	}
	return median(times), nil
}

// takeovers has members take one conversation over from each other.
type takeovers struct {
	store *sqlite.Store
	c     inbox.Conversation
}

func takingOver(ctx context.Context, s *sqlite.Store, id string) (*takeovers, error) {
	c := (&filled{}).begun(1)
	c.ID, c.Contact = inbox.ConversationID("c_"+id), inbox.ContactID("p_"+id)
	t := &takeovers{store: s, c: c}
	change := created(c)
	change.Event.ID, change.Event.Messages = inbox.EventID("e_"+id), nil
	return t, s.Commit(ctx, change)
}

func (t *takeovers) step(ctx context.Context) error {
	before, after := t.c, t.c
	after.Version, after.Epoch = before.Version+1, before.Epoch+1
	after.Ownership = inbox.Ownership{Status: inbox.Open, Team: before.Team, Assignee: memberOf(after.Version)}
	after.LastActivityAt = before.LastActivityAt.Add(time.Second)
	after.Changed = inbox.Attribution{By: workspace.Actor{Kind: workspace.ActorMember, ID: string(after.Assignee)}, At: after.LastActivityAt}
	e := eventOf(after, before.Ownership, inbox.EventTakenOver)
	e.Messages = []inbox.Message{messageOf(after, 1)}
	e.Messages[0].ID = inbox.MessageID("m_" + string(e.ID))
	loads := []inbox.LoadChange{{Member: after.Assignee, Kind: after.Kind, Delta: 1}}
	if before.Assignee != "" {
		loads = append(loads, inbox.LoadChange{Member: before.Assignee, Kind: after.Kind, Delta: -1})
	}
	t.c = after
	return t.store.Commit(ctx, commit.Change{Conversation: after, Guard: commit.Guard{Version: before.Version}, Event: e, Loads: loads})
}

// bare writes rows as large as those of a takeover into tables with the same indexes.
type bare struct {
	db    *sql.DB
	turn  int
	state []byte // of a conversation
	event []byte
	load  []byte
}

// The sizes of what a takeover writes, in bytes.
const stateBytes, eventBytes, loadBytes, facetsMoved = 1_100, 2_300, 160, 8

const bareTables = `
CREATE TABLE IF NOT EXISTS conversations (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS entries (facet INTEGER NOT NULL, ord INTEGER NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (facet, ord, at, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, scope INTEGER NOT NULL, conversation INTEGER NOT NULL, version INTEGER, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS events_of_workspace ON events (scope);
CREATE INDEX IF NOT EXISTS events_of_conversation ON events (conversation, version);
CREATE TABLE IF NOT EXISTS messages (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation INTEGER NOT NULL, sequence INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_of_conversation ON messages (conversation, sequence);
CREATE TABLE IF NOT EXISTS documents (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notifications (id TEXT NOT NULL UNIQUE, audience TEXT NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS notifications_of ON notifications (audience, place, at, id);
INSERT OR IGNORE INTO conversations (n, id, version, body) VALUES (1, 'c', 0, x'');`

func openBare(ctx context.Context, path string, durability sqlite.Durability) (*bare, error) {
	synchronous := "full"
	if durability == sqlite.Relaxed {
		synchronous = "normal"
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=cache_size(-16000)&_pragma=synchronous("+synchronous+")")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, bareTables)
	b := &bare{db: db, turn: int(time.Now().UnixNano()), state: make([]byte, stateBytes), event: make([]byte, eventBytes), load: make([]byte, loadBytes)}
	return b, err
}

// step is what one would write down first: read, check, update, insert, commit.
func (b *bare) step(ctx context.Context) error {
	b.turn++
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var body []byte
	if err := tx.QueryRowContext(ctx, "SELECT body FROM conversations WHERE id = 'c'").Scan(&body); err != nil {
		return err
	}
	for _, w := range b.writes() {
		if _, err := tx.ExecContext(ctx, w.text, w.args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

type write struct {
	text string
	args []any
}

func (b *bare) writes() []write {
	id, rows := fmt.Sprintf("e_%040d", b.turn), strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?), ", 2*facetsMoved), ", ")
	var entries []any
	for i := range 2 * facetsMoved {
		entries = append(entries, i*1e15, i%2, b.turn, id)
	}
	return []write{
		{"UPDATE conversations SET version = version + 1, body = ? WHERE id = 'c'", []any{b.state}},
		{"DELETE FROM entries WHERE facet >= 0", []any{}},
		{"INSERT INTO entries (facet, ord, at, id) VALUES " + rows, entries},
		{"INSERT OR REPLACE INTO documents (id, body) VALUES (?, ?)", []any{"workspace/member" + strconv.Itoa(b.turn%members), b.load}},
		{"INSERT OR REPLACE INTO documents (id, body) VALUES (?, ?)", []any{"workspace/member" + strconv.Itoa((b.turn+1)%members), b.load}},
		{"INSERT INTO messages (id, conversation, sequence, text) VALUES (?, 1, ?, ?)", []any{"m" + id, b.turn, strings.Repeat("x", 130)}},
		{"INSERT INTO events (id, scope, conversation, version, body) VALUES (?, 1, 1, ?, ?)", []any{id, b.turn, b.event}},
		{"INSERT INTO notifications (id, audience, place, at, body) VALUES (?, ?, 9223372036854775807, ?, ?)", []any{"n" + id, "member:member001", b.turn, b.event[:400]}},
	}
}
