package sharding_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/sharding"
)

// docs/operating.md shards the collections that the table has a key for, and names the
// others.
func TestThePageShardsWhatTheTableSays(t *testing.T) {
	page, err := os.ReadFile("../../docs/operating.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(page), "### Several shards")
	require.True(t, found)
	list, rest, found := strings.Cut(section, "]\n")
	require.True(t, found)
	collections, err := sharding.Collections()
	require.NoError(t, err)
	for name, key := range collections {
		require.Equal(t, key != "", strings.Contains(list, `"`+name+`"`), name)
		require.Equal(t, key == "", strings.Contains(rest, "`"+name+"`"), name)
	}
}
