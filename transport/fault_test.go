package transport_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"switchboard/transport"
	"switchboard/transport/codes"
	"switchboard/transport/guard"
)

func TestFaultOfASocket(t *testing.T) {
	e := start(t, nil)
	c := e.dial(transport.Subprotocol)
	c.send(strings.Replace(initGood, "good", "poison", 1))
	end, _ := c.closed()
	require.Equal(t, websocket.StatusCode(4500), end.Code)
	require.NotContains(t, end.Reason, "secret")
	require.Equal(t, 500, e.post(document(`{hello}`), "Authorization", "Bearer poison").status)
	e.connect("good")
}

func TestPanickingPresenter(t *testing.T) {
	e := start(t, func(o *transport.Options) {
		o.ErrorPresenter = func(context.Context, error) *gqlerror.Error { panic("secret") }
	})
	a := e.post(document(`{nothing}`))
	require.Equal(t, 500, a.status)
	require.Equal(t, codes.Internal, a.code())
	c := e.connect("good")
	c.subscribe("1", `{nothing}`)
	require.Equal(t, `1 error [{"message":"internal error","extensions":{"code":"INTERNAL"}}]`, c.next().String())
	c.subscribe("1", `{hello}`)
	require.Equal(t, "next", c.next().Type, "the socket lives on")
}

func TestPresenterSeesEveryErrorOfAnOperation(t *testing.T) {
	e := start(t, func(o *transport.Options) {
		o.ErrorPresenter = func(_ context.Context, err error) *gqlerror.Error {
			return &gqlerror.Error{Message: "seen", Extensions: map[string]any{"typed": errors.Is(err, errSourceDied)}}
		}
	})
	for _, query := range []string{`{fail}`, `{nothing}`, `{`, deep(30)} {
		require.Equal(t, "seen", e.post(document(query)).body.Errors[0].Message, query)
	}
	c := e.connect("good")
	c.subscribe("1", `subscription{dying}`)
	c.next()
	require.Equal(t, `1 error [{"message":"seen","extensions":{"typed":true}}]`, c.next().String())
}

func TestErrorThatCannotBeEncoded(t *testing.T) {
	e := start(t, func(o *transport.Options) {
		o.ErrorPresenter = func(context.Context, error) *gqlerror.Error {
			return &gqlerror.Error{Message: "odd", Extensions: map[string]any{"odd": make(chan int)}}
		}
	})
	a := e.post(document(`{hello fail}`))
	require.Equal(t, codes.Internal, a.code())
	require.NotNil(t, a.body.Data)
}

// annotate is an extension that adds to each response.
type annotate struct{}

func (annotate) ExtensionName() string                   { return "Annotate" }
func (annotate) Validate(graphql.ExecutableSchema) error { return nil }
func (annotate) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	graphql.RegisterExtension(ctx, "cost", 7)
	return next(ctx)
}

// endless is an interceptor that answers without an end.
type endless struct{}

func (endless) ExtensionName() string                   { return "Endless" }
func (endless) Validate(graphql.ExecutableSchema) error { return nil }
func (endless) InterceptOperation(context.Context, graphql.OperationHandler) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response { return graphql.ErrorResponse(ctx, "refused") }
}

func TestExtensionsOfAResponse(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Extensions = []graphql.HandlerExtension{annotate{}} })
	require.Contains(t, e.post(document(`{hello}`)).text, `"extensions":{"cost":7}`)
	c := e.connect("good")
	c.subscribe("1", `{viewer}`)
	require.Equal(t, `{"data":{"viewer":"good"},"extensions":{"cost":7}}`, string(c.next().Payload))
}

func TestInterceptorThatRefuses(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Extensions = []graphql.HandlerExtension{endless{}} })
	require.Equal(t, 200, e.post(document(`{hello}`)).status)
	require.Equal(t, 400, e.post(document(`{hello}`), "Accept", newJSON).status)
	c := e.connect("good")
	for _, query := range []string{`{hello}`, `subscription{feed}`} {
		c.subscribe("1", query)
		require.Equal(t, `1 error [{"message":"refused"}]`, c.next().String())
	}
	require.Zero(t, e.schema.executed.Load())
}

func TestConnectionThatCannotBeUpgraded(t *testing.T) {
	e := start(t, nil)
	w := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Header.Set("Upgrade", "websocket")
	e.server.ServeHTTP(w, req)
	require.Equal(t, http.StatusNotImplemented, w.Code)
	require.Contains(t, w.Body.String(), `"errors"`)
	require.Zero(t, e.server.Sockets())
}

func TestUpgradeThroughMiddleware(t *testing.T) {
	e := start(t, nil)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.server.ServeHTTP(wrapped{w}, r)
	}))
	defer web.Close()
	e.url = web.URL
	c := e.connect("good")
	c.subscribe("1", `{viewer}`)
	require.Equal(t, "next", c.next().Type)
}

// wrapped is a ResponseWriter as middleware makes it.
type wrapped struct{ inner http.ResponseWriter }

func (w wrapped) Header() http.Header         { return w.inner.Header() }
func (w wrapped) Write(p []byte) (int, error) { return w.inner.Write(p) }
func (w wrapped) WriteHeader(status int)      { w.inner.WriteHeader(status) }
func (w wrapped) Unwrap() http.ResponseWriter { return w.inner }

func TestAuthErrorKeepsItsCauseForLogs(t *testing.T) {
	cause := errors.New("kid unknown")
	err := &guard.AuthError{Kind: guard.AuthInvalid, Err: cause}
	require.ErrorIs(t, err, cause)
	require.Equal(t, "invalid token: kid unknown", err.Error())
	require.Equal(t, "revoked", (&guard.AuthError{Message: "revoked"}).Error())
}
