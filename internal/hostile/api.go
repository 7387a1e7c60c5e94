package hostile

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// Object is any object of JSON.
type Object = map[string]any

// API is a server of the demo: the host and port of its public listener.
type API struct {
	Addr string
	HTTP *http.Client

	visitors atomic.Int64
}

// NewAPI speaks to a server with connections of its own; close them when done.
func NewAPI(addr string) *API {
	return &API{Addr: addr, HTTP: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 500}}}
}

// answer is a response of the server.
type answer struct {
	Data   Object
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
}

// code is that of the first error, or of the first user error; OK for none.
func (a answer) code() string {
	if len(a.Errors) > 0 {
		return a.Errors[0].Extensions.Code
	}
	for _, payload := range a.Data {
		o, _ := payload.(Object)
		if list, _ := o["userErrors"].([]any); len(list) > 0 {
			first, _ := list[0].(Object)
			return fmt.Sprint(first["code"])
		}
	}
	return "OK"
}

// get finds a string in the answer by the names of fields.
func (a answer) get(path ...string) string {
	var at any = a.Data
	for _, name := range path {
		o, _ := at.(Object)
		at = o[name]
	}
	text, _ := at.(string)
	return text
}

// ask sends an operation over HTTP.
func (api *API) ask(ctx context.Context, token, query string, variables Object) (a answer, err error) {
	body, err := json.Marshal(Object{"query": query, "variables": variables})
	if err != nil {
		return a, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+api.Addr+"/graphql", bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := api.HTTP.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	defer func() { _, _ = io.Copy(io.Discard, resp.Body) }()
	return a, json.NewDecoder(resp.Body).Decode(&a)
}

// message is one of graphql-transport-ws.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket opens a WebSocket and presents the token; the server may refuse it, which
// reading then says.
func (api *API) socket(ctx context.Context, token string) (*websocket.Conn, error) {
	conn, _, err := websocket.Dial( //nolint:bodyclose // the library says that it need not be
		ctx, "ws://"+api.Addr+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPClient: api.HTTP})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(-1)
	return conn, wsjson.Write(ctx, conn, message{Type: "connection_init", Payload: encode(Object{"Authorization": "Bearer " + token})})
}

func subscribe(ctx context.Context, conn *websocket.Conn, id, query string, variables Object) error {
	return wsjson.Write(ctx, conn, subscription(id, query, variables))
}

func subscription(id, query string, variables Object) message {
	return message{ID: id, Type: "subscribe", Payload: encode(Object{"query": query, "variables": variables})}
}

func encode(o Object) json.RawMessage {
	data, _ := json.Marshal(o) // made of strings and numbers
	return data
}
