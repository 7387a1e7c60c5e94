package transport_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
)

// much is how many texts are more than a queue and the buffers of both kernels hold.
const much = 400

// narrow is a server on which little may wait to be sent, for as long as a test is patient.
func narrow(t *testing.T) *env {
	t.Helper()
	return start(t, func(o *transport.Options) {
		o.Socket.QueueBytes, o.Socket.WriteTimeout = 256<<10, patience
	})
}

// A client that reads slowly is told everything by a source that waits for it, however
// much that is: it is not closed as one that cannot keep up.
func TestASourceWaitsForASlowReader(t *testing.T) {
	query := fmt.Sprintf("subscription{patient(count:%d)}", much)
	for name, listen := range map[string]func(e *env) (next func() string){
		"socket": func(e *env) func() string {
			c := e.connect("good")
			c.subscribe("s", query)
			return func() string { return c.next().Type }
		},
		"event stream": func(e *env) func() string {
			s := e.follow(query)
			return func() string { return s.next()[len("event: "):][:4] }
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := narrow(t)
			next := listen(e)
			<-e.schema.waiting // nothing was read so far
			for range much {
				require.Equal(t, "next", next())
			}
			require.Contains(t, "complete", next())
		})
	}
}

// A source that waits for a client that has gone is told so.
func TestASourceWaitsForNobody(t *testing.T) {
	query := fmt.Sprintf("subscription{patient(count:%d)}", much)
	for name, listen := range map[string]func(e *env) (leave func()){
		"socket": func(e *env) func() {
			raw := e.rawSocket()
			_, err := io.WriteString(raw, text(initGood)+text(subscribeMessage("1", query)))
			require.NoError(e.t, err)
			return func() { _ = raw.Close() }
		},
		"event stream": func(e *env) func() { return e.follow(query).stop },
	} {
		t.Run(name, func(t *testing.T) {
			e := narrow(t)
			leave := listen(e)
			<-e.schema.waiting
			leave()
			require.Equal(t, "patient", <-e.schema.stopped)
		})
	}
}
