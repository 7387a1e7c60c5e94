package transport

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// refusal is an answer given without executing anything.
type refusal struct {
	status int
	header http.Header
	err    *gqlerror.Error
}

func refuse(status int, code, message string) *refusal {
	return &refusal{status: status, header: http.Header{}, err: coded(code, message)}
}

// httpReply writes the one answer of a request.
type httpReply struct {
	w     http.ResponseWriter
	media string
}

// refuse answers with the refusal's own status and headers.
func (p *httpReply) refuse(no *refusal) {
	for name, values := range no.header {
		p.w.Header()[name] = values
	}
	p.write(no.status, &graphql.Response{Errors: gqlerror.List{no.err}})
}

// send answers with what the executor said. Only the newer media type lets the
// status tell a request that failed from one that was executed.
func (p *httpReply) send(resp *graphql.Response) {
	status := http.StatusOK
	if p.media == mediaResponse && failedRequest(resp) {
		status = http.StatusBadRequest
	}
	p.write(status, resp)
}

func (p *httpReply) write(status int, resp *graphql.Response) {
	body := appendResponse(nil, resp)
	header := p.w.Header()
	header.Set("Content-Type", p.media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	p.w.WriteHeader(status)
	// A client that has gone needs no answer.
	_, _ = p.w.Write(body)
}

// recoverPanic answers a panic outside of a resolver. Nothing has been written
// by then, because an answer is written whole and last.
func (p *httpReply) recoverPanic(ctx context.Context, exec graphql.GraphExecutor) {
	value := recover()
	if value == nil {
		return
	}
	if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(value)
	}
	p.write(http.StatusInternalServerError, presentPanic(ctx, exec, value))
}
