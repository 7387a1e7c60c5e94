package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// maxKeySet is the largest answer that is read from a JWKS address, in bytes.
const maxKeySet = 1 << 20

// fetch asks the provider for its keys once, for at most KeyTimeout.
func (k *KeySet) fetch(ctx context.Context) (keyDocument, error) {
	ctx, cancel := context.WithTimeout(ctx, KeyTimeout)
	defer cancel()
	at, err := k.locate(ctx)
	if err != nil {
		return keyDocument{}, err
	}
	body, err := k.get(ctx, at, "application/jwk-set+json, application/json")
	if err != nil {
		return keyDocument{}, err
	}
	return readKeys(body)
}

// get reads a document of the provider.
func (k *KeySet) get(ctx context.Context, at, accept string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", accept)
	client := &http.Client{Transport: k.transport, CheckRedirect: k.redirects}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer has the status %d", answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxKeySet+1))
	if err == nil && len(body) > maxKeySet {
		err = fmt.Errorf("the answer is longer than %d bytes", maxKeySet)
	}
	return body, err
}

// cause leaves out the address, which may carry an access key.
func cause(err error) string {
	var located *url.Error
	if errors.As(err, &located) {
		err = located.Err
	}
	return err.Error()
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
