package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"switchboard/store/sqlite"
)

// bare writes the rows of a takeover with the driver alone, into a file of its own with
// the same tables and indexes. It reads and checks only the conversation.
type bare struct {
	db       *sql.DB
	prepared map[string]*sql.Stmt
	turn     int
	sizes    sizes
}

// sizes are those of the bodies that a takeover writes, in bytes.
type sizes struct{ state, event, load, notification int }

// bareDir is the folder of the bare transactions.
func bareDir(dir string, durability sqlite.Durability) string {
	return filepath.Join(dir, "bare-"+string(durability))
}

// openBare makes the tables as the store does, and learns from the store's file how large
// its rows are.
func openBare(ctx context.Context, dir string, durability sqlite.Durability) (*bare, error) {
	b := &bare{prepared: map[string]*sql.Stmt{}, turn: int(time.Now().UnixNano() / 1000)}
	if err := b.learn(ctx, filepath.Join(dir, "commits-"+string(durability))); err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, sqlite.Config{Dir: bareDir(dir, durability), Durability: durability})
	if err != nil {
		return nil, err
	}
	if err := s.Close(ctx); err != nil {
		return nil, err
	}
	synchronous := "full"
	if durability == sqlite.Relaxed {
		synchronous = "normal"
	}
	settings := "?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=cache_size(-16000)&_pragma=synchronous(" + synchronous + ")"
	b.db, err = sql.Open("sqlite", "file:"+filepath.Join(bareDir(dir, durability), sqlite.FileName)+settings)
	if err != nil {
		return nil, err
	}
	b.db.SetMaxOpenConns(1)
	return b, b.begin(ctx)
}

// begin writes the conversation, and prepares the statements.
func (b *bare) begin(ctx context.Context) error {
	_, err := b.db.ExecContext(ctx, "INSERT OR IGNORE INTO conversations (n, id, workspace, contact, copy, activity, created, waiting, awaiting, kind, channel, words, body) VALUES (1, ?, ?, ?, 0, 0, 0, 0, 0, 'TICKET', 'mail', ?, x'')",
		b.id("c"), string(ws), b.id("p"), strings.Repeat(" word", 10))
	if err != nil {
		return err
	}
	for _, w := range append(b.writes(), write{text: bareRead}) {
		if b.prepared[w.text], err = b.db.PrepareContext(ctx, w.text); err != nil {
			return err
		}
	}
	return nil
}

// learn reads the sizes of the newest rows.
func (b *bare) learn(ctx context.Context, dir string) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, sqlite.FileName)+"?_pragma=query_only(1)")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return db.QueryRowContext(ctx, `SELECT (SELECT length(body) FROM conversations ORDER BY n DESC LIMIT 1), (SELECT length(body) FROM events ORDER BY n DESC LIMIT 1),
		(SELECT max(length(body)) FROM documents WHERE collection = 'loads'), ifnull((SELECT max(length(body)) FROM notifications), 0)`).
		Scan(&b.sizes.state, &b.sizes.event, &b.sizes.load, &b.sizes.notification)
}

const bareRead = "SELECT n, body FROM conversations WHERE id = ?"

// step is what one would write down first: read, update, insert, commit.
func (b *bare) step(ctx context.Context) error {
	b.turn++
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var n int
	var body []byte
	if err := tx.StmtContext(ctx, b.prepared[bareRead]).QueryRowContext(ctx, b.id("c")).Scan(&n, &body); err != nil {
		return err
	}
	for _, w := range b.writes() {
		if _, err := tx.StmtContext(ctx, b.prepared[w.text]).ExecContext(ctx, w.args...); err != nil {
			return fmt.Errorf("%s: %w", w.text, err)
		}
	}
	return tx.Commit()
}

type write struct {
	text string
	args []any
}

// id is as long as one that the takeovers use.
func (b *bare) id(of string) string { return of + "_first-0123456789" }

func (b *bare) writes() []write {
	s, id, member := b.sizes, b.id("e")+"_"+strconv.Itoa(b.turn), "member"+strconv.Itoa(b.turn%members)
	return []write{
		{"UPDATE conversations SET activity = ?, body = ? WHERE n = ?", []any{b.turn, make([]byte, s.state), 1}},
		{"DELETE FROM entries WHERE (facet, ord, at, id) IN (VALUES " + places("(?, ?, ?, ?)") + ")", b.entries(b.turn-1, false)},
		{"INSERT INTO entries (facet, ord, at, id, n) VALUES " + places("(?, ?, ?, ?, ?)"), b.entries(b.turn, true)},
		{bareLoad, []any{string(ws) + "/" + member, string(ws), make([]byte, s.load)}},
		{bareLoad, []any{string(ws) + "/member" + strconv.Itoa((b.turn+1)%members), string(ws), make([]byte, s.load)}},
		{"INSERT INTO messages (id, conversation, sequence, public, author_kind, author, internal, external_id, at, text) VALUES (?, 1, ?, ?, 'MEMBER', ?, 0, NULL, ?, ?)",
			[]any{"m_" + id, b.turn, b.turn, member, b.turn, strings.Repeat("x", 130)}},
		{"INSERT INTO events (id, scope, feed, conversation, version, key, expires, last, body) VALUES (?, 8000000000000000000, 1, 1, ?, NULL, NULL, ?, ?)",
			[]any{id, b.turn, "m_" + id, make([]byte, s.event)}},
		{"INSERT INTO notifications (id, workspace, audience, place, at, conversation, kind, claimable, over, excepted, expires, body) VALUES (?, ?, ?, 9223372036854775807, ?, ?, 'ASSIGNED', 0, 0, NULL, ?, ?)",
			[]any{"n_" + id, string(ws), "member:" + member, b.turn, b.id("c"), b.turn, make([]byte, s.notification)}},
	}
}

const bareLoad = "INSERT INTO documents (collection, id, workspace, rev, body) VALUES ('loads', ?, ?, 0, ?) ON CONFLICT (collection, id) DO UPDATE SET body = excluded.body"

// A takeover moves the entries of six facets in one order, by the last activity, and
// those of the assignee in all four.
const facetsKept, orders = 6, 4

func places(marks string) string {
	return strings.TrimSuffix(strings.Repeat(marks+", ", facetsKept+orders), ", ")
}

func (b *bare) entries(turn int, numbered bool) (args []any) {
	for i := range facetsKept + orders {
		facet, ord, at := int64(i+1)<<56, 0, turn
		if i >= facetsKept {
			facet, ord = int64(turn%members+1)<<48, i-facetsKept
		}
		if args = append(args, facet, ord, at, b.id("c")); numbered {
			args = append(args, 1)
		}
	}
	return args
}
