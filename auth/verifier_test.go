package auth_test

import (
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const mebibyte = 1 << 20

// part encodes one part of a token by hand.
func part(json string) string { return base64.RawURLEncoding.EncodeToString([]byte(json)) }

func pemOf(t *testing.T, key crypto.Signer) []byte {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func TestTokensAreAcceptedFromTheirSource(t *testing.T) {
	k := newKeys(t)
	p := newProvider(t, public("r", k.rsa), public("e", k.ec).with("use", "sig"), public("d", k.ed).with("alg", "EdDSA"))
	v := newVerifiers(t, running(t, p.URL, nil))
	rs := jwksToken(jwt.SigningMethodRS256, "r", k.rsa)
	for name, row := range map[string]struct {
		on   *auth.Verifier
		made token
		kind workspace.ActorKind
	}{
		"own member":                   {v.own, ownToken(), workspace.ActorMember},
		"own member, kind said":        {v.own, ownToken().claim("kind", "member"), workspace.ActorMember},
		"own agent":                    {v.own, ownToken().claim("kind", "ai_agent"), workspace.ActorAgent},
		"own contact":                  {v.own, ownToken().contact(), workspace.ActorContact},
		"own contact beside a secret":  {v.secret, ownToken().contact(), workspace.ActorContact},
		"own contact beside a JWKS":    {v.jwks, ownToken().contact(), workspace.ActorContact},
		"secret":                       {v.secret, secretToken(), workspace.ActorMember},
		"secret, any kid":              {v.secret, secretToken().head("kid", "2024-01"), workspace.ActorMember},
		"secret, agent":                {v.secret, secretToken().claim("kind", "ai_agent"), workspace.ActorAgent},
		"RS256":                        {v.jwks, rs, workspace.ActorMember},
		"PS256 with the same key":      {v.jwks, rs.signedBy(jwt.SigningMethodPS256, k.rsa), workspace.ActorMember},
		"ES256":                        {v.jwks, jwksToken(jwt.SigningMethodES256, "e", k.ec), workspace.ActorMember},
		"EdDSA":                        {v.jwks, jwksToken(jwt.SigningMethodEdDSA, "d", k.ed), workspace.ActorMember},
		"jku and x5u are not followed": {v.jwks, rs.head("jku", "http://127.0.0.1:1/").head("x5u", "http://127.0.0.1:1/"), workspace.ActorMember},
		"an access token by type":      {v.jwks, rs.head("typ", "at+jwt"), workspace.ActorMember},
		"no type":                      {v.jwks, rs.head("typ", nil), workspace.ActorMember},
		"one audience of several":      {v.jwks, rs.claim("aud", []string{"other", audience}), workspace.ActorMember},
		"expired within the leeway":    {v.jwks, rs.claim("exp", in(-auth.Leeway/2)), workspace.ActorMember},
		"issued within the leeway":     {v.jwks, rs.claim("iat", in(auth.Leeway/2)), workspace.ActorMember},
		"valid within the leeway":      {v.jwks, rs.claim("nbf", in(auth.Leeway/2)), workspace.ActorMember},
		"exp with a fraction":          {v.jwks, rs.claim("exp", float64(in(time.Hour))+0.5), workspace.ActorMember},
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := row.on.Verify(t.Context(), row.made.String())
			require.NoError(t, err)
			require.Equal(t, row.kind, claims.Kind)
			require.Equal(t, "member-1", claims.Subject)
			require.Equal(t, workspace.WorkspaceID("acme"), claims.Workspace)
			require.Equal(t, row.kind == workspace.ActorContact, claims.Conversation == "conv-1")
		})
	}
}

