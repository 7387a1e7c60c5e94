package main

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// compressFrom is the size in bytes from which an answer is compressed: a smaller
// one fits into a packet as it is.
const compressFrom = 1400

// compressPadding is the most that is added to a compressed answer, in bytes.
const compressPadding = 64

// compressed sends the answers of next with gzip to those who accept it: whole
// JSON answers of a packet or more. Event streams, multipart answers and sockets
// pass through untouched, since an item that waits in a compressor is late.
// Tokens travel in a header that no other site can make a browser send. Answers may
// still contain the words of a visitor beside those of others, so their lengths vary
// by padding: who watches the line learns little from how well they compress.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.MinSize(compressFrom), gzhttp.EnableZstd(false), gzhttp.RandomJitter(compressPadding, 0, false),
		gzhttp.ContentTypes([]string{"application/json", "application/graphql-response+json"}),
	)
	if err != nil {
		panic("compress: " + err.Error()) // the options are constants: cannot happen
	}
	whole := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if streamed(r) {
			next.ServeHTTP(w, r)
			return
		}
		whole.ServeHTTP(w, r)
	})
}

// streamed reports whether a request may be answered bit by bit.
func streamed(r *http.Request) bool {
	if r.Header.Get("Upgrade") != "" {
		return true
	}
	accept := strings.ToLower(strings.Join(r.Header.Values("Accept"), ","))
	return strings.Contains(accept, "text/event-stream") || strings.Contains(accept, "multipart/")
}
