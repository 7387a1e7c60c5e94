package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// Issuer is an OpenID Connect provider, found by the address that its tokens name as
// iss. What it says of itself is read again with every fetch of its keys. It is safe
// for concurrent use.
type Issuer struct {
	name  string
	found atomic.Pointer[IssuerMetadata]
}

// IssuerMetadata is what pages need to sign people in at a provider. Addresses are
// https, or http on the loopback where the issuer is; those that are empty the
// provider does not have.
type IssuerMetadata struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	EndSession    string   `json:"end_session_endpoint,omitempty"`
	Revocation    string   `json:"revocation_endpoint,omitempty"`
	Keys          string   `json:"jwks_uri"`
	Scopes        []string `json:"scopes_supported,omitempty"`
	NamesIssuer   bool     `json:"authorization_response_iss_parameter_supported,omitempty"`
}

// NewIssuer names a provider. Nothing is asked of it before its keys are fetched.
func NewIssuer(name string) *Issuer { return &Issuer{name: name} }

// Metadata is what the provider said last; nil until it answered.
func (i *Issuer) Metadata() *IssuerMetadata { return i.found.Load() }

// NewIssuerKeys makes an empty key set as NewKeySet does, for the keys of a provider
// that is found by its issuer. It follows no redirect to another host.
func NewIssuerKeys(i *Issuer, transport http.RoundTripper, log *slog.Logger) (*KeySet, error) {
	set, err := NewKeySet("", transport, log)
	if err != nil {
		return nil, err
	}
	set.redirects = sameHost
	set.locate = func(ctx context.Context) (string, error) {
		found, err := i.discover(ctx, set)
		if err != nil {
			return "", err
		}
		i.found.Store(found)
		return found.Keys, nil
	}
	return set, nil
}

// discover reads what the provider publishes of itself.
func (i *Issuer) discover(ctx context.Context, by *KeySet) (*IssuerMetadata, error) {
	body, err := by.get(ctx, strings.TrimSuffix(i.name, "/")+"/.well-known/openid-configuration", "application/json")
	if err != nil {
		return nil, fmt.Errorf("discovery: %s", cause(err))
	}
	var found IssuerMetadata
	if err := json.Unmarshal(body, &found); err != nil {
		return nil, errors.New("discovery: the answer is not a JSON object of the expected form")
	}
	if found.Issuer != i.name {
		return nil, fmt.Errorf("discovery: the answer names another issuer; --oidc-issuer must be exactly what it says, also at the end")
	}
	return &found, found.check()
}

// check refuses addresses that are not safe to send anybody or any secret to, and
// leaves those out that the provider need not have.
func (m *IssuerMetadata) check() error {
	encrypted := strings.HasPrefix(m.Issuer, "https:")
	for name, at := range map[string]string{"authorization_endpoint": m.Authorization, "token_endpoint": m.Token, "jwks_uri": m.Keys} {
		if !safeEndpoint(at, encrypted) {
			return fmt.Errorf("discovery: %s is not an https address", name)
		}
	}
	for _, at := range []*string{&m.EndSession, &m.Revocation} {
		if !safeEndpoint(*at, encrypted) {
			*at = ""
		}
	}
	return nil
}

// safeEndpoint accepts https, and http on the loopback for an issuer that is there.
func safeEndpoint(at string, encrypted bool) bool {
	u, err := url.Parse(at)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http" && !encrypted && IsLoopback(u.Hostname()))
}

// IsLoopback reports whether a host without its port is this machine.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// sameHost refuses every redirect away from the host that was named.
func sameHost(next *http.Request, before []*http.Request) error {
	if first := before[0].URL; next.URL.Scheme != first.Scheme || next.URL.Host != first.Host {
		return errors.New("redirected to another host")
	}
	return noDowngrade(next, before)
}
