package demo_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"switchboard/authz"
	"switchboard/cmd/switchboard/demo"
	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/sqlite"

	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// late is a store whose first answer about each conversation is from before
// another process made it.
type late struct {
	store.Engine
	asked map[string]bool
}

// ConversationByExternalID is NOT_FOUND once.
func (l *late) ConversationByExternalID(ctx context.Context, ws workspace.WorkspaceID, id string) (inbox.Conversation, error) {
	if key := string(ws) + id; !l.asked[key] {
		l.asked[key] = true
		return inbox.Conversation{}, inbox.Missing("conversation")
	}
	return l.Engine.ConversationByExternalID(ctx, ws, id)
}

func play(t *testing.T, s demo.Store) (told int) {
	t.Helper()
	told, deleted := playAgain(t, s, false)
	require.Empty(t, deleted)
	return told
}

// playAgain plays the demo, and returns how often it told of its progress and which
// workspaces stayed away.
func playAgain(t *testing.T, s demo.Store, again bool) (told int, deleted []workspace.WorkspaceID) {
	t.Helper()
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	require.NoError(t, demo.Seed(t.Context(), demo.Config{
		Store: s, Policy: authz.New(preset), Now: time.Now(), Progress: func(int, int) { told++ }, Again: again,
		Deleted: func(ws workspace.WorkspaceID) { deleted = append(deleted, ws) },
		NewID:   func(at time.Time) string { return ulid.MustNew(ulid.Timestamp(at), ulid.DefaultEntropy()).String() },
	}))
	return told, deleted
}

// A demo workspace that an operator deleted stays away until the demo is asked for again;
// the other is as it was. That holds also when nothing is left.
func TestDeletedStaysAway(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	s, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	require.Equal(t, 212, play(t, s))
	for _, gone := range [][]workspace.WorkspaceID{{"demo-free"}, demo.Workspaces()} {
		for _, ws := range gone {
			_, err := s.DeleteWorkspace(t.Context(), ws, nil)
			require.NoError(t, err)
		}
		for range 2 {
			_, deleted := playAgain(t, s, false)
			require.Equal(t, gone, deleted)
			for _, ws := range demo.Workspaces() {
				_, err := s.Directory(t.Context(), ws)
				require.Equal(t, slices.Contains(gone, ws), inbox.IsNotFound(err), ws)
			}
		}
		if len(gone) == 1 {
			told, deleted := playAgain(t, s, true)
			require.Equal(t, 212, told)
			require.Empty(t, deleted)
			versions(t, s)
		}
	}
}

// versions gives that of every conversation of the demo.
func versions(t *testing.T, s store.Engine) map[string]int {
	t.Helper()
	out := map[string]int{}
	for ws, n := range map[workspace.WorkspaceID]int{"demo": 200, "demo-free": 12} {
		for i := range n {
			key := fmt.Sprintf("demo-%03d", i+1)
			c, err := s.ConversationByExternalID(t.Context(), ws, key)
			require.NoError(t, err, "%s %s", ws, key)
			out[string(ws)+" "+key] = c.Version
		}
	}
	return out
}

// Playing again, and beside another process that is a moment ahead, changes
// nothing.
func TestSeedTwice(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	s, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	require.Equal(t, 212, play(t, s))
	first := versions(t, s)
	require.Equal(t, 212, play(t, s))
	require.Equal(t, first, versions(t, s))
	behind := &late{s, map[string]bool{}}
	require.Equal(t, 212, play(t, behind))
	require.Len(t, behind.asked, 212)
	require.Equal(t, first, versions(t, s))
}

// busy is a store that refuses the first attempt at every twentieth change, and
// loses the answer to every other of those.
type busy struct {
	store.Engine
	commits, refused int
}

// Commit is UNAVAILABLE now and then.
func (b *busy) Commit(ctx context.Context, c commit.Change) error {
	b.commits++
	if b.commits%20 != 0 {
		return b.Engine.Commit(ctx, c)
	}
	b.refused++
	if b.refused%2 == 0 {
		if err := b.Engine.Commit(ctx, c); err != nil {
			return err
		}
	}
	return &inbox.Error{Code: inbox.Unavailable, Message: "a process that was killed holds it"}
}

// What passes is waited out, and makes no difference to what is played.
func TestSeedThroughFaults(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	played := map[bool]map[string]int{}
	for _, faulty := range []bool{false, true} {
		s, err := sqlite.Open(t.Context(), sqlite.Config{})
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close(context.Background())) }()
		b := &busy{Engine: s}
		if faulty {
			require.Equal(t, 212, play(t, b))
			require.Greater(t, b.refused, 10)
		} else {
			require.Equal(t, 212, play(t, s))
		}
		played[faulty] = versions(t, s)
	}
	require.Equal(t, played[false], played[true])
}

// reads is a store that counts how often a directory is read.
type reads struct {
	store.Engine
	directories int
}

// Directory counts.
func (r *reads) Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	r.directories++
	return r.Engine.Directory(ctx, ws)
}

// The directory does not change while a conversation is played, and is read once for it: to
// read it for each verb was half of the work of a first start.
func TestTheDirectoryIsReadOnceAConversation(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	s, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	counted := &reads{Engine: s}
	require.Equal(t, 212, play(t, counted))
	require.LessOrEqual(t, counted.directories, 212+10)
}
