package blackbox_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

const secret = "a secret of the operator, 32 bytes and more"

// freeAddress is one on which nobody listened a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, free.Close())
	return free.Addr().String()
}

// policy is a copy of the built-in one with one file changed.
func policy(t *testing.T, file string, change func(string) string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "policy")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "authz", "policies", "default"))))
	path := filepath.Join(folder, file)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(change(string(text))), 0o600))
	return folder
}

// lineOf gives the number of the first line that holds word.
func lineOf(t *testing.T, text, word string) int {
	t.Helper()
	before, _, found := strings.Cut(text, word)
	require.True(t, found, word)
	return 1 + strings.Count(before, "\n")
}

// Each wrong start ends by itself, with a code of its own and a message that
// names what is wrong.
func TestWrongStarts(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	down := freeAddress(t)
	var line int
	empty := policy(t, "plans.csv", func(string) string { return "" })
	misspelled := policy(t, "policy.csv", func(text string) string {
		text = strings.Replace(text, "p, manager, *, takeover, ALL", "p, manager, *, takeovr, ALL", 1)
		line = lineOf(t, text, "takeovr")
		return text
	})
	for name, test := range map[string]struct {
		code      int
		arguments []string
		says      []string
	}{
		"MongoDB is down":           {3, []string{"--mongodb-uri", "mongodb://ann:hunter2@" + down + "/x?directConnection=true"}, []string{down, "cannot be reached"}},
		"the address is taken":      {6, []string{"--memory", "--addr", taken.Addr().String()}, []string{taken.Addr().String()}},
		"an empty plan file":        {5, []string{"--memory", "--policy-dir", empty}, []string{filepath.Join(empty, "plans.csv"), "no line that counts"}},
		"a misspelled word":         {5, []string{"--memory", "--policy-dir", misspelled}, []string{fmt.Sprintf("%s:%d", filepath.Join(misspelled, "policy.csv"), line), "takeovr", "takeover"}},
		"no such policy":            {2, []string{"--memory", "--policy-dir", "/nowhere"}, []string{"--policy-dir", "/nowhere"}},
		"two sources of tokens":     {2, []string{"--memory", "--jwks-url", "https://id.example.com/keys", "--jwt-secret", secret}, []string{"--jwks-url", "--jwt-secret"}},
		"two databases":             {2, []string{"--memory", "--mongodb-uri", "mongodb://h/"}, []string{"--memory", "--mongodb-uri"}},
		"a short secret":            {2, []string{"--memory", "--jwt-secret", "hunter2"}, []string{"--jwt-secret", "32"}},
		"a misspelled flag":         {2, []string{"--memroy"}, []string{"--memroy"}},
		"a folder that is a file":   {2, []string{"--data", program}, []string{"--data", "not a folder"}},
		"no address":                {2, []string{"--memory", "--addr", "here"}, []string{"--addr", "127.0.0.1"}},
		"a URI of another database": {2, []string{"--mongodb-uri", "postgres://h/"}, []string{"--mongodb-uri", "mongodb://"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, said := command(t, append([]string{"serve", "--demo", "--addr", "127.0.0.1:0"}, test.arguments...)...)
			require.Equal(t, test.code, code, said)
			require.Empty(t, out)
			for _, words := range test.says {
				require.Contains(t, said, words)
			}
			require.NotContains(t, said, "hunter2")
			require.NotContains(t, said, secret)
			require.NotContains(t, said, "goroutine ")
		})
	}
	t.Run("MongoDB is no replica set", func(t *testing.T) {
		uri := testdb.Start(t, testdb.Options{Standalone: true}).URI()
		code, out, said := command(t, "serve", "--demo", "--addr", "127.0.0.1:0", "--mongodb-uri", uri)
		require.Equal(t, 4, code, said)
		require.Empty(t, out)
		require.Contains(t, said, "replica set")
		require.Contains(t, said, "rs.initiate()")
	})
	t.Run("the data is in use", func(t *testing.T) {
		testdb.Record(t, testdb.Embedded)
		folder := filepath.Join(t.TempDir(), "data")
		launch(t, "--data", folder)
		waitForFile(t, filepath.Join(folder, "switchboard.db.lock"))
		code, _, said := command(t, "migrate", "--data", folder)
		require.Equal(t, 4, code, said)
		require.Contains(t, said, folder)
		require.Contains(t, said, "another process")
	})
}

