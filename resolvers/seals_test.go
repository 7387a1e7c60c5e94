package resolvers_test

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// keyBook keeps sealing keys in memory.
type keyBook struct {
	mu       sync.Mutex
	keys     []cluster.SealingKey
	revision int
	broken   error
}

func (b *keyBook) SealingKeys(context.Context) ([]cluster.SealingKey, int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.keys), b.revision, b.broken
}

func (b *keyBook) SaveSealingKeys(_ context.Context, keys []cluster.SealingKey, revision int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if revision != b.revision {
		return commit.ErrStale
	}
	b.keys, b.revision = slices.Clone(keys), revision+1
	return nil
}

func sealsAt(t testing.TB, book *keyBook, now func() time.Time) (*resolvers.Seals, *logbook) {
	t.Helper()
	log := &logbook{}
	seals, err := resolvers.OpenSeals(t.Context(), book, now, slog.New(slog.NewJSONHandler(log, nil)))
	require.NoError(t, err)
	return seals, log
}

// A cursor opens in its workspace and its list alone, and no other text does.
func TestCursorsAreSealed(t *testing.T) {
	seals, _ := sealsAt(t, &keyBook{}, time.Now)
	rapid.Check(t, func(t *rapid.T) {
		ws := rapid.SampledFrom([]workspace.WorkspaceID{"a", "b", "ab", ""}).Draw(t, "workspace")
		key, id := rapid.String().Draw(t, "key"), rapid.StringN(1, 400, -1).Draw(t, "id")
		text := seals.MakeCursor(ws, key, id, "list")
		require.Equal(t, text, seals.MakeCursor(ws, key, id, "list"), "one place has one form")
		gotKey, gotID, err := seals.ParseCursor(ws, text, "list")
		require.NoError(t, err)
		require.Equal(t, []string{key, id}, []string{gotKey, gotID})

		_, _, err = seals.ParseCursor(ws, text, "another")
		require.Equal(t, inbox.InvalidCursor, inbox.CodeOf(err))
		require.ErrorContains(t, err, "another list")
		_, _, err = seals.ParseCursor(ws+"x", text, "list")
		require.Equal(t, inbox.InvalidCursor, inbox.CodeOf(err), "it opens in another workspace")
		require.ErrorContains(t, err, "not a cursor")

		raw, err := base64.RawURLEncoding.DecodeString(text)
		require.NoError(t, err)
		at := rapid.IntRange(0, len(raw)-1).Draw(t, "at")
		raw[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		_, err = seals.Open(ws, base64.RawURLEncoding.EncodeToString(raw))
		require.ErrorIs(t, err, resolvers.ErrUnsealed)
		cut := rapid.IntRange(0, len(text)-1).Draw(t, "cut")
		for _, damaged := range []string{text[:cut], text[cut+1:], text + "A", text + "=", text[:cut] + "\n" + text[cut:], text[:cut] + "\r" + text[cut:]} {
			_, err = seals.Open(ws, damaged)
			require.ErrorIs(t, err, resolvers.ErrUnsealed)
		}
	})
}

// Every byte of a cursor is sealed.
func TestEveryByteOfACursorCounts(t *testing.T) {
	seals, _ := sealsAt(t, &keyBook{}, time.Now)
	raw, err := base64.RawURLEncoding.DecodeString(seals.MakeCursor("w", "1700000000000", "01J8", "list"))
	require.NoError(t, err)
	for at := range raw {
		for bit := range 8 {
			raw[at] ^= 1 << bit
			_, _, err := seals.ParseCursor("w", base64.RawURLEncoding.EncodeToString(raw), "list")
			require.Equal(t, inbox.InvalidCursor, inbox.CodeOf(err), "byte %d", at)
			raw[at] ^= 1 << bit
		}
	}
}

// The length of a cursor tells nothing of what it stands behind.
func TestCursorsAreOfOneLength(t *testing.T) {
	seals, _ := sealsAt(t, &keyBook{}, time.Now)
	length := func(key int) int {
		return len(seals.MakeCursor("w", string(make([]rune, key)), "live", "live"))
	}
	position := func(n int) int {
		return len(seals.MakeCursor("w", base64.RawURLEncoding.EncodeToString(make([]byte, n)), "live", "live"))
	}
	require.Equal(t, position(103), position(213), "behind a heartbeat, and behind an event")
	require.Equal(t, length(1), length(8))
}

// Servers share their keys, seal with a new one only when all have long read it, and
// open what an old one has sealed for two weeks after.
func TestSealsAreRotated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book := &keyBook{}
		one, _ := sealsAt(t, book, time.Now)
		two, _ := sealsAt(t, book, time.Now)
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { one.Run(ctx) })
		running.Go(func() { two.Run(ctx) })
		defer running.Wait()
		defer stop()
		first := one.MakeCursor("w", "k", "i")
		require.Equal(t, first, two.MakeCursor("w", "k", "i"))

		sealed := map[string]time.Time{first: time.Now()}
		for range int(4 * resolvers.SealsRotated / time.Hour) {
			time.Sleep(time.Hour)
			text := one.MakeCursor("w", "k", "i")
			if _, known := sealed[text]; !known {
				sealed[text] = time.Now()
			}
			_, _, err := two.ParseCursor("w", text)
			require.NoError(t, err)
			for old, at := range sealed {
				if time.Since(at) <= resolvers.SealsKept {
					_, _, err := two.ParseCursor("w", old)
					require.NoError(t, err)
				}
			}
		}
		require.Len(t, sealed, 4, "a new key each week")
		require.NotContains(t, first, one.MakeCursor("w", "k", "i"))
		_, err := two.Open("w", first)
		require.ErrorIs(t, err, resolvers.ErrExpired)
		_, _, err = two.ParseCursor("w", first)
		require.Equal(t, inbox.InvalidCursor, inbox.CodeOf(err))
		require.ErrorContains(t, err, "too old")
		keys, _, _ := book.SealingKeys(ctx)
		require.Nil(t, keys[0].Secret, "what opens nothing any more is not kept")
	})
}

