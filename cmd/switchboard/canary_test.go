package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"switchboard/internal/walk"
)

const canary = "c4naryInTheMine"

// nests are the places of a value that is not itself called a secret in which there
// may be one.
func nests() map[string]string {
	return map[string]string{
		"password":             "mongodb://ann:%s@127.0.0.1:1/db",
		"password, srv":        "mongodb+srv://ann:%s@db.example/db",
		"odd password":         "mongodb://ann:%s p@w/?#@127.0.0.1:1/db",
		"password, https":      "https://ann:%s@id.example/keys",
		"token as user":        "https://%s@id.example/keys",
		"parameter":            "https://id.example/keys?access_token=%s",
		"innocent parameter":   "https://id.example/keys?v=%s&w=1",
		"bare parameter":       "https://id.example/keys?%s",
		"several":              "https://id.example/keys?a=1&key=%s#top",
		"fragment":             "https://id.example/keys#%s",
		"fragment, named":      "https://id.example/keys#access_token=%s",
		"mechanism properties": "mongodb://127.0.0.1:1/?authMechanismProperties=AWS_SESSION_TOKEN:%s",
		"key password":         "mongodb://127.0.0.1:1/?tls=true&tlsCertificateKeyFilePassword=%s",
		"no such scheme":       "posgres://ann:%s@db.example/db",
	}
}

// flagsOf are all settings of a command.
func flagsOf(t *testing.T, command string) []*kong.Flag {
	t.Helper()
	var line commandLine
	parser, err := kong.New(&line)
	require.NoError(t, err)
	for _, leaf := range parser.Model.Leaves(false) {
		if leaf.Name == command {
			return leaf.Flags
		}
	}
	t.Fatalf("no command %s", command)
	return nil
}

// ways are how a setting gets to the program: joined to its flag, apart from it, by its
// variable, and to config in both forms and to a start.
func ways(t *testing.T, flag, value string) []func() ran {
	t.Helper()
	joined := "--" + flag + "=" + value
	return []func() ran{
		func() ran { return runTest(t, deps{}, nil, "config", joined) },
		func() ran { return runTest(t, deps{}, nil, "config", "--"+flag, value) },
		func() ran { return runTest(t, deps{}, []string{variable(flag) + "=" + value}, "config") },
		func() ran { return runTest(t, deps{}, nil, "config", "--json", joined) },
		func() ran { return runTest(t, deps{}, nil, "serve", "--"+flag, value) },
	}
}

// A secret inside a value that is not itself called a secret is shown nowhere: by
// config in both forms, by a start, and by what is said about a wrong setting; for
// every setting there is, and by flag and by variable. Each setting meets each nest and
// each way, and each nest each way by some setting: all together would take minutes.
func TestWalkNoSettingShowsASecretInside(t *testing.T) {
	walk.Alone(t)
	forms := nests()
	names := slices.Sorted(maps.Keys(forms))
	for n, flag := range flagsOf(t, "config") {
		if flag.Name == "help" || flag.Name == "json" || flag.IsBool() {
			continue
		}
		for i, nest := range names {
			value := fmt.Sprintf(forms[nest], canary)
			if isSecretName(flag.Name) {
				value = canary + canary + canary
			}
			all := ways(t, flag.Name, value)
			got := all[(n+i)%len(all)]()
			require.NotContains(t, got.stdout+got.stderr, canary, "%s %s", flag.Name, nest)
		}
	}
}

// What is not secret is still to be read.
func TestConfigShowsTheRestOfAnAddress(t *testing.T) {
	got := runTest(t, deps{}, nil, "config", "--mongodb-uri", "mongodb://ann:"+canary+"@a:1,b:2/desk?replicaSet=rs0&w=majority&x=y")
	require.Contains(t, got.stdout, "mongodb://ann:****@a:1,b:2/desk?replicaSet=rs0&w=majority&x=****")
}

// Neither do the errors of connections that fail, whoever words them.
func TestFailingConnectionsShowNoSecret(t *testing.T) {
	refuses := httptest.NewServer(http.NotFoundHandler())
	refuses.Close()
	for _, form := range []string{
		"mongodb://ann:%s@127.0.0.1:1/db?serverSelectionTimeoutMS=50&connectTimeoutMS=50",
		"mongodb://ann:%s@127.0.0.1:1/db?authMechanism=%s",
		"mongodb://ann:%s@127.0.0.1:1/db?tls=maybe",
		"mongodb://ann:%s%%ZZ@127.0.0.1:1/db",
		"mongodb+srv://ann:%s@/db",
		"mongodb://ann:%s@127.0.0.1:notAPort/db",
	} {
		uri := strings.ReplaceAll(form, "%s", canary)
		got := runTest(t, deps{serve: serve, seed: seed, migrate: migrate}, nil, "migrate", "--mongodb-uri", uri)
		require.NotZero(t, got.code, uri)
		require.NotEmpty(t, got.stderr, uri)
		require.NotContains(t, got.stdout+got.stderr, canary, uri)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out lines
	done := make(chan struct{})
	go func() {
		defer close(done)
		runWith(ctx, newDeps(), []string{"serve", "--memory", "--addr", "127.0.0.1:0", "--issuer", "i", "--audience", "a",
			"--jwks-url", refuses.URL + "/keys?v=" + canary}, nil, &out, &out)
	}()
	require.Eventually(t, func() bool {
		return strings.Contains(out.String(), "keys") || strings.Contains(out.String(), "refused")
	}, 30*time.Second, 5*time.Millisecond)
	cancel()
	<-done
	require.NotContains(t, out.String(), canary)
}

// lines is a buffer that may be read while it is written.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
