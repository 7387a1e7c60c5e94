package transport

import (
	"net/http"
	"time"

	"switchboard/budget"
	"switchboard/transport/codes"
	"switchboard/transport/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// SingleConnection serves the single connection mode of GraphQL over SSE, for browsers
// that may open few connections: PUT reserves a stream, GET opens it, each POST begins an
// operation whose results the stream brings, and DELETE stops one.
type SingleConnection struct {
	streams *EventStream
	all     *reservations
}

var _ graphql.Transport = (*SingleConnection)(nil)

// Supports says whether r is of this mode: it reserves, without a body, or has the token
// of a reservation.
func (t *SingleConnection) Supports(r *http.Request) bool {
	switch r.Method {
	case http.MethodPut:
		return !isUpgrade(r) && r.ContentLength == 0
	case http.MethodGet, http.MethodPost, http.MethodDelete:
		return !isUpgrade(r) && streamTokenOf(r) != ""
	}
	return false
}

// Do answers the request.
func (t *SingleConnection) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	reply := &httpReply{w: w, media: mediaJSON, observer: t.streams.http.Observer}
	defer reply.recoverPanic(r.Context(), exec)
	if r.Method == http.MethodGet {
		t.open(w, r, reply)
		return
	}
	id, refused := t.streams.http.identify(r)
	if refused != nil {
		reply.refuse(refused)
		return
	}
	ctx := id.Within(r.Context())
	t.streams.http.known(ctx, reply)
	leave, busy := t.streams.http.enter(ctx)
	if busy != nil {
		reply.send(&graphql.Response{Errors: gqlerror.List{busy}})
		return
	}
	defer leave()
	switch r.Method {
	case http.MethodPut:
		t.reserve(reply, id)
	case http.MethodPost:
		t.begin(r, reply, id, exec)
	case http.MethodDelete:
		t.stop(r, reply, id)
	}
}

func (t *SingleConnection) reserve(reply *httpReply, id guard.Identity) {
	token, refused := t.all.reserve(id)
	if refused != nil {
		reply.refuse(refused)
		return
	}
	reply.plain(http.StatusCreated, token)
}

// open answers with the stream until it ends. The token alone opens it, once, since
// EventSource can send nothing else; another caller's credentials do not.
func (t *SingleConnection) open(w http.ResponseWriter, r *http.Request, reply *httpReply) {
	release, refused := admit(&t.streams.open, t.streams.gate, guard.ClientAddress(r.Context()))
	if refused != nil {
		reply.refuse(refused)
		return
	}
	defer release()
	token := streamTokenOf(r)
	if len(r.Header.Values("Authorization")) > 0 {
		id, refused := t.streams.http.identify(r)
		if refused == nil {
			_, refused = t.all.find(token, id)
		}
		if refused != nil {
			reply.refuse(refused)
			return
		}
	}
	s, refused := t.all.take(token)
	if refused != nil {
		reply.refuse(refused)
		return
	}
	defer t.all.forget(token)
	admitted, no := t.streams.gate.Admit(s.id, time.Now())
	if no != nil {
		reply.refuse(no.Refusal())
		return
	}
	defer admitted.Leave()
	t.serve(w, r, s, admitted)
}

func (t *SingleConnection) serve(w http.ResponseWriter, r *http.Request, s *singleStream, admitted *guard.Conn) {
	e := newEvents(http.NewResponseController(w), w, t.streams.options)
	e.held = budget.NewBuffer(admitted.Buffer(), 0)
	s.open(r.Context(), e, admitted, t.streams.options.Operations)
	if !t.streams.open.add(e) {
		e.abort()
	}
	defer t.streams.open.remove(e)
	if !s.id.Expires.IsZero() {
		defer time.AfterFunc(time.Until(s.id.Expires), e.abort).Stop()
	}
	left := s.id.ReportConnected()
	defer left()
	e.write(r.Context(), t.streams.options.PingInterval) // it never ends whole
	e.over()
	s.close()
	e.running.Wait()
	if e.slow.Load() {
		t.streams.slow.Add(1)
	}
	abortResponse(r.Context())
}

// begin checks the operation of a POST, and lets it run on the stream.
func (t *SingleConnection) begin(r *http.Request, reply *httpReply, id guard.Identity, executor graphql.GraphExecutor) {
	s, refused := t.all.find(streamTokenOf(r), id)
	var params *graphql.RawParams
	if refused == nil {
		params, refused = t.streams.http.params(reply.w, r, id)
	}
	if refused != nil {
		reply.refuse(refused)
		return
	}
	operationID, _ := params.Extensions["operationId"].(string)
	if operationID == "" || len(operationID) > maxID {
		reply.refuse(guard.Refuse(http.StatusBadRequest, codes.BadRequest, "extensions.operationId must be a string of 1 to 256 bytes"))
		return
	}
	params.Headers = r.Header
	op := &operation{exec: executor, groups: t.streams.groups, frames: singleFraming{quote(operationID)}, journal: t.streams.journal}
	if refused := s.begin(operationID, op); refused != nil {
		reply.refuse(refused)
		return
	}
	opCtx, wrong := op.create(params)
	switch {
	case wrong != nil:
		s.complete(operationID)
		if guard.IsBreach(wrong) {
			s.breached()
		}
		reply.send(&graphql.Response{Errors: wrong})
	case s.spawn(func() { op.execute(opCtx) }):
		reply.plain(http.StatusAccepted, "")
	default:
		s.complete(operationID)
		reply.refuse(errNoReservation())
	}
}

func (t *SingleConnection) stop(r *http.Request, reply *httpReply, id guard.Identity) {
	s, refused := t.all.find(streamTokenOf(r), id)
	if refused != nil {
		reply.refuse(refused)
		return
	}
	s.complete(r.URL.Query().Get("operationId"))
	reply.plain(http.StatusOK, "")
}
