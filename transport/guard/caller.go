package guard

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// caller is on whose account an operation runs: a principal, by the key of its
// identity, its tenant and class, and the address it comes from.
type caller struct{ key, tenant, class, address string }

// kin names all callers of one class of one tenant; empty for those of no class.
func (c caller) kin() string {
	if c.class == "" {
		return ""
	}
	return c.tenant + "/" + c.class
}

type (
	callerKey  struct{}
	addressKey struct{}
)

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// callerOf finds who asks; empty parts are not known.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	c.address = ClientAddress(ctx)
	return c
}

// ClientAddress is the IP address that the request behind ctx came from, as
// Addressed found it; empty without a request.
func ClientAddress(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}

// WithAddress puts the address that a connection came from into its context, for
// ClientAddress.
func WithAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// Addressed puts the client's address into the context of each request.
func Addressed(proxies []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(WithAddress(r.Context(), clientAddress(r, proxies))))
	})
}

// clientAddress believes X-Forwarded-For from the right, for as long as the one
// who says it is a trusted proxy: what stands further left anybody can make up.
func clientAddress(r *http.Request, proxies []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(said) - 1; i >= 0 && within(host, proxies); i-- {
		one, err := netip.ParseAddr(strings.TrimSpace(said[i]))
		if err != nil {
			break
		}
		host = one.Unmap().String()
	}
	return host
}

func within(host string, prefixes []netip.Prefix) bool {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, prefix := range prefixes {
		if prefix.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}
