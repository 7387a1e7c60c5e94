package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"switchboard/inbox/webhooks"
)

const (
	// attemptTime bounds an attempt, from the dial to the end of what is read.
	attemptTime = 15 * time.Second
	// connections bounds those to one endpoint, and replayConnections its part for replays.
	connections       = 32
	replayConnections = connections / 4
	// readBytes is how much is read of a response, and keptBytes how much is kept.
	readBytes = 1 << 10
	keptBytes = 256
	// idleTime is how long a connection is kept for the next event.
	idleTime = time.Minute
)

// transport makes the connections of one endpoint. It follows no redirect and uses no
// proxy.
func transport(g *Guard) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	return &http.Transport{
		DialContext: g.dial, Protocols: protocols, DisableCompression: true, MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections,
		IdleConnTimeout: idleTime, TLSHandshakeTimeout: dialTime, MaxResponseHeaderBytes: 16 << 10, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
	}
}

// post makes one attempt.
func post(ctx context.Context, by http.RoundTripper, url string, header http.Header, body []byte) webhooks.Outcome {
	began := time.Now()
	out := webhooks.Outcome{Attempt: webhooks.Attempt{At: began.UTC()}}
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	resp, err := roundTrip(ctx, by, url, header, body)
	if err != nil {
		out.Error = reason(err)
	} else {
		out.Status, out.Body, out.RetryAfter = resp.StatusCode, beginning(resp.Body), retryAfter(resp, began)
		_ = resp.Body.Close()
	}
	out.Took = time.Since(began)
	return out
}

func roundTrip(ctx context.Context, by http.RoundTripper, url string, header http.Header, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = header
	return by.RoundTrip(req)
}

// beginning reads a little of a response and keeps less.
func beginning(body io.Reader) string {
	read, _ := io.ReadAll(io.LimitReader(body, readBytes))
	text := strings.ToValidUTF8(string(read), "\uFFFD")
	if len(text) <= keptBytes {
		return text
	}
	cut := keptBytes
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// retryAfter is how long the endpoint asks to be left alone.
func retryAfter(resp *http.Response, now time.Time) time.Duration {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	const longest = int64(24 * time.Hour / time.Second)
	text := resp.Header.Get("Retry-After")
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) { // which gives the nearest number
		return time.Duration(min(max(seconds, 0), longest)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// reason is an error in words that say nothing about the network of this installation.
func reason(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, errRefused):
		return "the address is not allowed"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	case errors.As(err, &dns):
		return "the name was not found"
	case errors.As(err, &certificate):
		return "the certificate is not valid"
	}
	return "the connection failed"
}
