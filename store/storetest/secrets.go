package storetest

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/commit"
)

// Secrets are kept as they were given, and rotated by one command at a time. The one
// before signs until the time of the new one has come.
func secretRotated(t *testing.T, open Opener) {
	d := newDesk(t, open)
	first, err := d.Secret(soon(t))
	require.NoError(t, err)
	secrets, revision, err := d.Secrets(soon(t))
	require.NoError(t, err)
	require.Len(t, secrets, 1)
	for n := range 3 {
		next := secrets.Rotated(bytes.Repeat([]byte{byte(n)}, 32), time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond), time.Hour)
		save := func() error { return d.SaveSecrets(soon(t), next, revision) }
		errs := together(save, save)
		require.ElementsMatch(t, []bool{true, false}, []bool{errs[0] == nil, errs[1] == nil}, "%v", errs)
		for _, err := range errs {
			if err != nil {
				require.ErrorIs(t, err, commit.ErrStale)
			}
		}
		secrets, revision, err = d.Secrets(soon(t))
		require.NoError(t, err)
		require.Equal(t, next, secrets)
	}
	signing, err := d.Secret(soon(t))
	require.NoError(t, err)
	require.Equal(t, first, signing, "none of the new ones signs yet")
}
