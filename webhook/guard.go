package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"

	"switchboard/inbox"
)

// Mode says to which addresses an installation sends.
type Mode string

// The modes. HTTPS is the default.
const (
	Off   Mode = "off"
	HTTPS Mode = "https"
	Any   Mode = "any" // also http, on port 80 and from 1024
)

// Guard decides which addresses may be dialled. It looks at the address of each connection
// when that is opened, behind the resolution of names, so that a name cannot be one thing
// when it is checked and another when it is dialled.
type Guard struct {
	Mode Mode
	// Allowed are networks that are dialled although they are not public.
	Allowed []netip.Prefix
	// Own are the ports on which this program listens: no address of this machine is
	// dialled there.
	Own []uint16
	// Lookup resolves a name; the system's resolver when nil.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	// Local gives the addresses of this machine; those of its interfaces when nil.
	Local func() []netip.Addr
}

// lowestPort is the first that is not of the system's services.
const lowestPort = 1024

// CheckURL refuses an address that is never dialled, with INVALID_INPUT.
func (g *Guard) CheckURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return inbox.Invalid("url", "url must be an absolute address without user and fragment, such as https://example.com/webhooks.")
	}
	switch {
	case g.Mode == Off:
		return inbox.Invalid("url", "This installation sends no webhooks. Its operator turns them on with --webhooks.")
	case u.Scheme != "https" && (u.Scheme != "http" || g.Mode != Any):
		return inbox.Invalid("url", "url must begin with https://.")
	}
	port, err := portOf(u)
	if err != nil || !g.port(port) {
		return inbox.Invalid("url", "url must name port 443, or one from 1024 on.")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && g.check(ip, port) != nil {
		return inbox.Invalid("url", "url names an address that is not public. The operator can allow its network with --webhook-allow-network.")
	}
	return nil
}

func portOf(u *url.URL) (uint16, error) {
	text := u.Port()
	if text == "" {
		text = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return uint16(n), err
}

func (g *Guard) port(port uint16) bool {
	return port == 443 || port >= lowestPort || port == 80 && g.Mode == Any
}

// errRefused is an address that is not dialled.
var errRefused = errors.New("webhook: the address is not allowed")

// check decides on the address of a connection.
func (g *Guard) check(ip netip.Addr, port uint16) error {
	ip = ip.Unmap().WithZone("")
	switch {
	case !g.port(port):
		return fmt.Errorf("%w: port %d", errRefused, port)
	case slices.Contains(g.Own, port) && (ip.IsLoopback() || slices.Contains(g.local(), ip)):
		return fmt.Errorf("%w: this server listens there", errRefused)
	case slices.ContainsFunc(g.Allowed, func(n netip.Prefix) bool { return n.Contains(ip) }):
		return nil
	case !public(ip):
		return fmt.Errorf("%w: it is not public", errRefused)
	}
	return nil
}

func (g *Guard) local() (out []netip.Addr) {
	if g.Local != nil {
		return g.Local()
	}
	all, _ := net.InterfaceAddrs() // none when it fails
	for _, a := range all {
		if n, err := netip.ParsePrefix(a.String()); err == nil {
			out = append(out, n.Addr().Unmap())
		}
	}
	return append(out, netip.IPv4Unspecified(), netip.IPv6Unspecified(), netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback())
}

// dialTime bounds how long one connection takes to open.
const dialTime = 10 * time.Second

// dial opens a connection to one of the addresses of a name.
func (g *Guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	found, err := g.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: dialTime, Control: g.control}
	failed := errors.New("webhook: the name has no address")
	for _, ip := range found {
		conn, err := dialer.DialContext(ctx, network, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return conn, nil
		}
		failed = err
	}
	return nil, failed
}

func (g *Guard) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	if g.Lookup != nil {
		return g.Lookup(ctx, host)
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// control is called with the address of a socket right before it connects.
func (g *Guard) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", errRefused, address)
	}
	return g.check(at.Addr(), at.Port())
}