func TestTokensAreRefused(t *testing.T) {
	k := newKeys(t)
	p := newProvider(t,
		public("r", k.rsa), public("e", k.ec),
		public("only-ps", k.rsa).with("alg", "PS256"), public("enc", k.rsa).with("use", "enc"),
		public(auth.OwnKeyID, k.rsa), // a provider that tries to speak for this server
		jwk{"kty": "oct", "kid": "shared", "k": base64.RawURLEncoding.EncodeToString(operatorSecret())})
	v := newVerifiers(t, running(t, p.URL, nil))
	rs := jwksToken(jwt.SigningMethodRS256, "r", k.rsa)
	own, secret := ownToken(), secretToken()
	good := own.String()
	parts := strings.Split(good, ".")
	none := jwt.UnsafeAllowNoneSignatureType

	for name, row := range map[string]struct {
		on   *auth.Verifier
		raw  string
		says string
	}{
		// Form.
		"empty":                     {v.own, "", "There is no token"},
		"one word":                  {v.own, "hello", "not a JSON Web Token"},
		"two dots only":             {v.own, "..", "not a JSON Web Token"},
		"two parts":                 {v.own, parts[0] + "." + parts[1], "not a JSON Web Token"},
		"four parts":                {v.own, good + ".x", "not a JSON Web Token"},
		"with the scheme":           {v.own, "Bearer " + good, "not a JSON Web Token"},
		"padded base64":             {v.own, good + "=", "not a JSON Web Token"},
		"stray bits in base64":      {v.own, parts[0] + "." + parts[1] + "." + strayBits(parts[2]), "not a JSON Web Token"},
		"header is no JSON":         {v.own, part("{") + "." + parts[1] + "." + parts[2], "not a JSON Web Token"},
		"payload is an array":       {v.own, parts[0] + "." + part("[]") + "." + parts[2], "not a JSON Web Token"},
		"payload is null":           {v.own, parts[0] + "." + part("null") + "." + parts[2], "signature is wrong"},
		"too long":                  {v.own, own.claim("pad", strings.Repeat("x", auth.MaxToken)).String(), "longer than 8192 bytes"},
		"a mebibyte of dots":        {v.own, strings.Repeat(".", mebibyte), "longer than 8192 bytes"},
		"demands an extension":      {v.own, own.head("crit", []string{"b64"}).String(), "demands extensions"},
		"a logout token":            {v.jwks, rs.head("typ", "logout+jwt").String(), "gives no access"},
		"a type that is no text":    {v.jwks, rs.head("typ", 7).String(), "gives no access"},
		"payload changed":           {v.own, parts[0] + "." + part(`{"sub":"owner"}`) + "." + parts[2], "signature is wrong"},
		"signature taken away":      {v.own, parts[0] + "." + parts[1] + ".", "signature is wrong"},
		"signature of another":      {v.own, own.signedBy(jwt.SigningMethodHS256, operatorSecret()).String(), "signature is wrong"},
		"signed with an empty key":  {v.own, own.signedBy(jwt.SigningMethodHS256, []byte{}).String(), "signature is wrong"},
		"header without algorithm":  {v.own, part(`{"kid":"switchboard"}`) + "." + parts[1] + "." + parts[2], "algorithm that is not accepted. Use HS256"},
		"an algorithm unheard of":   {v.jwks, part(`{"kid":"r","alg":"HS1"}`) + "." + parts[1] + "." + parts[2], "Use RS256"},
		"an algorithm in lowercase": {v.own, part(`{"kid":"switchboard","alg":"hs256"}`) + "." + parts[1] + "." + parts[2], "algorithm that is not accepted"},

		// Confusion of algorithms.
		"none":                             {v.own, own.signedBy(jwt.SigningMethodNone, none).String(), "algorithm that is not accepted. Use HS256"},
		"none on a JWKS":                   {v.jwks, rs.signedBy(jwt.SigningMethodNone, none).String(), "algorithm that is not accepted. Use RS256"},
		"public key as secret, PEM":        {v.jwks, rs.signedBy(jwt.SigningMethodHS256, pemOf(t, k.rsa)).String(), "algorithm that is not accepted"},
		"public key as secret, modulus":    {v.jwks, rs.signedBy(jwt.SigningMethodHS256, k.rsa.N.Bytes()).String(), "algorithm that is not accepted"},
		"a shared secret inside the JWKS":  {v.jwks, jwksToken(jwt.SigningMethodHS256, "shared", operatorSecret()).String(), "algorithm that is not accepted"},
		"HS512 with the right secret":      {v.secret, secret.signedBy(jwt.SigningMethodHS512, operatorSecret()).String(), "algorithm that is not accepted"},
		"RS256 on a secret":                {v.secret, secret.signedBy(jwt.SigningMethodRS256, k.rsa).String(), "algorithm that is not accepted"},
		"RS512 with the right key":         {v.jwks, rs.signedBy(jwt.SigningMethodRS512, k.rsa).String(), "algorithm that is not accepted"},
		"RS256 with a key for PS256":       {v.jwks, jwksToken(jwt.SigningMethodRS256, "only-ps", k.rsa).String(), "not meant for its algorithm"},
		"ES256 under the id of an RSA key": {v.jwks, jwksToken(jwt.SigningMethodES256, "r", k.ec).String(), "not meant for its algorithm"},

		// Confusion of key ids and sources.
		"no kid with JWKS":                  {v.jwks, rs.noKid().String(), "names no key"},
		"empty kid":                         {v.jwks, rs.head("kid", "").String(), "is not a text"},
		"kid is a number":                   {v.jwks, rs.head("kid", 7).String(), "is not a text"},
		"provider under our kid":            {v.jwks, jwksToken(jwt.SigningMethodRS256, auth.OwnKeyID, k.rsa).contact().String(), "algorithm that is not accepted. Use HS256"},
		"operator under our kid":            {v.secret, secret.head("kid", auth.OwnKeyID).String(), "signature is wrong"},
		"ours under the provider's kid":     {v.jwks, own.head("kid", "r").String(), "algorithm that is not accepted"},
		"ours without kid":                  {v.secret, own.noKid().String(), "signature is wrong"},
		"ours without kid, nobody else":     {v.own, own.noKid().String(), "not issued by this server"},
		"operator's on a server without":    {v.own, secret.String(), "not issued by this server"},
		"our issuer signed by the provider": {v.jwks, rs.claim("iss", auth.OwnIssuer).String(), "another issuer"},

		// Confusion of kinds.
		"contact from the provider":          {v.jwks, rs.contact().String(), `kind "contact" is not accepted from this issuer`},
		"contact from the operator":          {v.secret, secret.contact().String(), `kind "contact" is not accepted from this issuer`},
		"our member beside a JWKS":           {v.jwks, own.String(), `kind "member" is not accepted`},
		"our member beside a secret":         {v.secret, own.String(), `kind "member" is not accepted`},
		"our agent beside a JWKS":            {v.jwks, own.claim("kind", "ai_agent").String(), `kind "ai_agent" is not accepted`},
		"contact without conversation":       {v.own, own.claim("kind", "contact").String(), `no "conversation"`},
		"contact with an empty conversation": {v.own, own.contact().claim("conversation", "").String(), `no "conversation"`},
		"contact with two conversations":     {v.own, own.contact().claim("conversation", []string{"a", "b"}).String(), `"conversation" is not a string`},
		"member with conversation":           {v.own, own.claim("conversation", "conv-1").String(), "may name a conversation"},
		"member with an empty conversation":  {v.own, own.claim("conversation", nil).String(), "may name a conversation"},
		"an issue in words":                  {v.own, own.contact().claim("issue", "1").String(), "not a whole number"},
		"half an issue":                      {v.own, own.contact().claim("issue", 0.5).String(), "not a whole number"},
		"an issue below nothing":             {v.own, own.contact().claim("issue", -1).String(), "not a whole number"},
		"an endless issue":                   {v.own, own.contact().claim("issue", 1e300).String(), "not a whole number"},
		"a key that is a list":               {v.own, own.contact().claim("key", []string{"k"}).String(), `"key" is not a string`},
		"agent with conversation":            {v.own, own.contact().claim("kind", "ai_agent").String(), "may name a conversation"},
		"a kind unheard of":                  {v.own, own.claim("kind", "system").String(), "not one of"},
		"kind in capitals":                   {v.own, own.claim("kind", "MEMBER").String(), "not one of"},
		"an empty kind":                      {v.own, own.claim("kind", "").String(), "not one of"},
		"kind is a list":                     {v.own, own.claim("kind", []string{"member"}).String(), `"kind" is not a string`},

		// Claims.
		"expired":                    {v.own, own.claim("exp", in(-time.Hour)).String(), "expired"},
		"expired beyond the leeway":  {v.own, own.claim("exp", in(-auth.Leeway-2*time.Second)).String(), "expired"},
		"not yet valid":              {v.own, own.claim("nbf", in(time.Hour)).String(), "not valid yet"},
		"issued in the future":       {v.own, own.claim("iat", in(time.Hour)).String(), "not valid yet"},
		"no exp":                     {v.own, own.without("exp").String(), `no "exp"`},
		"exp of zero":                {v.own, own.claim("exp", 0).String(), "expired"},
		"exp is a text":              {v.own, own.claim("exp", "tomorrow").String(), `"exp" is not a time`},
		"exp is null":                {v.own, own.claim("exp", nil).String(), `"exp" is not a time`},
		"exp in the year 10000":      {v.own, own.claim("exp", int64(253402300800)).String(), `"exp" is not a time`},
		"exp beyond every integer":   {v.own, own.claim("exp", 1e300).String(), `"exp" is not a time`},
		"exp of a negative infinity": {v.own, own.claim("exp", -1e300).String(), `"exp" is not a time`},
		"nbf beyond every integer":   {v.own, own.claim("nbf", -1e300).String(), `"nbf" is not a time`},
		"no issuer":                  {v.own, own.without("iss").String(), `no "iss"`},
		"another issuer":             {v.jwks, rs.claim("iss", issuer+".evil").String(), `accepts "https://id.example"`},
		"issuer with a slash":        {v.jwks, rs.claim("iss", issuer+"/").String(), "another issuer"},
		"no audience":                {v.own, own.without("aud").String(), `no "aud"`},
		"another audience":           {v.jwks, rs.claim("aud", "billing").String(), `accepts "support"`},
		"no audience in the list":    {v.jwks, rs.claim("aud", []string{}).String(), "not valid"},
		"no subject":                 {v.own, own.without("sub").String(), `no "sub"`},
		"empty subject":              {v.own, own.claim("sub", "").String(), `no "sub"`},
		"subject is a number":        {v.own, own.claim("sub", 7).String(), `"sub" is not a string`},
		"subject in capitals":        {v.own, own.without("sub").claim("SUB", "member-1").String(), `no "sub"`},
		"no workspace":               {v.own, own.without("workspace").String(), `no "workspace"`},
		"workspace is an object":     {v.own, own.claim("workspace", map[string]string{"$ne": ""}).String(), `"workspace" is not a string`},
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := row.on.Verify(t.Context(), row.raw)
			requireRefused(t, err, inbox.Unauthenticated, row.says, row.raw)
			require.Zero(t, claims)
		})
	}
}