func TestRefusedTokens(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code      int
		arguments []string
		says      string
	}{
		"an identity provider": {7, []string{"--as", "owner@demo.test", "--jwks-url", "https://id.example.com/keys", "--issuer", "i", "--audience", "a"}, "identity provider"},
		"no data":              {7, []string{"--as", "owner@demo.test"}, "serve --demo"},
		"no demo workspace":    {7, []string{"--as", "owner@demo.test", "--workspace", "acme", "--jwt-secret", secret}, "no data"},
		"nobody of the demo":   {7, []string{"--as", "eve@demo.test", "--jwt-secret", secret}, "eve@demo.test"},
		"nobody":               {2, nil, "--as"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, said := command(t, append([]string{"token"}, test.arguments...)...)
			require.Equal(t, test.code, code, said)
			require.Empty(t, out)
			require.Contains(t, said, test.says)
		})
	}
}

// An operator's secret makes tokens valid on every server that has it; what is
// expired, unsigned, of another secret or of another issuer is not.
func TestTokensOfASecret(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	s := demo(t, "--memory", "--jwt-secret", secret)
	good := token(t, "--jwt-secret", secret, "--as", "senior1@demo.test")
	require.NotEmpty(t, s.with(t, good).me())
	var claims jwt.MapClaims
	_, _, err := jwt.NewParser().ParseUnverified(good, &claims)
	require.NoError(t, err)

	changed := func(method jwt.SigningMethod, key any, change object) string {
		own := jwt.MapClaims{}
		for _, from := range []object{claims, change} {
			for name, value := range from {
				own[name] = value
			}
		}
		text, err := jwt.NewWithClaims(method, own).SignedString(key)
		require.NoError(t, err)
		return text
	}
	key := []byte(secret)
	require.NotEmpty(t, s.with(t, changed(jwt.SigningMethodHS256, key, nil)).me(), "else the rows below show nothing")
	past := time.Now().Add(-time.Hour).Unix()
	for name, bad := range map[string]string{
		"expired":        changed(jwt.SigningMethodHS256, key, object{"iat": past - 60, "exp": past}),
		"not yet":        changed(jwt.SigningMethodHS256, key, object{"nbf": time.Now().Add(time.Hour).Unix()}),
		"unsigned":       changed(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"another secret": changed(jwt.SigningMethodHS256, []byte(strings.Repeat("x", 40)), nil),
		"another issuer": changed(jwt.SigningMethodHS256, key, object{"iss": "https://evil.example.com"}),
		"for others":     changed(jwt.SigningMethodHS256, key, object{"aud": "another program"}),
		"no workspace":   changed(jwt.SigningMethodHS256, key, object{"workspace": ""}),
		"a stranger":     changed(jwt.SigningMethodHS256, key, object{"sub": "demo-nobody"}),
		"no JSON":        "eyJ." + base64.RawURLEncoding.EncodeToString([]byte("{")) + ".x",
	} {
		t.Run(name, func(t *testing.T) {
			c := s.with(t, bad)
			a := c.do(`{ viewer { permissions } }`, nil)
			require.Equal(t, http.StatusUnauthorized, a.status, a.text)
			require.Equal(t, "UNAUTHENTICATED", a.code())
			code, _ := c.dial().closed()
			require.Equal(t, websocket.StatusCode(4403), code)
			require.NotContains(t, s.errors.String(), bad)
		})
	}
}
