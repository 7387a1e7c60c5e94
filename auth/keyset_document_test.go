package auth_test

import (
	"bytes"
	"crypto"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"switchboard/auth"
	"switchboard/inbox"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// keyRow is one line of testdata/keys.json: a key with some members changed, the
// algorithms that it is used with, or why it is ignored.
type keyRow struct {
	Name       string         `json:"name"`
	Base       string         `json:"base"`
	Set        map[string]any `json:"set"`
	Algorithms []string       `json:"algorithms"`
	Reason     string         `json:"reason"`
}

func readKeyRows(t testing.TB) (rows []keyRow) {
	t.Helper()
	data, err := os.ReadFile("testdata/keys.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &rows))
	return rows
}

func (k keys) base(name string) crypto.Signer {
	return map[string]crypto.Signer{"rsa": k.rsa, "weak": k.weak, "ec": k.ec, "ed": k.ed}[name]
}

// entry writes the row as an entry of a key set with that id.
func (row keyRow) entry(k keys, kid string) jwk {
	out := public(kid, k.base(row.Base))
	for name, value := range row.Set {
		out = out.with(name, value)
	}
	return out
}

// signed are tokens that the row's key signs, one an algorithm.
func (row keyRow) signed(k keys, kid string) map[string]token {
	methods := map[string][]jwt.SigningMethod{
		"rsa":  {jwt.SigningMethodRS256, jwt.SigningMethodPS256},
		"weak": {jwt.SigningMethodRS256, jwt.SigningMethodPS256},
		"ec":   {jwt.SigningMethodES256}, "ed": {jwt.SigningMethodEdDSA},
	}
	out := map[string]token{}
	for _, method := range methods[row.Base] {
		out[method.Alg()] = jwksToken(method, kid, k.base(row.Base))
	}
	return out
}

// Each key of a document is used or ignored for itself, and the log says once
// which are ignored and why.
func TestEachKeyIsJudgedForItself(t *testing.T) {
	k := newKeys(t)
	good := newEC(t)
	for _, row := range readKeyRows(t) {
		t.Run(row.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				e := &exchange{}
				e.set(serving(row.entry(k, "tried"), public("good", good)))
				v := newVerifier(t, logging(t, e, &log))
				_, err := v.Verify(t.Context(), jwksToken(jwt.SigningMethodES256, "good", good).String())
				require.NoError(t, err, "the key beside it")
				for alg, made := range row.signed(k, "tried") {
					raw := made.String()
					_, err := v.Verify(t.Context(), raw)
					if strings.Contains(fmt.Sprint(row.Algorithms), alg) {
						require.NoError(t, err, alg)
						continue
					}
					require.Error(t, err, alg)
					time.Sleep(auth.KeyGap + auth.MaxKeyWait)
					_, err = v.Verify(t.Context(), raw)
					requireRefused(t, err, inbox.Unauthenticated, "key (kid)", raw)
				}
				time.Sleep(3 * auth.KeyRefresh)
				synctest.Wait()
				if row.Reason == "" {
					require.NotContains(t, log.String(), "ignored")
					return
				}
				require.Equal(t, 1, strings.Count(log.String(), "is ignored"), "once, not at each refresh: %s", log.String())
				require.Contains(t, strings.ReplaceAll(log.String(), `\"`, `"`), row.Reason)
				if kid, given := row.Set["kid"]; given && kid != "tried" {
					require.Contains(t, log.String(), `key=#0`)
				} else {
					require.Contains(t, log.String(), `key=tried`)
				}
			})
		})
	}
}

// logging makes an operator whose key set writes into log.
func logging(t *testing.T, e http.RoundTripper, log *bytes.Buffer) auth.Operator {
	t.Helper()
	set, err := auth.NewKeySet("https://id.example/keys", e, slog.New(slog.NewTextHandler(log, nil)))
	require.NoError(t, err)
	runUntilCleanup(t, set)
	operator, err := auth.FromJWKS(set, issuer, audience)
	require.NoError(t, err)
	return operator
}

// Whatever stands beside them in a document, also under their own ids, good keys
// verify their tokens, and no other key does.
func TestGoodKeysAlwaysVerify(t *testing.T) {
	k, rows := newKeys(t), readKeyRows(t)
	var good []string
	for i, made := range []token{
		jwksToken(jwt.SigningMethodRS256, "0", k.rsa), jwksToken(jwt.SigningMethodES256, "1", k.ec), jwksToken(jwt.SigningMethodEdDSA, "2", k.ed),
	} {
		good = append(good, made.claim("n", i).claim("exp", int64(4e9)).String())
	}
	other, forged := newKeys(t), jwksToken(jwt.SigningMethodES256, "1", newEC(t)).claim("exp", int64(4e9)).String()
	rapid.Check(t, func(rt *rapid.T) {
		entries := []any{public("0", k.rsa), public("1", k.ec), public("2", k.ed)}
		for range rapid.IntRange(0, 8).Draw(rt, "others") {
			entries = append(entries, drawEntry(rt, rows, other))
		}
		body, err := json.Marshal(map[string]any{"keys": rapid.Permutation(entries).Draw(rt, "order"), "more": drawJSON(rt, 2)})
		require.NoError(rt, err)
		synctest.Test(t, func(t *testing.T) {
			e := &exchange{}
			e.set(serve(http.StatusOK, string(body)))
			v := newVerifier(t, logging(t, e, &bytes.Buffer{}))
			for _, raw := range good {
				_, err := v.Verify(t.Context(), raw)
				require.NoError(t, err, "%s", body)
			}
			_, err := v.Verify(t.Context(), forged)
			require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err))
		})
	})
}

