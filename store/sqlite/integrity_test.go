package sqlite_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/sqlite"
)

// owned makes a folder with conversations that members own.
func owned(t *testing.T) string {
	t.Helper()
	dir := filled(t)
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	require.NoError(t, err)
	for n := range 3 {
		c := inbox.Conversation{
			ID: inbox.ConversationID(fmt.Sprintf("c%d", n)), Workspace: "w", Kind: workspace.Livechat, Subject: "hello world", Contact: "p", Version: 1,
			Ownership: inbox.Ownership{Assignee: "mia", Status: inbox.Open}, CreatedAt: time.Unix(int64(n), 0), LastActivityAt: time.Unix(int64(n), 0),
		}
		e := inbox.Event{ID: inbox.EventID(fmt.Sprintf("e%d", n)), Workspace: "w", Type: inbox.OwnershipEvent, Conversation: c.ID, Version: 1, At: c.CreatedAt, After: &c}
		change := commit.Change{Create: true, Conversation: c, Event: e, Loads: inbox.LoadChanges(inbox.Conversation{Kind: c.Kind}, c)}
		require.NoError(t, s.Commit(t.Context(), change))
	}
	require.NoError(t, s.Close(t.Context()))
	return dir
}

// by changes the file behind the store's back.
func by(statement string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		db, err := sql.Open("sqlite", file(dir))
		require.NoError(t, err)
		done, err := db.Exec(statement)
		require.NoError(t, err)
		n, err := done.RowsAffected()
		require.NoError(t, err)
		require.Positive(t, n)
		require.NoError(t, db.Close())
	}
}

// Integrity names what is not whole, and finds nothing where all is.
func TestIntegrity(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*testing.T, string)
		says  string
	}{
		"whole":                   {func(*testing.T, string) {}, ""},
		"a lost entry":            {by("DELETE FROM entries WHERE id = 'c1' AND ord = 0"), "conversation c1 is missing from"},
		"an entry of nothing":     {by("INSERT INTO entries (facet, ord, at, id, n) VALUES (1, 0, 1, 'nobody', 99)"), "1 entries of lists belong to no conversation"},
		"an entry of another":     {by("UPDATE entries SET n = 99 WHERE id = 'c1' AND ord = 2"), "conversation c1 is missing from"},
		"a column that is behind": {by("UPDATE conversations SET activity = activity - 1 WHERE id = 'c1'"), "conversation c1 is not sorted"},
		"a channel of another":    {by("UPDATE conversations SET channel = 'x' WHERE id = 'c1'"), "conversation c1 is not sorted"},
		"words of another":        {by("UPDATE conversations SET words = ' x' WHERE id = 'c1'"), "conversation c1 is not sorted"},
		"a lost word":             {by("DELETE FROM words WHERE word = 'hello' AND conversation = (SELECT n FROM conversations WHERE id = 'c2')"), "conversation c2 is not found by 1 of its words"},
		"a word of another time":  {by("UPDATE words SET period = 9 WHERE word = 'hello' AND conversation = (SELECT n FROM conversations WHERE id = 'c2')"), "conversation c2 is not found by 1 of its words"},
		"a word of nothing":       {by("INSERT INTO words (workspace, word, period, conversation) VALUES ('w', 'x', 0, 99)"), "1 words of conversations belong to no conversation"},
		"a lost workload":         {by("DELETE FROM documents WHERE collection = 'loads' AND id = 'w/mia'"), "workload w/mia livechats: 0 is stored, and the member owns 3"},
		"a page of nothing": {func(t *testing.T, dir string) {
			edit(t, dir, func(b []byte) []byte {
				at := bytes.LastIndex(b, []byte("hello world")) / 4096 * 4096
				copy(b[at:at+4096], bytes.Repeat([]byte{0xff}, 4096))
				return b
			})
		}, "switchboard.db"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := owned(t)
			c.spoil(t, dir)
			s, err := sqlite.OpenReadOnly(t.Context(), sqlite.Config{Dir: dir})
			if err == nil {
				total := 0
				err = s.Integrity(t.Context(), func(_, of int) { total = of })
				require.NoError(t, s.Close(t.Context()))
				if err == nil {
					require.Equal(t, 3, total)
				}
			}
			if c.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, sqlite.ErrDamaged)
			require.ErrorContains(t, err, c.says)
		})
	}
}
