package auth_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"
	"github.com/stretchr/testify/require"
)

// oidc runs a provider of a library.
func oidc(t *testing.T) *mockoidc.MockOIDC {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048) // the library's own key is the same in all
	require.NoError(t, err)
	m, err := mockoidc.NewServer(key)
	require.NoError(t, err)
	_, err = m.Keypair.KeyID() // the library makes it when first asked, without a lock
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, m.Start(listener, nil))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get(m.DiscoveryEndpoint()) // it serves, so that it can be shut down
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	t.Cleanup(func() { require.NoError(t, m.Shutdown()) })
	return m
}

// issuerKeys finds a provider by its issuer until the test ends.
func issuerKeys(t *testing.T, name string) (*auth.KeySet, *auth.Issuer) {
	t.Helper()
	issuer := auth.NewIssuer(name)
	set, err := auth.NewIssuerKeys(issuer, nil, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	runUntilCleanup(t, set)
	return set, issuer
}

func verifierOf(t *testing.T, set *auth.KeySet, issuer, audience string, ws workspace.WorkspaceID) *auth.Verifier {
	t.Helper()
	operator, err := auth.FromJWKSIn(set, issuer, audience, ws)
	require.NoError(t, err)
	v, err := auth.NewVerifier([]byte(strings.Repeat("s", auth.MinSecret)), operator)
	require.NoError(t, err)
	return v
}

// signedIn plays a browser: the authorization code flow with PKCE, and its ID token.
func signedIn(t *testing.T, m *mockoidc.MockOIDC, user mockoidc.User) string {
	t.Helper()
	m.QueueUser(user)
	query := url.Values{"client_id": {m.ClientID}, "response_type": {"code"}, "scope": {"openid email profile"}, "redirect_uri": {"http://127.0.0.1/signed-in"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {"verifier-verifier-verifier-verifier-verifier"}, "code_challenge_method": {"plain"}}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(m.AuthorizationEndpoint() + "?" + query.Encode())
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	back, err := answer.Location()
	require.NoError(t, err)
	answer, err = client.PostForm(m.TokenEndpoint(), url.Values{"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")}, "client_id": {m.ClientID}, "client_secret": {m.ClientSecret},
		"redirect_uri": {"http://127.0.0.1/signed-in"}, "code_verifier": {"verifier-verifier-verifier-verifier-verifier"}})
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	var tokens struct {
		ID string `json:"id_token"`
	}
	require.NoError(t, json.Unmarshal(body, &tokens), string(body))
	require.NotEmpty(t, tokens.ID, string(body))
	return tokens.ID
}

// A provider that is named by its issuer alone signs people in with its ID tokens.
func TestAProviderIsFoundByItsIssuer(t *testing.T) {
	m := oidc(t)
	set, issuer := issuerKeys(t, m.Issuer())
	v := verifierOf(t, set, m.Issuer(), m.ClientID, "acme")
	token := signedIn(t, m, &mockoidc.MockUser{Subject: "idp|ann", Email: "ann@acme.test", EmailVerified: true})
	claims, err := v.Verify(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, workspace.WorkspaceID("acme"), claims.Workspace, "the token names no workspace")
	require.Equal(t, "idp|ann", claims.Subject)
	require.Equal(t, "ann@acme.test", claims.Email)
	require.True(t, claims.EmailVerified)
	require.False(t, claims.ByID, "nobody is a member by choosing a subject")
	require.Equal(t, m.TokenEndpoint(), issuer.Metadata().Token)

	none := verifierOf(t, set, m.Issuer(), m.ClientID, "")
	_, err = none.Verify(t.Context(), token)
	requireRefused(t, err, inbox.Unauthenticated, "workspace", token)
}

