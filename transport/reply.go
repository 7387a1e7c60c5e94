package transport

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"switchboard/transport/codes"
	"switchboard/transport/exec"
	"switchboard/transport/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// httpReply writes the one answer of a request.
type httpReply struct {
	w        http.ResponseWriter
	media    string
	observer guard.Observer // nil for nobody
	// rate shows in the headers what the caller may still ask; nil when nobody is known.
	rate func(http.Header)
	// held waits with what is a refusal; nil when nothing waits.
	held func(*graphql.Response)
	// kept lets the client keep the answer, and match are the tags of those that it has.
	kept  bool
	match []string
}

// refuse answers with the refusal's own status and headers.
func (p *httpReply) refuse(no *guard.Refusal) {
	for name, values := range no.Header {
		p.w.Header()[name] = values
	}
	resp := &graphql.Response{Errors: gqlerror.List{no.Err}}
	if p.observer != nil {
		p.observer.Refused(guard.CodeOf(resp))
	}
	p.write(no.Status, resp)
}

// send answers with what the executor said. Only the newer media type lets the
// status tell a request that failed from one that was executed.
func (p *httpReply) send(resp *graphql.Response) {
	if p.held != nil {
		p.held(resp)
	}
	status := http.StatusOK
	if exec.FailedRequest(resp) {
		status = p.failed(resp.Errors[0].Extensions)
	}
	p.write(status, resp)
}

// failed is the status of a request that was not executed. Whoever is to come
// back later is told so in HTTP's own words, whatever the media type: proxies and
// clients know them.
func (p *httpReply) failed(why map[string]any) int {
	if seconds, later := why["retryAfter"].(int); later {
		p.w.Header().Set("Retry-After", strconv.Itoa(seconds))
		if why["code"] == codes.Unavailable {
			return http.StatusServiceUnavailable
		}
		return http.StatusTooManyRequests
	}
	if p.media == mediaResponse {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// plain answers with a word instead of a result.
func (p *httpReply) plain(status int, text string) {
	header := p.w.Header()
	if p.rate != nil {
		p.rate(header)
	}
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	p.w.WriteHeader(status)
	_, _ = io.WriteString(p.w, text) // a client that has gone needs no answer
}

func (p *httpReply) write(status int, resp *graphql.Response) {
	body := exec.AppendResponse(nil, resp)
	header := p.w.Header()
	if p.rate != nil {
		p.rate(header)
	}
	header.Set("Content-Type", p.media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if p.kept && status == http.StatusOK && len(resp.Errors) == 0 && p.unchanged(body) {
		return
	}
	p.w.WriteHeader(status)
	// A client that has gone needs no answer.
	_, _ = p.w.Write(body)
}

// unchanged lets the client keep the answer, and no cache that others share. It answers
// 304 and reports true if the client has the same answer already.
func (p *httpReply) unchanged(body []byte) bool {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	header := p.w.Header()
	header.Set("Cache-Control", "private, no-cache")
	header.Add("Vary", "Authorization, Accept")
	header.Set("ETag", "W/"+tag) // weak: it may be sent compressed
	for tags := range strings.SplitSeq(strings.Join(p.match, ","), ",") {
		if tags = strings.TrimSpace(tags); tags == "*" || strings.TrimPrefix(tags, "W/") == tag {
			header.Del("Content-Length")
			header.Del("Content-Type")
			p.w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// recoverPanic answers a panic outside of a resolver. Nothing has been written
// by then, because an answer is written whole and last.
func (p *httpReply) recoverPanic(ctx context.Context, executor graphql.GraphExecutor) {
	value := recover()
	if value == nil {
		return
	}
	if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(value)
	}
	p.write(http.StatusInternalServerError, exec.PresentPanic(ctx, executor, value))
}
