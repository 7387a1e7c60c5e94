package cluster_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/cluster"
)

// A secret is accepted before it signs, the one before for the overlap, and none for
// longer than it was to be.
func TestSecretsOverlap(t *testing.T) {
	at := func(hours int) time.Time { return time.Date(2030, 1, 1, hours, 0, 0, 0, time.UTC) }
	all := cluster.Secrets{{Value: []byte("a")}}.Rotated([]byte("b"), at(1), 2*time.Hour).Rotated([]byte("c"), at(2), 4*time.Hour)
	for hour, want := range map[int]struct {
		signing  string
		accepted string
	}{0: {"a", "cba"}, 1: {"b", "cba"}, 2: {"c", "cba"}, 3: {"c", "cb"}, 5: {"c", "cb"}, 6: {"c", "c"}} {
		var accepted string
		for _, one := range all.Accepted(at(hour)) {
			accepted += string(one)
		}
		require.Equal(t, want.signing, string(all.Signing(at(hour))), "at %d", hour)
		require.Equal(t, want.accepted, accepted, "at %d", hour)
	}
	require.Len(t, all.Rotated([]byte("d"), at(9), time.Hour), 2, "those whose end has come are left out")
	require.Nil(t, cluster.Secrets(nil).Signing(at(0)))
}
