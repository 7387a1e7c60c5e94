package blackbox_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// provider is an identity provider with one key.
type provider struct {
	*httptest.Server
	key ed25519.PrivateKey
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	p := &provider{key: private}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(object{"keys": []object{{"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": base64.RawURLEncoding.EncodeToString(public)}}})
	}))
	t.Cleanup(p.Close)
	return p
}

// token is what the provider gives somebody whose address it knows.
func (p *provider) token(t *testing.T, workspace, sub, email string) string {
	t.Helper()
	claims := jwt.MapClaims{"iss": "https://id.example/", "aud": "support", "exp": time.Now().Add(time.Hour).Unix(), "sub": sub, "workspace": workspace}
	if email != "" {
		claims["email"], claims["email_verified"] = email, true
	}
	made := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	made.Header["kid"] = "k"
	signed, err := made.SignedString(p.key)
	require.NoError(t, err)
	return signed
}

const whoIsIt = `{ viewer { member { id name roles { name } } } }`

// A workspace of one's own, as the README tells it: made on the command line,
// signed into by an identity provider, filled through the API.
func TestAWorkspaceOfYourOwn(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	for range 2 {
		said := succeed(t, "workspace", "create", "--name", "Acme", "--plan", "pro", "--owner-email", "olga@acme.example", "--data", folder)
		require.Regexp(t, `^The workspace acme (\(Acme\) was made|exists, and nothing was changed)`, said)
	}
	id := newProvider(t)
	s := &server{
		process: start(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", folder, "--jwks-url", id.URL, "--issuer", "https://id.example/", "--audience", "support"}),
		http:    &http.Client{Transport: &http.Transport{}},
	}
	t.Cleanup(func() { s.http.CloseIdleConnections(); s.terminate() })
	s.until(&s.out, "its address", addressLine.MatchString)
	s.addr = addressLine.FindStringSubmatch(s.out.String())[1]

	code, _, errors := command(t, "workspace", "create", "--name", "Other", "--plan", "pro", "--owner-email", "o@acme.example", "--data", folder)
	require.NotZero(t, code)
	require.Regexp(t, `another process`, errors, "the folder is the server's")

	require.Equal(t, http.StatusUnauthorized, s.with(t, id.token(t, "acme", "auth0|olga", "")).do(whoIsIt, nil).status, "the provider must vouch for the address")
	owner := s.with(t, id.token(t, "acme", "auth0|olga", "Olga@acme.example"))
	require.Equal(t, "owner", owner.do(whoIsIt, nil).Data["viewer"].(object)["member"].(object)["roles"].([]any)[0].(object)["name"])
	owner = s.with(t, id.token(t, "acme", "auth0|olga", ""))
	me := owner.do(whoIsIt, nil)
	require.Equal(t, http.StatusOK, me.status, "from then on the sub will do")

	made := owner.do(`mutation {
		createTeam(input: {name: "Support", method: ROUND_ROBIN, maxAutoAssigned: 5}) { team { id } userErrors { message } }
		addMember(input: {email: "ben@acme.example", name: "Ben", roles: ["agent"]}) { member { id } userErrors { message } }
	}`, nil)
	require.Empty(t, made.Errors, made.text)
	require.Contains(t, made.text, `"team":{"id"`)
	require.Contains(t, s.with(t, id.token(t, "acme", "auth0|ben", "ben@acme.example")).do(whoIsIt, nil).text, `"name":"Ben"`)
	require.Equal(t, http.StatusUnauthorized, s.with(t, id.token(t, "acme", "auth0|eve", "ben@acme.example")).do(whoIsIt, nil).status)
	raw, err := base64.RawURLEncoding.DecodeString(me.Data["viewer"].(object)["member"].(object)["id"].(string))
	require.NoError(t, err)
	ours := string(raw)[len("Member:"):]
	require.Equal(t, http.StatusUnauthorized, s.with(t, id.token(t, "acme", ours, "")).do(whoIsIt, nil).status, "an id of ours is nobody's subject")
	require.Contains(t, owner.do(`{ auditLog { nodes { summary } } }`, nil).text, "member.sign_in_bound Ben")
}
