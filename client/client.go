// Package client calls a Switchboard server from Go. Its Client carries what genqlient generates: the operations of the
// folder api, or your own. Subscriptions come back by themselves, each after the last cursor that it delivered.
package client

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/Khan/genqlient/graphql"
)

// Token returns a bearer token. The client asks for one for each request and each connection. refused is the token that
// the server refused just now; empty otherwise. An error passes, as a lost connection does.
type Token func(ctx context.Context, refused string) (string, error)

// Static always returns the same token.
func Static(token string) Token {
	return func(context.Context, string) (string, error) { return token, nil }
}

// Options are what a client may be given. The zero value is usable.
type Options struct {
	// HTTP sends requests and opens connections; http.DefaultClient if nil.
	HTTP *http.Client
	// Missed hears the name of a subscription when items of it can no longer be delivered: fetch again. It is called from
	// the goroutine of the subscription. An item with gap: true is delivered besides.
	Missed func(operation string)
	// Wait returns how long to wait before the given attempt to reach the server again, from 0. Half a second, then
	// twice as long each time up to 8 seconds, if nil.
	Wait func(attempt int) time.Duration
}

// Client is a graphql.Client and a graphql.WebSocketClient. Each subscription has a connection of its own, so that one
// whose reader is slow delays no other.
type Client struct {
	graphql.Client
	url     string
	token   Token
	options Options

	mu            sync.Mutex
	subscriptions map[string]*subscription
	next          int
	closed        bool
}

var _ graphql.WebSocketClient = (*Client)(nil)

// New returns a client of the API at a URL such as https://desk.example/graphql. It opens no connection yet. Close it.
func New(url string, token Token, options Options) *Client {
	if options.HTTP == nil {
		options.HTTP = http.DefaultClient
	}
	if options.Missed == nil {
		options.Missed = func(string) {}
	}
	if options.Wait == nil {
		options.Wait = backoff
	}
	c := &Client{url: url, token: token, options: options, subscriptions: map[string]*subscription{}}
	c.Client = graphql.NewClient(url, doer{c})
	return c
}

// doer adds the token to requests.
type doer struct{ c *Client }

// Do sends a request.
func (d doer) Do(req *http.Request) (*http.Response, error) {
	token, err := d.c.token(req.Context(), "")
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	return d.c.options.HTTP.Do(req)
}

// backoff has a bit of chance in it, which keeps clients apart.
func backoff(attempt int) time.Duration {
	longest := min(8*time.Second, 500*time.Millisecond<<min(attempt, 10))
	return longest/2 + rand.N(longest/2)
}
