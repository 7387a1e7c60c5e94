package sqlite_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"switchboard/store"
	"switchboard/store/sqlite"
	"switchboard/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	for name, run := range map[string]func(*testing.T, func(*testing.T) storetest.Opener){"all": storetest.Run, "kept": storetest.RunKept} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T) storetest.Opener {
				config := sqlite.Config{Dir: t.TempDir()}
				return func() store.Engine { return open(t, config) }
			})
		})
	}
}

// In memory it is the same engine without a file, with one connection, whose
// statements are all looked at.
func TestConformanceInMemory(t *testing.T) {
	seen := map[string]bool{}
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		return func() store.Engine { return planned{open(t, sqlite.Config{}), t, seen} }
	})
	require.NotEmpty(t, seen)
}

// What is found in another way when it is more is found in that way here.
func TestConformanceOfMany(t *testing.T) {
	seen := map[string]bool{}
	storetest.Run(t, func(t *testing.T) storetest.Opener {
		config := sqlite.Config{}.WithLowLimits()
		return func() store.Engine { return planned{open(t, config), t, seen} }
	})
}

// The walks are those of files, of what is in memory, and of many.
func TestWalkConformance(t *testing.T) {
	for name, config := range map[string]sqlite.Config{"in a file": {Dir: t.TempDir()}, "in memory": {}, "of many": sqlite.Config{}.WithLowLimits()} {
		t.Run(name, func(t *testing.T) {
			storetest.RunWalks(t, func(t *testing.T) storetest.Opener {
				if config.Dir != "" {
					return func() store.Engine { return open(t, config) }
				}
				return func() store.Engine { return planned{open(t, config), t, map[string]bool{}} }
			})
		})
	}
}

// open opens a store. The caller closes it.
func open(t *testing.T, c sqlite.Config) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), c)
	require.NoError(t, err)
	return s
}
