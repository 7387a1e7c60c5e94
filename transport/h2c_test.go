package transport_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// Event streams are served over HTTP/2 as well: many share a connection, one that ends
// early ends alone, and the shutdown ends them all without a complete.
func TestEventStreamsOverHTTP2(t *testing.T) {
	e := start(t, nil)
	web := httptest.NewUnstartedServer(e.server)
	web.Config.Protocols = new(http.Protocols)
	web.Config.Protocols.SetUnencryptedHTTP2(true)
	web.Start()
	defer web.Close()
	e.url, e.http = web.URL, &http.Client{Transport: &http.Transport{Protocols: web.Config.Protocols}}
	defer e.http.CloseIdleConnections()
	require.Equal(t, 200, e.post(document(`{hello}`)).status)
	one, two := e.follow(`subscription{feed}`), e.follow(`subscription{feed}`)
	require.Equal(t, 2, one.resp.ProtoMajor)
	eventually(t, func() bool { return e.schema.listening() == 2 }, "both")
	e.schema.broadcast("a")
	const event = "event: next\ndata: {\"data\":{\"feed\":\"a\"}}\n"
	require.Equal(t, event, one.next())
	require.Equal(t, event, two.next())
	one.stop()
	eventually(t, func() bool { return e.schema.listening() == 1 }, "the other")
	require.NoError(t, e.server.Shutdown(context.Background()))
	for {
		text, err := two.read()
		if err != nil {
			break
		}
		require.NotContains(t, text, "complete")
	}
}
