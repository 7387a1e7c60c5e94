package bench_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/access"
	"switchboard/internal/testdb"
	"switchboard/live"
	"switchboard/store/mongo"
)

// BenchmarkTokenIssue measures what each operation of a contact pays to know that
// its token was not revoked: from memory, and read over the wire each time.
func BenchmarkTokenIssue(b *testing.B) {
	server := testdb.Start(b, testdb.Options{})
	opened, err := mongo.Open(context.Background(), mongo.Config{URI: server.URI(), Database: "issues"})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, opened.Close(context.Background())) })
	read := access.StoredTokenIssues(opened)
	remembered := live.NewTokenIssues(read)
	remembered.FeedBack()
	for name, issues := range map[string]access.TokenIssues{"from memory": remembered, "read": read} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := issues.TokenIssue(context.Background(), "w", "c")
				require.NoError(b, err)
			}
		})
	}
}
