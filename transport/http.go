package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"switchboard/transport/codes"
	"switchboard/transport/guard"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	defaultMaxBody     = 1 << 20
	defaultBodyTimeout = 30 * time.Second
)

// HTTP answers one query or mutation a request, by POST or, queries only, GET.
type HTTP struct {
	// Authenticator is required.
	Authenticator guard.Authenticator
	// MaxBody is the largest body in bytes, default 1 MiB.
	MaxBody int64
	// BodyTimeout is how long a client may take to send it, default 30 s.
	BodyTimeout time.Duration
	// Observer hears what is refused; required.
	Observer guard.Observer
	// requests bounds those under way, from the reading of the body until the
	// answer is written; classes are those of Options. Nil is no bound.
	requests *guard.Running
	classes  map[string]guard.Class
	holds    *guard.Holds
	// rate is what a caller may still ask; nil where nobody counts.
	rate func(ctx context.Context) guard.Rate
}

var _ graphql.Transport = HTTP{}

// Supports says yes to everything that is not a WebSocket upgrade, so that what
// cannot be served gets an answer that says why.
func (h HTTP) Supports(r *http.Request) bool { return !isUpgrade(r) }

// Do answers the request. Nothing is read or executed for a caller who is not
// authenticated.
func (h HTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	reply := &httpReply{w: w, media: mediaJSON, observer: h.Observer, match: r.Header.Values("If-None-Match")}
	defer reply.recoverPanic(r.Context(), exec)

	if refusal := checkMethod(r.Method); refusal != nil {
		reply.refuse(refusal)
		return
	}
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", allMethods)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	media := negotiate(r.Header)
	if media == "" {
		reply.refuse(guard.Refuse(http.StatusNotAcceptable, codes.NotAcceptable,
			"accept "+mediaResponse+" or "+mediaJSON))
		return
	}
	reply.media = media

	id, refusal := h.identify(r)
	if refusal != nil {
		reply.refuse(refusal)
		return
	}
	ctx := id.Within(r.Context())
	h.known(ctx, reply)
	leave, busy := h.enter(ctx)
	if busy != nil {
		reply.send(&graphql.Response{Errors: gqlerror.List{busy}})
		return
	}
	defer leave()
	params, refusal := h.params(w, r, id)
	if refusal != nil {
		reply.refuse(refusal)
		return
	}
	params.Headers = r.Header
	execute(ctx, reply, r.Method, params, exec)
}

// known lets the reply to the caller of ctx say its rate, and wait with refusals.
func (h HTTP) known(ctx context.Context, reply *httpReply) {
	if h.rate != nil {
		reply.rate = func(header http.Header) { h.rate(ctx).Show(header) }
	}
	if h.holds != nil {
		reply.held = h.holds.Holding(ctx, reply.w.Header())
	}
}

// enter admits a request of whoever ctx is of.
func (h HTTP) enter(ctx context.Context) (leave func(), refused *gqlerror.Error) {
	if h.requests == nil {
		return func() {}, nil
	}
	leave, refused = h.requests.Admit(ctx)
	if refused != nil {
		h.Observer.Refused(codes.RateLimited)
	}
	return leave, refused
}

// execute runs the operation and writes what comes of it.
func execute(ctx context.Context, reply *httpReply, method string, params *graphql.RawParams, exec graphql.GraphExecutor) {
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}
	reply.kept = method == http.MethodGet && guard.NamesDocument(params)
	opCtx, errs := exec.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		reply.send(exec.DispatchError(graphql.WithOperationContext(ctx, opCtx), errs))
		return
	}
	if refusal := checkOperation(method, opCtx.Operation.Operation); refusal != nil {
		reply.refuse(refusal)
		return
	}
	responses, ctx := exec.DispatchOperation(ctx, opCtx)
	resp := responses(ctx)
	if resp == nil {
		// The executor says so when the client has gone.
		resp = &graphql.Response{Errors: gqlerror.List{codes.New(codes.Internal, "the request was cancelled")}}
	}
	reply.send(resp)
}

func checkOperation(method string, operation ast.Operation) *guard.Refusal {
	switch {
	case operation == ast.Subscription:
		return guard.Refuse(http.StatusBadRequest, codes.BadRequest,
			"subscriptions need a WebSocket with the subprotocol "+Subprotocol+", or accept "+mediaEvents)
	case method == http.MethodGet && operation != ast.Query:
		no := guard.Refuse(http.StatusMethodNotAllowed, codes.MethodNotAllowed, "send a mutation by POST")
		no.Header.Set("Allow", http.MethodPost)
		return no
	}
	return nil
}

