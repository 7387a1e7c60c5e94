package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A whole answer of a packet or more is sent with gzip to who accepts it; small
// ones, streams and sockets are as they were.
func TestAnswersAreCompressed(t *testing.T) {
	const long = 20_000
	rows := []struct {
		name, contentType string
		size              int
		header            map[string]string
		want              string
	}{
		{"a long answer", "application/json", long, map[string]string{"Accept-Encoding": "gzip, br"}, "gzip"},
		{"a long answer by its newer type", "application/graphql-response+json; charset=utf-8", long, map[string]string{"Accept-Encoding": "gzip"}, "gzip"},
		{"a small one", "application/json", 400, map[string]string{"Accept-Encoding": "gzip"}, ""},
		{"for who does not accept it", "application/json", long, nil, ""},
		{"for who refuses it", "application/json", long, map[string]string{"Accept-Encoding": "gzip;q=0"}, ""},
		{"an event stream", "text/event-stream", long, map[string]string{"Accept-Encoding": "gzip", "Accept": "text/event-stream"}, ""},
		{"an event stream that nobody announced", "text/event-stream", long, map[string]string{"Accept-Encoding": "gzip"}, ""},
		{"parts", "multipart/mixed", long, map[string]string{"Accept-Encoding": "gzip", "Accept": "multipart/mixed, application/json"}, ""},
		{"an upgrade", "application/json", long, map[string]string{"Accept-Encoding": "gzip", "Upgrade": "websocket"}, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			said := strings.Repeat("a", row.size)
			handler := compressed(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", row.contentType)
				_, _ = io.WriteString(w, said)
			}))
			r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			for name, value := range row.header {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			require.Equal(t, row.want, w.Header().Get("Content-Encoding"))
			body := io.Reader(w.Body)
			if row.want == "gzip" {
				require.Contains(t, w.Header().Values("Vary"), "Accept-Encoding")
				require.Less(t, w.Body.Len(), row.size/2)
				unpacked, err := gzip.NewReader(w.Body)
				require.NoError(t, err)
				body = unpacked
			}
			got, err := io.ReadAll(body)
			require.NoError(t, err)
			require.Equal(t, said, string(got))
		})
	}
}

// What a stream has written is with its reader at once.
func TestStreamsAreNotHeldBack(t *testing.T) {
	flushed := func(header string) (early string, flushed bool) {
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("Accept", header)
		w := httptest.NewRecorder()
		compressed(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Content-Type", header)
			_, _ = io.WriteString(out, "data: 1\n\n")
			_ = http.NewResponseController(out).Flush()
			early = w.Body.String()
		})).ServeHTTP(w, r)
		return early, w.Flushed
	}
	for _, header := range []string{"text/event-stream", "multipart/mixed"} {
		early, done := flushed(header)
		require.Equal(t, "data: 1\n\n", early, header)
		require.True(t, done, header)
	}
}

// How long a compressed answer is does not show by a byte or two whether a guess that
// somebody had put into it repeats a secret in it.
func TestLengthsOfAnswersSayLittle(t *testing.T) {
	const secret = "the last words of somebody else"
	length := func(guess string) int {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		compressed(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, secret+guess+strings.Repeat("a", 2*compressFrom))
		})).ServeHTTP(w, r)
		return w.Body.Len()
	}
	lengths := map[int]bool{}
	for letter := range 26 {
		lengths[length("the last words of somebody "+string(rune('a'+letter)))] = true
	}
	require.Greater(t, len(lengths), 8)
}
