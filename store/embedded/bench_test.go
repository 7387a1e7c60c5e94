package embedded_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"switchboard/store/embedded"
)

// BenchmarkFile writes to a file that grows by two documents each time.
func BenchmarkFile(b *testing.B) {
	ctx := context.Background()
	s, err := embedded.Open(ctx, embedded.Config{Dir: b.TempDir()})
	require.NoError(b, err)
	n := 0
	for b.Loop() {
		n++
		e := event(n)
		e.Note = fmt.Sprintf("%01000d", n)
		require.NoError(b, s.SaveDirectory(ctx, e))
	}
	require.NoError(b, s.Close(ctx))
}