// What is not a token of this provider for this client is refused, however it is made.
func TestForeignTokensOfProviders(t *testing.T) {
	m, other := oidc(t), oidc(t)
	set, _ := issuerKeys(t, m.Issuer())
	v := verifierOf(t, set, m.Issuer(), m.ClientID, "acme")
	good := jwt.MapClaims{"iss": m.Issuer(), "aud": m.ClientID, "sub": "idp|ann", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
	with := func(name string, value any) jwt.MapClaims {
		out := jwt.MapClaims{}
		for n, v := range good {
			out[n] = v
		}
		out[name] = value
		return out
	}
	signed := func(by *mockoidc.MockOIDC, claims jwt.MapClaims) string {
		raw, err := by.Keypair.SignJWT(claims)
		require.NoError(t, err)
		return raw
	}
	_, err := v.Verify(t.Context(), signed(m, good))
	require.NoError(t, err)

	kid, err := m.Keypair.KeyID()
	require.NoError(t, err)
	forged := func(method jwt.SigningMethod, key any, kid string) string {
		token := jwt.NewWithClaims(method, good)
		token.Header["kid"] = kid
		raw, err := token.SignedString(key)
		require.NoError(t, err)
		return raw
	}
	der, err := x509.MarshalPKIXPublicKey(m.Keypair.PublicKey)
	require.NoError(t, err)
	encoded := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	document, err := m.Keypair.JWKS()
	require.NoError(t, err)
	var public *rsa.PublicKey = m.Keypair.PublicKey
	for name, raw := range map[string]string{
		"of another issuer":                     signed(m, with("iss", other.Issuer())),
		"of another issuer with a slash more":   signed(m, with("iss", m.Issuer()+"/")),
		"for another audience":                  signed(m, with("aud", "another client")),
		"for none":                              signed(m, with("aud", []string{})),
		"expired":                               signed(m, with("exp", time.Now().Add(-time.Minute).Unix())),
		"not yet valid":                         signed(m, with("nbf", time.Now().Add(time.Hour).Unix())),
		"signed by another provider":            signed(other, good),
		"of another provider, in all":           signed(other, jwt.MapClaims{"iss": other.Issuer(), "aud": other.ClientID, "sub": "idp|ann", "exp": good["exp"]}),
		"alg none":                              forged(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, kid),
		"HS256 with the public key as PEM":      forged(jwt.SigningMethodHS256, encoded, kid),
		"HS256 with the public key as DER":      forged(jwt.SigningMethodHS256, der, kid),
		"HS256 with the modulus":                forged(jwt.SigningMethodHS256, public.N.Bytes(), kid),
		"HS256 with the key set":                forged(jwt.SigningMethodHS256, document, kid),
		"HS256 under the server's own key id":   forged(jwt.SigningMethodHS256, encoded, auth.OwnKeyID),
		"alg none under the server's own id":    forged(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, auth.OwnKeyID),
		"a contact's, which no provider makes":  signed(m, with("kind", "contact")),
		"of a workspace that is not a text":     signed(m, with("workspace", 7)),
		"of an empty workspace":                 signed(m, with("workspace", "")),
		"with the claims of the good one glued": gluedTo(signed(m, good), `{"iss":"`+m.Issuer()+`","aud":"`+m.ClientID+`","sub":"idp|owner","workspace":"acme","exp":9999999999}`),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := v.Verify(t.Context(), raw)
			// A key that nobody knows may be published in a moment: that is not final yet.
			require.Contains(t, []inbox.Code{inbox.Unauthenticated, inbox.Unavailable}, inbox.CodeOf(err), "%v", err)
			require.Equal(t, strings.Contains(name, "another provider"), inbox.CodeOf(err) == inbox.Unavailable)
			require.NotContains(t, err.Error(), raw[len(raw)/2:])
		})
	}
}

// An ID token that another client requested is not for the pages, though this client
// is one of those that it names. Tokens for an API are requested by many clients.
func TestTokensOfAnotherClient(t *testing.T) {
	m := oidc(t)
	set, _ := issuerKeys(t, m.Issuer())
	operator, err := auth.FromJWKSIn(set, m.Issuer(), m.ClientID, "acme")
	require.NoError(t, err)
	for name, row := range map[string]struct {
		operator auth.Operator
		azp      any
		refused  bool
	}{
		"its own":              {operator.ForItsClient(), m.ClientID, false},
		"another's":            {operator.ForItsClient(), "another client", true},
		"of nobody":            {operator.ForItsClient(), "", true},
		"no text":              {operator.ForItsClient(), []string{m.ClientID}, true},
		"another's for an API": {operator, "another client", false},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := auth.NewVerifier([]byte(strings.Repeat("s", auth.MinSecret)), row.operator)
			require.NoError(t, err)
			raw, err := m.Keypair.SignJWT(jwt.MapClaims{"iss": m.Issuer(), "aud": []string{"another client", m.ClientID}, "azp": row.azp, "sub": "idp|ann", "exp": time.Now().Add(time.Hour).Unix()})
			require.NoError(t, err)
			_, err = v.Verify(t.Context(), raw)
			if row.refused {
				requireRefused(t, err, inbox.Unauthenticated, "azp", raw)
			} else {
				require.NoError(t, err)
			}
		})
	}
}

