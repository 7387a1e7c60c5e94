package auth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/MicahParks/jwkset"
)

// maxKeySet is the largest answer that is read from a JWKS address, in bytes.
const maxKeySet = 1 << 20

// Run fetches the keys at once and then keeps them fresh until ctx ends. It
// never gives up: a provider that is away is asked again after KeyRetry, then
// more seldom. Call it once; it returns nil.
func (k *KeySet) Run(ctx context.Context) error {
	pause, failures := time.Duration(0), 0
	for k.sleep(ctx, pause) {
		select {
		case <-k.asked: // what was asked before a fetch is answered by it
		default:
		}
		err := k.fetch(ctx)
		if ctx.Err() != nil {
			break
		}
		if pause = KeyRefresh; err == nil {
			failures = 0
		} else {
			pause = min(KeyRetry<<min(failures, 10), MaxKeyRetry)
			failures++
		}
		k.finish(err, pause)
	}
	return nil
}

// sleep waits for pause to pass, or for a request to ask and KeyGap to pass. It
// reports whether ctx still lives.
func (k *KeySet) sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-k.asked:
		k.mu.Lock()
		due := min(max(k.untilAllowed(), 0), pause)
		k.mu.Unlock()
		gap := time.NewTimer(due)
		defer gap.Stop()
		select {
		case <-ctx.Done():
		case <-gap.C:
		case <-timer.C:
		}
	}
	return ctx.Err() == nil
}

// fetch loads the keys once and puts them in the place of the old ones. A set
// without a usable key is taken for a fault, not for an order to forget all.
func (k *KeySet) fetch(ctx context.Context) error {
	fresh := jwkset.NewMemoryStorage()
	_, err := jwkset.NewStorageFromHTTP(k.url, jwkset.HTTPClientStorageOptions{
		Ctx: ctx, HTTPTimeout: KeyTimeout, Storage: fresh,
		Client: &http.Client{Transport: bounded{k.transport}, CheckRedirect: noDowngrade},
		// Validation would follow the x5u of a key to wherever it points.
		ValidateOptions: jwkset.JWKValidateOptions{SkipAll: true},
	})
	if err != nil {
		return err
	}
	keys, err := fresh.KeyReadAll(ctx)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return errors.New("the answer holds no key that can be used")
	}
	return k.loaded.KeyReplaceAll(ctx, keys)
}

// finish wakes who waited and tells of a change for the worse or the better.
func (k *KeySet) finish(err error, next time.Duration) {
	k.mu.Lock()
	recovered := err == nil && !k.healthy
	k.healthy, k.last = err == nil, time.Now()
	close(k.attempt)
	k.attempt = make(chan struct{})
	k.mu.Unlock()
	switch {
	case err != nil:
		k.log.Warn("the identity provider's keys could not be loaded; tokens signed with unknown keys are answered with UNAVAILABLE",
			"error", cause(err), "retry_in", next)
	case recovered:
		k.log.Info("the identity provider's keys are loaded")
	}
}

// cause leaves out the address, which may carry an access key.
func cause(err error) string {
	var located *url.Error
	if errors.As(err, &located) {
		err = located.Err
	}
	return err.Error()
}

// bounded cuts off answers that are too long to be key sets.
type bounded struct{ next http.RoundTripper }

// RoundTrip fetches with the next transport and bounds the answer.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = readCloser{io.LimitReader(answer.Body, maxKeySet), answer.Body}
	return answer, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// noDowngrade refuses a redirect from https to http, and long chains.
func noDowngrade(next *http.Request, before []*http.Request) error {
	switch {
	case len(before) >= 5:
		return errors.New("too many redirects")
	case before[0].URL.Scheme == "https" && next.URL.Scheme != "https":
		return errors.New("redirected from https to http")
	default:
		return nil
	}
}
