package mongo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/feed"
)

// FuzzPosition reads any text as a position: it is a token, which can be written and
// read again, or ErrBadPosition, and never a panic.
func FuzzPosition(f *testing.F) {
	f.Add(encodePosition(tokenOf("8263A1B2C30000000A2B022C0100296E5A1004")))
	f.Add(`{"$gt":""}`)
	f.Add("EwAAABF0cwAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, position string) {
		token, err := decodePosition(position)
		if err != nil {
			require.ErrorIs(t, err, feed.ErrBadPosition)
			return
		}
		again, err := decodePosition(encodePosition(token))
		require.NoError(t, err)
		require.Equal(t, token, again)
	})
}
