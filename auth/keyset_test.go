package auth_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"switchboard/auth"
	"switchboard/inbox"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

// exchange answers fetches inside a synctest bubble, where time is not real and
// so nothing below depends on a machine being quick.
type exchange struct {
	fetches atomic.Int32
	answer  atomic.Pointer[func(*http.Request) (*http.Response, error)]
}

func (e *exchange) set(f func(*http.Request) (*http.Response, error)) { e.answer.Store(&f) }

// RoundTrip counts and answers.
func (e *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	e.fetches.Add(1)
	return (*e.answer.Load())(r)
}

func serving(keys ...jwk) func(*http.Request) (*http.Response, error) {
	body, _ := json.Marshal(map[string]any{"keys": keys})
	return serve(http.StatusOK, string(body))
}

func serve(status int, body string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}}, nil
	}
}

func down(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }

func hanging(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// trickling answers with a byte a second and never ends.
func trickling(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(trickle{r.Context()})}, nil
}

type trickle struct{ ctx context.Context }

func (s trickle) Read(p []byte) (int, error) {
	select {
	case <-time.After(time.Second):
		p[0] = ' '
		return 1, nil
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
}

// circling redirects to itself.
func circling(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusFound, Body: http.NoBody, Header: http.Header{"Location": {r.URL.String()}}}, nil
}

func newEC(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

// inBubble runs a server whose keys come from e.
func inBubble(t *testing.T, e *exchange, test func(t *testing.T, v *auth.Verifier)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		operator, err := auth.FromJWKS(running(t, "https://id.example/keys", e), issuer, audience)
		require.NoError(t, err)
		test(t, newVerifier(t, operator))
	})
}

func TestKeysRotate(t *testing.T) {
	k := newKeys(t)
	first := jwksToken(jwt.SigningMethodRS256, "1", k.rsa)
	second := jwksToken(jwt.SigningMethodES256, "2", k.ec)
	e := &exchange{}
	e.set(serving(public("1", k.rsa)))
	inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
		_, err := v.Verify(t.Context(), first.String())
		require.NoError(t, err)

		e.set(serving(public("2", k.ec)))
		time.Sleep(auth.KeyGap)
		_, err = v.Verify(t.Context(), second.String())
		require.NoError(t, err, "an unknown key id fetches the keys")
		raw := first.claim("seen", "before").String()
		_, err = v.Verify(t.Context(), raw)
		requireRefused(t, err, inbox.Unavailable, "not known yet", raw)
		time.Sleep(auth.KeyGap)
		_, err = v.Verify(t.Context(), raw)
		requireRefused(t, err, inbox.Unauthenticated, "not among those", raw)
	})
}

// A key that is published a moment after the last fetch is found by the next one.
// Until then its tokens are not refused for good, however many tokens with made-up
// keys came before and come meanwhile.
func TestAFloodDoesNotStarveARotation(t *testing.T) {
	k := newKeys(t)
	e := &exchange{}
	e.set(serving(public("1", k.rsa)))
	inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
		synctest.Wait()
		time.Sleep(auth.KeyGap)
		flood := func() {
			for i := range 50 {
				_, err := v.Verify(t.Context(), jwksToken(jwt.SigningMethodES256, "2", newEC(t)).claim("n", i).String())
				require.Error(t, err)
			}
		}
		flood() // the key id that comes next is asked for already
		e.set(serving(public("1", k.rsa), public("2", k.ec)))
		genuine := jwksToken(jwt.SigningMethodES256, "2", k.ec).String()
		for range 3 {
			_, err := v.Verify(t.Context(), genuine)
			requireRefused(t, err, inbox.Unavailable, "Try again", genuine)
			flood()
		}
		time.Sleep(auth.KeyGap)
		_, err := v.Verify(t.Context(), genuine)
		require.NoError(t, err)
		require.EqualValues(t, 3, e.fetches.Load(), "at the start, for the flood, and a gap later")
	})
}

