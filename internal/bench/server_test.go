package bench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// server is the program in a process of its own.
type server struct {
	process *os.Process
	binary  string
	uri     string
	url     string
}

func startServer(b *testing.B, uri string) *server {
	b.Helper()
	s := &server{binary: filepath.Join(b.TempDir(), "switchboard"), uri: uri}
	build := exec.CommandContext(context.Background(), "go", "build", "-o", s.binary, "switchboard/cmd/switchboard")
	out, err := build.CombinedOutput()
	require.NoError(b, err, string(out))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	addr := free.Addr().String()
	require.NoError(b, free.Close())
	s.url = "http://" + addr + "/graphql"

	cmd := exec.CommandContext(context.Background(), s.binary, "serve", "--demo", "--mongodb-uri", uri, "--addr", addr, "--log-level", "warn",
		"--cost-per-second", "0", "--max-operations", "0", "--max-operations-per-address", "0", "--max-operations-per-principal", "0")
	cmd.Stderr = os.Stderr
	require.NoError(b, cmd.Start())
	s.process = cmd.Process
	b.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	require.Eventually(b, func() bool {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return false
		}
		_ = conn.Close()
		return s.token("manager@demo.test") != ""
	}, 2*time.Minute, 200*time.Millisecond)
	return s
}

// token asks the program for a token; empty while there is none.
func (s *server) token(email string) string {
	out, err := exec.CommandContext(context.Background(), s.binary, "token", "--mongodb-uri", s.uri, "--as", email).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// migrate makes the program's indexes in another database.
func (s *server) migrate(b *testing.B, database string) {
	b.Helper()
	named, err := url.Parse(s.uri)
	require.NoError(b, err)
	named.Path = "/" + database
	out, err := exec.CommandContext(context.Background(), s.binary, "migrate", "--mongodb-uri", named.String()).CombinedOutput()
	require.NoError(b, err, string(out))
}

// client takes one conversation over, as two people in turn.
type client struct {
	http   *http.Client
	url    string
	tokens []string
	id     string
	turn   int
}

const takeOver = `mutation TakeOver($id: ID!) { takeOverConversation(input: { conversationId: $id }) {
  conversation { id version epoch assignee { id name } } event { id kind at } warnings { code } userErrors { code message } } }`

func newClient(b *testing.B, s *server) *client {
	b.Helper()
	c := &client{http: &http.Client{}, url: s.url, tokens: []string{s.token("agent1@demo.test"), s.token("manager@demo.test")}}
	var found struct {
		Conversations struct{ Nodes []struct{ ID string } }
	}
	require.Eventually(b, func() bool {
		data, err := c.ask(c.tokens[0], `{ conversations(first: 1, view: {list: MINE, kinds: [LIVECHAT], statuses: [OPEN]}) { nodes { id } } }`, nil)
		return err == nil && json.Unmarshal(data, &found) == nil && len(found.Conversations.Nodes) == 1
	}, time.Minute, 200*time.Millisecond)
	c.id, c.turn = found.Conversations.Nodes[0].ID, 1
	return c
}

// takeOvers runs n verbs, which begin so far apart, and tells how many nanoseconds each took.
func (c *client) takeOvers(b *testing.B, n int, apart time.Duration) []float64 {
	b.Helper()
	out := make([]float64, 0, n)
	for begin := range beats(n, apart) {
		data, err := c.ask(c.tokens[c.turn%2], takeOver, map[string]any{"id": c.id})
		out = append(out, float64(time.Since(begin).Nanoseconds()))
		require.NoError(b, err)
		require.Contains(b, string(data), `"userErrors":[]`)
		c.turn++
	}
	return out
}

func (c *client) ask(token, query string, variables map[string]any) (json.RawMessage, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if len(answer.Errors) > 0 {
		return nil, fmt.Errorf("refused: %s", answer.Errors[0].Message)
	}
	return answer.Data, nil
}