// A new key is known to every server that reads its keys long before it seals.
func TestANewKeySealsLater(t *testing.T) {
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	keys, changed := resolvers.Rotated(nil, start)
	require.True(t, changed)
	require.Equal(t, start, keys[0].From)
	again, changed := resolvers.Rotated(keys, start.Add(resolvers.SealsRotated-1))
	require.False(t, changed)
	require.Equal(t, keys, again)
	now := start.Add(resolvers.SealsRotated)
	keys, changed = resolvers.Rotated(keys, now)
	require.True(t, changed)
	require.Equal(t, now.Add(resolvers.SealsAhead), keys[1].From)
	_, changed = resolvers.Rotated(keys, now.Add(time.Second))
	require.False(t, changed, "one new key is enough")

	book := &keyBook{keys: keys, revision: 2}
	clock := now
	seals, _ := sealsAt(t, book, func() time.Time { return clock })
	before := seals.MakeCursor("w", "k", "i")
	clock = now.Add(resolvers.SealsAhead)
	require.NotEqual(t, before, seals.MakeCursor("w", "k", "i"))
	clock = start.Add(-time.Hour) // a clock that is far behind seals all the same
	_, _, err := seals.ParseCursor("w", seals.MakeCursor("w", "k", "i"))
	require.NoError(t, err)
}

// A database that is away changes nothing; at the start it is told.
func TestSealsOutliveTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book := &keyBook{}
		seals, _ := sealsAt(t, book, time.Now)
		text := seals.MakeCursor("w", "k", "i")
		gone := errors.New("the disk is gone")
		book.mu.Lock()
		book.broken = gone
		book.mu.Unlock()
		require.ErrorIs(t, seals.Refresh(t.Context()), gone)
		require.Equal(t, text, seals.MakeCursor("w", "k", "i"))
		_, err := resolvers.OpenSeals(t.Context(), book, time.Now, slog.New(slog.DiscardHandler))
		require.ErrorIs(t, err, gone)
	})
}
