package blackbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// A database that refuses what the server needs ends it, with what is missing and what
// to do: a server that cannot serve must not look as if it were starting.
func TestADatabaseThatRefuses(t *testing.T) {
	t.Parallel()
	db := testdb.Start(t, testdb.Options{})
	for _, c := range []struct {
		command string
		code    int32
		says    []string
	}{
		{"aggregate", 13, []string{"change streams", "changeStream", "readWrite"}},
		{"aggregate", 376, []string{"change streams", "Atlas M0"}},
		{"aggregate", 40573, []string{"change streams", "Atlas M0"}},
		{"commitTransaction", 238, []string{"transactions", "Atlas M0"}},
	} {
		t.Run(fmt.Sprint(c.command, " ", c.code), func(t *testing.T) {
			db.FailCommand(t.Context(), testdb.Failure{Commands: []string{c.command}, ErrorCode: c.code})
			p := start(t, []string{"serve", "--demo", "--addr", "127.0.0.1:0", "--mongodb-uri", within(db.URI(), "blackbox")})
			require.Equal(t, 4, p.wait())
			for _, said := range c.says {
				require.Contains(t, p.errors.String(), said)
			}
		})
	}
	db.Heal(t.Context())
	demo(t, "--mongodb-uri", within(db.URI(), "blackbox")+"&readConcernLevel=local")
}