// drawEntry draws an entry of a key set: a key with members changed, or anything.
func drawEntry(t *rapid.T, rows []keyRow, k keys) any {
	if rapid.Bool().Draw(t, "no key") {
		return drawJSON(t, 2)
	}
	entry := rapid.SampledFrom(rows).Draw(t, "key").entry(k, rapid.SampledFrom([]string{"0", "1", "2", "3"}).Draw(t, "kid"))
	for range rapid.IntRange(0, 3).Draw(t, "changes") {
		name := rapid.SampledFrom([]string{"kid", "kty", "use", "alg", "key_ops", "crv", "x", "y", "n", "e", "k", "d", "x5c", "x5u", "KID"}).Draw(t, "member")
		entry = entry.with(name, drawJSON(t, 1))
	}
	return entry
}

func drawJSON(t *rapid.T, depth int) any {
	switch rapid.IntRange(0, 4+min(depth, 1)).Draw(t, "sort") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Float64Range(-1e9, 1e9).Draw(t, "number")
	case 3:
		return rapid.SampledFrom([]string{"", "sig", "enc", "RSA", "EC", "OKP", "oct", "verify", "P-256", "RS256", "ES256", "EdDSA", "AQAB"}).Draw(t, "word")
	case 4:
		return rapid.String().Draw(t, "text")
	}
	return []any{drawJSON(t, depth-1), map[string]any{"verify": drawJSON(t, depth-1)}}
}

// Two keys with one id: what is not for signatures does not stand in the way, and
// of two that are, each verifies what it signed.
func TestTwoKeysWithOneID(t *testing.T) {
	k := newKeys(t)
	second := newKeys(t)
	first := jwksToken(jwt.SigningMethodRS256, "1", k.rsa)
	for name, row := range map[string]struct {
		beside jwk
		also   *token
	}{
		"for encryption":            {public("1", second.rsa).with("use", "enc"), nil},
		"not to verify":             {public("1", second.rsa).with("key_ops", []string{"encrypt"}), nil},
		"an algorithm not accepted": {public("1", second.rsa).with("alg", "RSA-OAEP"), nil},
		"a short one":               {public("1", second.weak), nil},
		"the very same":             {public("1", k.rsa), &first},
		"of another type":           {public("1", second.ec), ptr(jwksToken(jwt.SigningMethodES256, "1", second.ec))},
		"of the same type":          {public("1", second.rsa), ptr(jwksToken(jwt.SigningMethodRS256, "1", second.rsa))},
	} {
		for _, order := range [][]jwk{{public("1", k.rsa), row.beside}, {row.beside, public("1", k.rsa)}} {
			t.Run(name, func(t *testing.T) {
				e := &exchange{}
				e.set(serving(order...))
				inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
					_, err := v.Verify(t.Context(), first.String())
					require.NoError(t, err)
					if row.also != nil {
						_, err = v.Verify(t.Context(), row.also.String())
						require.NoError(t, err)
					}
					forged := jwksToken(jwt.SigningMethodES256, "1", newEC(t)).String()
					_, err = v.Verify(t.Context(), forged)
					require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err))
				})
			})
		}
	}
}

func ptr[T any](v T) *T { return &v }

// A document of very many entries is read whole, used up to the bound, and fills
// no log.
func TestVeryManyKeys(t *testing.T) {
	k := newKeys(t)
	entries := []jwk{public("good", k.ec)}
	for i := range 999 {
		entries = append(entries, public(fmt.Sprint("good-", i), k.ed))
	}
	for i := range 1000 {
		entries = append(entries, jwk{"kid": fmt.Sprint("bad-", i)})
	}
	entries = append(entries, public("beyond", k.ed))
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		e := &exchange{}
		e.set(serving(entries...))
		v := newVerifier(t, logging(t, e, &log))
		_, err := v.Verify(t.Context(), jwksToken(jwt.SigningMethodES256, "good", k.ec).String())
		require.NoError(t, err)
		_, err = v.Verify(t.Context(), jwksToken(jwt.SigningMethodEdDSA, "good-998", k.ed).String())
		require.NoError(t, err)
		_, err = v.Verify(t.Context(), jwksToken(jwt.SigningMethodEdDSA, "beyond", k.ed).String())
		require.Error(t, err)
		synctest.Wait()
		require.Equal(t, 20, strings.Count(log.String(), "is ignored"))
		require.Contains(t, log.String(), "keys=981")
	})
}