// strayBits changes only bits of the last character that carry no data.
func strayBits(s string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, s[len(s)-1])
	return s[:len(s)-1] + string(alphabet[last^1])
}

func TestClaimsCarryTheAddressAndTheEnd(t *testing.T) {
	v := newVerifier(t, auth.Operator{})
	exp := in(time.Hour)
	made := ownToken().claim("exp", exp).claim("email", "ann@acme.test").claim("email_verified", true)
	claims, err := v.Verify(t.Context(), made.String())
	require.NoError(t, err)
	require.Equal(t, "ann@acme.test", claims.Email)
	require.True(t, claims.EmailVerified)
	require.Equal(t, time.Unix(exp, 0).Add(auth.Leeway), claims.Expires)

	claims, err = v.Verify(t.Context(), made.claim("email_verified", "true").claim("email", 7).String())
	require.NoError(t, err)
	require.Empty(t, claims.Email)
	require.True(t, claims.EmailVerified)
	for _, said := range []any{"True", "TRUE", " true", "yes", "1", 1, 1.5, nil, []any{true}, map[string]any{"true": true}, "false", ""} {
		claims, err = v.Verify(t.Context(), made.claim("email_verified", said).String())
		require.NoError(t, err)
		require.False(t, claims.EmailVerified, "%#v", said)
	}
}

