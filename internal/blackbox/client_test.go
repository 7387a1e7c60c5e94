package blackbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// object is any object of JSON.
type object = map[string]any

// client asks a server with one token.
type client struct {
	*server
	t     *testing.T
	token string
}

// as gives a client for one whom the server printed a token for.
func (s *server) as(t *testing.T, who string) *client {
	t.Helper()
	require.Contains(t, s.tokens, who)
	return s.with(t, s.tokens[who])
}

// with gives a client with a token of one's own; empty for none.
func (s *server) with(t *testing.T, token string) *client {
	t.Helper()
	return &client{server: s, t: t, token: token}
}

// answer is a response of the API.
type answer struct {
	t      *testing.T
	status int
	text   string
	Data   object
	Errors []struct {
		Message    string
		Extensions object
	}
}

// do sends an operation and waits for its answer.
func (c *client) do(query string, variables object) answer {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	a, err := c.try(ctx, query, variables)
	require.NoError(c.t, err)
	return a
}

// try is do for a server that may not answer.
func (c *client) try(ctx context.Context, query string, variables object) (answer, error) {
	body, err := json.Marshal(object{"query": query, "variables": variables})
	if err != nil {
		return answer{}, err
	}
	return c.post(ctx, bytes.NewReader(body))
}

func (c *client) post(ctx context.Context, body io.Reader) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.addr+"/graphql", body)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return c.send(req)
}

func (c *client) send(req *http.Request) (answer, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{t: c.t, status: resp.StatusCode, text: string(text)}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("status %d, not JSON: %s", resp.StatusCode, text)
	}
	return a, nil
}

// get reads a page.
func (s *server) get(t *testing.T, path string) (status int, header http.Header, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.addr+path, nil)
	require.NoError(t, err)
	resp, err := s.http.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, string(text)
}

// at follows a path of fields and indexes in an answer without errors.
func (a answer) at(path string) any {
	a.t.Helper()
	require.Empty(a.t, a.Errors, a.text)
	return at(a.t, a.Data, path)
}

// code is that of the first error; empty when there is none.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

// at follows a path such as "conversation.messages.nodes.0.body".
func at(t *testing.T, from any, path string) any {
	t.Helper()
	for step := range strings.SplitSeq(path, ".") {
		switch here := from.(type) {
		case object:
			require.Contains(t, here, step, "%s in %v", path, from)
			from = here[step]
		case []any:
			index, err := strconv.Atoi(step)
			require.NoError(t, err, path)
			require.Less(t, index, len(here), "%s in %v", path, from)
			from = here[index]
		default:
			require.FailNow(t, "nothing there", "%s of %s in %v", step, path, from)
		}
	}
	return from
}

// column gives one text of each member of a list.
func column(t *testing.T, list any, path string) []string {
	t.Helper()
	items, ok := list.([]any)
	require.True(t, ok, "not a list: %v", list)
	out := []string{}
	for _, item := range items {
		out = append(out, str(t, item, path))
	}
	return out
}

func str(t *testing.T, from any, path string) string {
	t.Helper()
	value, ok := at(t, from, path).(string)
	require.True(t, ok, "%s of %v is not a string", path, from)
	return value
}

func number(t *testing.T, from any, path string) int {
	t.Helper()
	value, ok := at(t, from, path).(float64)
	require.True(t, ok, "%s of %v is not a number", path, from)
	return int(value)
}
