package blackbox_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// server is the program serving.
type server struct {
	*process
	addr   string
	http   *http.Client
	tokens map[string]string // by the name that is printed, such as "demo ai@demo.test"
}

// demo serves the demo workspaces on a free port until the test ends, with the
// database that the arguments name.
func demo(t *testing.T, arguments ...string) *server {
	t.Helper()
	seed(t, arguments)
	s := launch(t, arguments...)
	s.ready()
	return s
}

// seeded are the databases that seed has seen.
var seeded sync.Map

// seed fills the database of a server's arguments when it is first named: with the race
// detector a server takes ten seconds for that, in each test. Servers that keep everything
// in memory show that they do it themselves.
func seed(t *testing.T, arguments []string) {
	t.Helper()
	for n, flag := range arguments {
		if plain == program || flag != "--data" && flag != "--mongodb-uri" {
			continue
		}
		if _, before := seeded.LoadOrStore(arguments[n+1], true); before {
			continue
		}
		p := startBinary(t, plain, []string{"seed", flag, arguments[n+1]})
		require.Zero(t, p.wait(), "seed said: %s", p.errors.String())
	}
}

// launch starts a server and does not wait until it serves.
func launch(t *testing.T, arguments ...string) *server {
	t.Helper()
	s := &server{
		process: start(t, append([]string{"serve", "--demo", "--addr", "127.0.0.1:0"}, arguments...)),
		http:    &http.Client{Transport: &http.Transport{}}, tokens: map[string]string{},
	}
	t.Cleanup(func() {
		s.http.CloseIdleConnections()
		if s.running() && !t.Failed() {
			s.terminate()
		}
		require.NotContains(t, s.errors.String(), "DATA RACE")
		require.NotContains(t, s.errors.String(), "panic")
	})
	return s
}

var (
	addressLine = regexp.MustCompile(`(?m)^GraphQL +http://(\S+)/graphql$`)
	tokenLine   = regexp.MustCompile(`(?m)^(demo(?:-free)? \S+) +((?:eyJ|sbk_)\S+)$`)
)

// ready waits until the server has printed where it is, and who may come in.
func (s *server) ready() {
	s.t.Helper()
	s.until(&s.out, "its tokens", func(said string) bool {
		return strings.HasSuffix(said, "\n") && strings.Contains(said, "demo-free contact")
	})
	address := addressLine.FindStringSubmatch(s.out.String())
	require.NotNil(s.t, address, s.out.String())
	s.addr = address[1]
	for _, line := range tokenLine.FindAllStringSubmatch(s.out.String(), -1) {
		s.tokens[line[1]] = line[2]
	}
	for _, space := range []string{"demo", "demo-free"} {
		for _, who := range []string{"owner@demo.test", "manager@demo.test", "agent1@demo.test", "agent2@demo.test", "observer@demo.test", "ai@demo.test", "website", "contact"} {
			require.Contains(s.t, s.tokens, space+" "+who, s.out.String())
		}
	}
}

// database gives the URI of a database over the wire that nobody else uses.
func database(t *testing.T) string {
	t.Helper()
	if os.Getenv(testdb.EnvURI) == "" {
		return within(testdb.Start(t, testdb.Options{NoSync: true}).URI(), "blackbox") // which nobody kills
	}
	return within(testdb.URI(t), testdb.Database(t))
}

// within names a database in the URI of a deployment.
func within(uri, name string) string {
	address, query, _ := strings.Cut(uri, "?")
	scheme, rest, _ := strings.Cut(address, "://")
	hosts, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + hosts + "/" + name + "?" + query
}
