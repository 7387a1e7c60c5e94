package transport_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
)

// FuzzFrame reads any bytes as a message: it is refused in a few words that are
// not the client's own, or is of a known type.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{`{"type":"ping"}`, `{"type":"subscribe","id":"1","payload":{"query":"{hello}"}}`, `{"type":{"$ne":null}}`, `[]`, `{"TYPE":"ping"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, id, err := transport.ParseMessage(data)
		if err != nil {
			require.LessOrEqual(t, len(err.Error()), 123, "it must fit into a close frame")
			return
		}
		require.Contains(t, []string{"connection_init", "ping", "pong", "subscribe", "complete"}, kind)
		require.LessOrEqual(t, len(id), 256)
		require.True(t, utf8.Valid(data))
	})
}

// FuzzInitPayload reads any bytes as the payload of connection_init: a token
// without spaces comes of it, or a refusal that holds none of it.
func FuzzInitPayload(f *testing.F) {
	for _, seed := range []string{`{"Authorization":"Bearer abc"}`, `{"authorization":"bearer abc"}`, `{"Authorization":{"$gt":""}}`, `null`, `{"Authorization":"Bearer a b"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		token, err := transport.InitToken(payload)
		if err != nil {
			require.LessOrEqual(t, len(err.Error()), 123)
			return
		}
		require.NotEmpty(t, token)
		require.False(t, strings.ContainsAny(token, " \t\r\n"), "%q", token)
		require.LessOrEqual(t, len(token), 8<<10)
	})
}