func TestWeakSettingsAreRefused(t *testing.T) {
	short := ownSecret()[:auth.MinSecret-1]
	_, err := auth.NewVerifier(short, auth.Operator{})
	require.ErrorIs(t, err, auth.ErrShortSecret)
	_, err = auth.FromSecret(short, issuer, audience)
	require.ErrorIs(t, err, auth.ErrShortSecret)
	_, err = auth.FromSecret(operatorSecret(), "", audience)
	require.ErrorContains(t, err, "required")
	_, err = auth.FromSecret(operatorSecret(), issuer, "")
	require.ErrorContains(t, err, "required")
	_, err = auth.NewSigner(short)
	require.ErrorIs(t, err, auth.ErrShortSecret)
	_, err = auth.NewOperatorSigner(short, issuer, audience)
	require.ErrorIs(t, err, auth.ErrShortSecret)
}

// A caller that overwrites its copy of the secret must not change the server's.
func TestTheSecretIsCopied(t *testing.T) {
	secret := ownSecret()
	v, err := auth.NewVerifier(secret, auth.Operator{})
	require.NoError(t, err)
	clear(secret)
	_, err = v.Verify(t.Context(), ownToken().String())
	require.NoError(t, err)
}

func FuzzVerify(f *testing.F) {
	v := newVerifier(f, auth.Operator{})
	genuine := ownToken().String()
	forged := ownToken().signedBy(jwt.SigningMethodHS256, operatorSecret())
	for _, raw := range []string{"", "..", genuine, genuine[:len(genuine)-1], forged.String(), forged.contact().String(),
		ownToken().signedBy(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType).String(),
		part(`{"alg":"HS256","kid":"switchboard"}`) + "." + part("null") + ".", part("null") + "." + part("{}") + ".",
		part(`{"alg":7,"kid":[],"crit":{}}`) + "." + part(`{"exp":1e999}`) + ".AA"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if raw == genuine {
			return
		}
		claims, err := v.Verify(t.Context(), raw)
		requireRefused(t, err, inbox.Unauthenticated, ".", "")
		require.Zero(t, claims)
	})
}
