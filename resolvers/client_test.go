package resolvers_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// client asks over HTTP with one token.
type client struct {
	*server
	t     *testing.T
	token string
	space *space
}

// vars are the variables of an operation.
type vars map[string]any

// object is any object of a response.
type object = map[string]any

// answer is a response.
type answer struct {
	t      *testing.T
	status int
	text   string
	Data   object
	Errors []struct {
		Message    string
		Path       []any
		Extensions object
	}
}

// do sends an operation.
func (c *client) do(query string, v vars) answer {
	c.t.Helper()
	body, err := json.Marshal(object{"query": query, "variables": v})
	require.NoError(c.t, err)
	return c.post(string(body))
}

// post sends a body as it is.
func (c *client) post(body string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url, strings.NewReader(body))
	require.NoError(c.t, err)
	req.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.http.Do(req)
	require.NoError(c.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	return parse(c.t, resp.StatusCode, text)
}

func parse(t *testing.T, status int, text []byte) answer {
	t.Helper()
	a := answer{t: t, status: status, text: string(text)}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // figures stay as they were written
	require.NoError(t, decoder.Decode(&a), "not JSON: %s", text)
	return a
}

// ok demands an answer without errors and gives its data.
func (a answer) ok() object {
	a.t.Helper()
	require.Empty(a.t, a.Errors, a.text)
	return a.Data
}

// code is that of the first error; empty when there is none.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

// at follows a path of fields and indexes such as "conversation.messages.nodes".
func (a answer) at(path string) any { return dig(a.t, a.ok(), path) }

func dig(t *testing.T, from any, path string) any {
	t.Helper()
	for field := range strings.SplitSeq(path, ".") {
		o, ok := from.(object)
		require.True(t, ok, "%s of %s is not an object: %v", field, path, from)
		from = o[field]
	}
	return from
}

// column gives one field of each object of a list.
func column(t *testing.T, list any, path string) []string {
	t.Helper()
	items, ok := list.([]any)
	require.True(t, ok, "not a list: %v", list)
	out := []string{}
	for _, item := range items {
		text, _ := dig(t, item, path).(string)
		out = append(out, text)
	}
	return out
}