// More requests than may wait are answered at once, and nobody waits beyond the
// bound.
func TestAHangingProviderHoldsNobodyUp(t *testing.T) {
	k := newKeys(t)
	e := &exchange{}
	e.set(serving(public("1", k.rsa)))
	inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
		synctest.Wait()
		time.Sleep(auth.KeyGap)
		e.set(hanging)
		raw := jwksToken(jwt.SigningMethodRS256, "made-up", k.rsa).String()
		began := time.Now()
		var all sync.WaitGroup
		var atOnce atomic.Int32
		for range 300 {
			all.Go(func() {
				_, err := v.Verify(t.Context(), raw)
				requireRefused(t, err, inbox.Unavailable, "Try again", raw)
				if time.Since(began) == 0 {
					atOnce.Add(1)
				}
			})
		}
		all.Wait()
		require.Equal(t, auth.MaxKeyWait, time.Since(began))
		require.EqualValues(t, 300-256, atOnce.Load())
	})
}

func TestKeysAreFetchedInTheBackground(t *testing.T) {
	k := newKeys(t)
	e := &exchange{}
	e.set(serving(public("1", k.rsa)))
	inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
		synctest.Wait()
		require.EqualValues(t, 1, e.fetches.Load(), "at once")
		e.set(serving(public("2", k.ec)))
		time.Sleep(auth.KeyRefresh)
		synctest.Wait()
		require.EqualValues(t, 2, e.fetches.Load())
		began := time.Now()
		_, err := v.Verify(t.Context(), jwksToken(jwt.SigningMethodES256, "2", k.ec).claim("exp", in(time.Hour)).String())
		require.NoError(t, err)
		require.Zero(t, time.Since(began), "nothing was waited for")
	})
}

// Made-up key ids must be no means to flood the provider, nor hold requests up.
func TestUnknownKeyIDsAreLimited(t *testing.T) {
	k := newKeys(t)
	e := &exchange{}
	e.set(serving(public("1", k.rsa)))
	inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
		synctest.Wait()
		began := time.Now()
		for range 100 {
			raw := jwksToken(jwt.SigningMethodRS256, "made-up", k.rsa).String()
			_, err := v.Verify(t.Context(), raw)
			requireRefused(t, err, inbox.Unavailable, "not known yet", raw)
		}
		require.Zero(t, time.Since(began))
		require.EqualValues(t, 1, e.fetches.Load())

		e.set(serving(public("1", k.rsa), public("2", k.ec)))
		time.Sleep(auth.KeyGap)
		synctest.Wait()
		require.EqualValues(t, 2, e.fetches.Load(), "one fetch comes of a hundred requests")
		_, err := v.Verify(t.Context(), jwksToken(jwt.SigningMethodES256, "2", k.ec).String())
		require.NoError(t, err)
	})
}

func TestAProviderThatIsDownAtStart(t *testing.T) {
	k := newKeys(t)
	made := jwksToken(jwt.SigningMethodRS256, "1", k.rsa).claim("exp", int64(4e9))
	e := &exchange{}
	e.set(down)
	inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
		synctest.Wait()
		for range 3 {
			_, err := v.Verify(t.Context(), made.String())
			requireRefused(t, err, inbox.Unavailable, "Try again", made.String())
		}
		_, err := v.Verify(t.Context(), ownToken().contact().String())
		require.NoError(t, err, "contacts do not need the provider")

		time.Sleep(time.Hour)
		synctest.Wait()
		require.LessOrEqual(t, e.fetches.Load(), int32(time.Hour/auth.MaxKeyRetry)+8, "it is asked more and more seldom")
		e.set(serving(public("1", k.rsa)))
		time.Sleep(auth.MaxKeyRetry)
		synctest.Wait()
		_, err = v.Verify(t.Context(), made.String())
		require.NoError(t, err, "it recovers with nobody's help")
	})
}