// gluedTo replaces the payload and keeps the signature.
func gluedTo(raw, payload string) string {
	parts := strings.Split(raw, ".")
	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(payload))
	return strings.Join(parts, ".")
}

// What a provider says of itself is used only when it is safe, and its keys come from
// where it said.
func TestDiscoveryIsNotBelievedBlindly(t *testing.T) {
	keys := newKeys(t)
	evil := newProvider(t, public("k", keys.ed))
	var home *httptest.Server
	// What home says of itself is changed while a request that nobody waits for any more may
	// still be answered.
	var document atomic.Pointer[map[string]any]
	home = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			says := *document.Load()
			if to, moved := says["moved"].(string); moved {
				http.Redirect(w, r, to, http.StatusFound)
				return
			}
			_ = json.NewEncoder(w).Encode(says)
		case "/keys":
			_ = json.NewEncoder(w).Encode(map[string]any{"keys": []jwk{public("k", keys.ed)}})
		case "/near":
			http.Redirect(w, r, "/keys", http.StatusFound)
		case "/far":
			http.Redirect(w, r, evil.URL, http.StatusFound)
		}
	}))
	defer home.Close()
	sound := func(change map[string]any) map[string]any {
		out := map[string]any{"issuer": home.URL, "authorization_endpoint": home.URL + "/auth", "token_endpoint": home.URL + "/token", "jwks_uri": home.URL + "/keys"}
		for name, value := range change {
			out[name] = value
		}
		return out
	}
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{"iss": home.URL, "aud": "c", "sub": "idp|ann", "exp": time.Now().Add(time.Hour).Unix()})
	token.Header["kid"] = "k"
	raw, err := token.SignedString(keys.ed)
	require.NoError(t, err)
	for name, row := range map[string]struct {
		document map[string]any
		accepted bool
	}{
		"sound":                           {sound(nil), true},
		"a redirect on the same host":     {sound(map[string]any{"jwks_uri": home.URL + "/near"}), true},
		"a sign-out that is a script":     {sound(map[string]any{"end_session_endpoint": "javascript:alert(1)"}), true},
		"keys that redirect elsewhere":    {sound(map[string]any{"jwks_uri": home.URL + "/far"}), false},
		"discovery redirects elsewhere":   {sound(map[string]any{"moved": evil.URL}), false},
		"another issuer":                  {sound(map[string]any{"issuer": "https://evil.example"}), false},
		"the issuer with a slash more":    {sound(map[string]any{"issuer": home.URL + "/"}), false},
		"people are sent to a script":     {sound(map[string]any{"authorization_endpoint": "javascript:alert(1)"}), false},
		"people are sent to plain http":   {sound(map[string]any{"authorization_endpoint": "http://id.example/auth"}), false},
		"codes are sent to plain http":    {sound(map[string]any{"token_endpoint": "http://id.example/token"}), false},
		"codes are sent with a user name": {sound(map[string]any{"token_endpoint": "https://a:b@id.example/token"}), false},
		"keys of a file":                  {sound(map[string]any{"jwks_uri": "file:///etc/keys"}), false},
		"no keys":                         {sound(map[string]any{"jwks_uri": ""}), false},
		"no object":                       {map[string]any{"issuer": 7}, false},
	} {
		t.Run(name, func(t *testing.T) {
			document.Store(&row.document)
			set, issuer := issuerKeys(t, home.URL)
			v := verifierOf(t, set, home.URL, "c", "acme")
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			_, err := v.Verify(ctx, raw)
			if row.accepted {
				require.NoError(t, err)
				require.Empty(t, issuer.Metadata().EndSession)
				return
			}
			require.Equal(t, inbox.Unavailable, inbox.CodeOf(err), "%v", err)
		})
	}
}
