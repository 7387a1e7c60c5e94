package embedded_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/embedded"
	"switchboard/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	for name, run := range map[string]func(*testing.T, func(*testing.T) storetest.Opener){"all": storetest.Run, "kept": storetest.RunKept} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T) storetest.Opener {
				testdb.Record(t, testdb.Embedded)
				config := embedded.Config{Dir: t.TempDir()}
				return func() storetest.Backend { return open(t, config) }
			})
		})
	}
}

// In memory it is the same engine with nothing to write.
func TestConformanceInMemory(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		testdb.Record(t, testdb.Embedded)
		return func() storetest.Backend { return open(t, embedded.Config{}) }
	})
}

// open opens a store. The caller closes it.
func open(t *testing.T, c embedded.Config) *store.Store {
	t.Helper()
	s, err := embedded.Open(context.Background(), c)
	require.NoError(t, err)
	return s
}