func TestAnOutageKeepsTheKeys(t *testing.T) {
	k := newKeys(t)
	known := jwksToken(jwt.SigningMethodRS256, "1", k.rsa).claim("exp", int64(4e9))
	unknown := jwksToken(jwt.SigningMethodES256, "2", k.ec).claim("exp", int64(4e9))
	endless, err := json.Marshal(map[string]any{"a": strings.Repeat("x", 2*mebibyte), "keys": []jwk{public("2", k.ec)}})
	require.NoError(t, err)
	for name, fault := range map[string]func(*http.Request) (*http.Response, error){
		"down":          down,
		"hanging":       hanging,
		"an error page": serve(http.StatusInternalServerError, "oops"),
		"no JSON":       serve(http.StatusOK, "<html>"),
		"no keys":       serve(http.StatusOK, `{"keys":[]}`),
		"an error":      serve(http.StatusOK, `{"error":"later"}`),
		"endless":       serve(http.StatusOK, string(endless)),
		"ten megabytes": serve(http.StatusOK, `{"keys":[`+strings.Repeat(" ", 10*mebibyte)+`]}`),
		"a trickle":     trickling,
		"a circle":      circling,
	} {
		t.Run(name, func(t *testing.T) {
			e := &exchange{}
			e.set(serving(public("1", k.rsa)))
			inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
				synctest.Wait()
				e.set(fault)
				time.Sleep(auth.KeyRefresh + auth.KeyTimeout)
				synctest.Wait()
				_, err := v.Verify(t.Context(), known.String())
				require.NoError(t, err)
				began := time.Now()
				_, err = v.Verify(t.Context(), unknown.String())
				requireRefused(t, err, inbox.Unavailable, "Try again", unknown.String())
				require.LessOrEqual(t, time.Since(began), auth.MaxKeyWait)
			})
		})
	}
}

func TestAWaitingRequestCanBeCancelled(t *testing.T) {
	k := newKeys(t)
	e := &exchange{}
	e.set(hanging)
	inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
		ctx, cancel := context.WithTimeout(t.Context(), auth.MaxKeyWait/4)
		defer cancel()
		began := time.Now()
		raw := jwksToken(jwt.SigningMethodRS256, "1", k.rsa).String()
		_, err := v.Verify(ctx, raw)
		requireRefused(t, err, inbox.Unavailable, "Try again", raw)
		require.Equal(t, auth.MaxKeyWait/4, time.Since(began))
	})
}

// The same over a real connection, with an address that redirects.
func TestKeysOverHTTP(t *testing.T) {
	k := newKeys(t)
	p := newProvider(t, public("1", k.rsa))
	moved := newProvider(t)
	moved.set(func(w http.ResponseWriter) {
		w.Header().Set("Location", p.URL)
		w.WriteHeader(http.StatusFound)
	})
	operator, err := auth.FromJWKS(running(t, moved.URL, nil), issuer, audience)
	require.NoError(t, err)
	_, err = newVerifier(t, operator).Verify(t.Context(), jwksToken(jwt.SigningMethodRS256, "1", k.rsa).String())
	require.NoError(t, err)
	<-p.asked
}

// An identity provider behind https must not be left for a plain address.
func TestRedirectsToPlainHTTPAreRefused(t *testing.T) {
	k := newKeys(t)
	e := &exchange{}
	e.set(func(r *http.Request) (*http.Response, error) {
		if r.URL.Scheme == "http" {
			return serving(public("1", k.rsa))(r)
		}
		return &http.Response{StatusCode: http.StatusFound, Body: http.NoBody,
			Header: http.Header{"Location": {"http://id.example/keys"}}}, nil
	})
	inBubble(t, e, func(t *testing.T, v *auth.Verifier) {
		raw := jwksToken(jwt.SigningMethodRS256, "1", k.rsa).String()
		_, err := v.Verify(t.Context(), raw)
		requireRefused(t, err, inbox.Unavailable, "Try again", raw)
	})
}

// A key's own certificate address must not be followed either.
func TestX5UOfAKeyIsNotFollowed(t *testing.T) {
	k := newKeys(t)
	elsewhere := newProvider(t)
	p := newProvider(t, public("1", k.rsa).with("x5u", elsewhere.URL))
	operator, err := auth.FromJWKS(running(t, p.URL, nil), issuer, audience)
	require.NoError(t, err)
	_, err = newVerifier(t, operator).Verify(t.Context(), jwksToken(jwt.SigningMethodRS256, "1", k.rsa).String())
	require.NoError(t, err)
	require.Empty(t, elsewhere.asked)
}

func TestOutagesAreLoggedWithoutTheAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		e := &exchange{}
		e.set(down)
		set, err := auth.NewKeySet("https://id.example/keys?access=letmein", e, slog.New(slog.NewTextHandler(&log, nil)))
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- set.Run(ctx) }()
		synctest.Wait()
		e.set(serving(public("1", newKeys(t).ec)))
		time.Sleep(auth.KeyRetry)
		synctest.Wait()
		cancel()
		require.NoError(t, <-ended)
		require.Contains(t, log.String(), "connection refused")
		require.Contains(t, log.String(), "the identity provider's keys are loaded")
		require.NotContains(t, log.String(), "letmein")
	})
}
