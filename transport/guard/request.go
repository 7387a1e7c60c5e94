package guard

import (
	"context"
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
)

// RequestHeader carries the id of a request, from a client or a proxy and back.
const RequestHeader = "X-Request-Id"

// maxRequestID is the longest id of a client that is kept, in bytes.
const maxRequestID = 64

// requestID is the id of a request, and which operation of its connection is meant; 0 for
// none or the only one.
type requestID struct {
	id        string
	operation uint64
}

type requestKey struct{}

// Identified gives each request an id: that of the client if it is sane, or one of its
// own. The answer has it in the same header.
func Identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(RequestHeader)
		if !saneID(id) {
			id = rand.Text()
		}
		w.Header().Set(RequestHeader, id)
		next.ServeHTTP(w, r.WithContext(WithRequest(r.Context(), id)))
	})
}

// WithRequest gives a context of the request with that id.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, requestID{id: id})
}

// WithOperation gives a context of one operation of a connection, by its number from 1.
func WithOperation(ctx context.Context, number uint64) context.Context {
	of, _ := ctx.Value(requestKey{}).(requestID)
	return context.WithValue(ctx, requestKey{}, requestID{of.id, number})
}

// RequestID is the id of the request behind ctx, with the number of the operation behind
// it on a connection that has many; empty without a request.
func RequestID(ctx context.Context) string {
	of, _ := ctx.Value(requestKey{}).(requestID)
	if of.operation == 0 {
		return of.id
	}
	return of.id + "-" + strconv.FormatUint(of.operation, 10)
}

// saneID accepts what generators of ids make, and nothing that a log could be forged with.
func saneID(id string) bool {
	return id != "" && len(id) <= maxRequestID && strings.IndexFunc(id, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("-_.", r)
	}) < 0
}