const allMethods = "GET, POST, PUT, DELETE, OPTIONS"

func checkMethod(method string) *guard.Refusal {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodOptions:
		return nil
	}
	no := guard.Refuse(http.StatusMethodNotAllowed, codes.MethodNotAllowed, "use POST, or GET for a query")
	no.Header.Set("Allow", allMethods)
	return no
}

// identify returns whoever asks.
func (h HTTP) identify(r *http.Request) (guard.Identity, *guard.Refusal) {
	token, refused := guard.HeaderToken(r.Header)
	var id guard.Identity
	if refused == nil {
		id, refused = guard.Authenticate(r.Context(), h.Authenticator, token)
	}
	if refused == nil {
		return id, nil
	}
	if refused.Kind == guard.AuthUnavailable {
		return id, guard.RefuseForNow(http.StatusServiceUnavailable, codes.Unavailable, refused.Public())
	}
	if refused.Kind == guard.AuthForbidden {
		return id, guard.Refuse(http.StatusForbidden, refused.Code, refused.Public())
	}
	no := guard.Refuse(http.StatusUnauthorized, codes.Unauthenticated, refused.Public())
	challenge := "Bearer"
	if token != "" {
		challenge = `Bearer error="invalid_token"`
	}
	no.Header.Set("WWW-Authenticate", challenge)
	return id, no
}

// params returns the operation that the request asks for.
func (h HTTP) params(w http.ResponseWriter, r *http.Request, id guard.Identity) (*graphql.RawParams, *guard.Refusal) {
	if r.Method == http.MethodGet {
		params, err := queryParams(r.URL)
		if err != nil {
			return nil, guard.Refuse(http.StatusBadRequest, codes.BadRequest, err.Error())
		}
		return params, nil
	}
	if !readable(r.Header) {
		return nil, guard.Refuse(http.StatusUnsupportedMediaType, codes.UnsupportedMediaType,
			"send the body as "+mediaJSON+" in UTF-8, not compressed")
	}
	limit := h.MaxBody
	if limit <= 0 {
		limit = defaultMaxBody
	}
	if most := h.classes[id.Class].MessageBytes; most > 0 {
		limit = min(limit, most)
	}
	body, err := h.read(w, http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		return nil, refuseBody(err)
	}
	params, err := decodeParams(body)
	if err != nil {
		return nil, guard.Refuse(http.StatusBadRequest, codes.BadRequest, "request body: "+err.Error())
	}
	return params, nil
}

// read gives the client a while to send its body, and then as long as it likes
// to read the answer.
func (h HTTP) read(w http.ResponseWriter, body io.Reader) ([]byte, error) {
	patience := h.BodyTimeout
	if patience <= 0 {
		patience = defaultBodyTimeout
	}
	connection := http.NewResponseController(w)
	if connection.SetReadDeadline(time.Now().Add(patience)) == nil {
		defer func() { _ = connection.SetReadDeadline(time.Time{}) }() // it was possible a moment ago
	}
	return io.ReadAll(body)
}

func refuseBody(err error) *guard.Refusal {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return guard.Refuse(http.StatusRequestEntityTooLarge, codes.PayloadTooLarge, "the request body is too large")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return guard.Refuse(http.StatusRequestTimeout, codes.BadRequest, "the request body took too long to arrive")
	}
	return guard.Refuse(http.StatusBadRequest, codes.BadRequest, "the request body could not be read")
}

// queryParams returns the operation in the query string of u.
func queryParams(u *url.URL) (*graphql.RawParams, error) {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, errors.New("the query string is malformed")
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	if params.Variables, err = decodeMap("variables", []byte(values.Get("variables"))); err != nil {
		return nil, err
	}
	if params.Extensions, err = decodeMap("extensions", []byte(values.Get("extensions"))); err != nil {
		return nil, err
	}
	return named(params, values.Get("documentId"))
}

// isUpgrade says whether r wants to become a WebSocket. Other upgrades, such as
// h2c, may be declined by answering the request as it is.
func isUpgrade(r *http.Request) bool {
	for _, value := range r.Header.Values("Upgrade") {
		for _, token := range strings.Split(value, ",") {
			if strings.EqualFold(strings.TrimSpace(token), "websocket") {
				return true
			}
		}
	}
	return false
}
