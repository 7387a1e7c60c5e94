package webhook_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/webhooks"
	"switchboard/webhook"
)

// No address of a special range is dialled, in whatever form it is written.
func TestSpecialAddresses(t *testing.T) {
	g := &webhook.Guard{Mode: webhook.HTTPS}
	for range100, addresses := range map[string]string{
		"this network": "0.0.0.0 0.1.2.3", "private": "10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255",
		"shared (CGNAT)": "100.64.0.0 100.127.255.255", "loopback": "127.0.0.1 127.255.255.255 ::1", "link local": "169.254.0.1 169.254.169.254 fe80::1 febf::1",
		"protocol assignments": "192.0.0.1 192.0.0.170 192.0.0.192", "documentation": "192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1",
		"6to4 relay": "192.88.99.1", "benchmarks": "198.18.0.1 198.19.255.255 2001:2::1", "multicast": "224.0.0.1 239.255.255.255 ff02::1 ff0e::1",
		"reserved": "240.0.0.1 255.255.255.255", "unspecified": "::", "mapped": "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254", "compatible": "::127.0.0.1 ::10.0.0.1",
		"translated": "64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::10.0.0.1", "locally translated": "64:ff9b:1::1", "discard": "100::1 100:0:0:1::1",
		"Teredo": "2001::1 2001:0:1::1", "ORCHID": "2001:10::1 2001:20::1", "6to4": "2002:7f00:1::1 2002:a00:1::1", "unique local": "fc00::1 fdff::1", "site local": "fec0::1", "SRv6": "5f00::1",
	} {
		for _, address := range strings.Fields(addresses) {
			ip := netip.MustParseAddr(address)
			require.Error(t, webhook.Check(g, ip, 443), "%s: %s", range100, address)
			if host := ip.String(); ip.Is6() {
				require.Error(t, g.CheckURL("https://["+host+"]/"), host)
			} else {
				require.Error(t, g.CheckURL("https://"+host+"/"), host)
			}
		}
	}
	for _, address := range []string{"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.1.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"} {
		require.NoError(t, webhook.Check(g, netip.MustParseAddr(address), 443), address)
	}
}

// Ports, schemes and forms of addresses.
func TestAddresses(t *testing.T) {
	for mode, rows := range map[webhook.Mode]map[string]bool{
		webhook.HTTPS: {
			"https://example.com": true, "https://example.com/a?b=c": true, "https://example.com:443/": true, "https://example.com:1024/": true, "https://example.com:8443/": true,
			"http://example.com/": false, "https://example.com:22/": false, "https://example.com:80/": false, "https://example.com:1023/": false, "https://user:pw@example.com/": false,
			"https://example.com/#part": false, "https:///path": false, "ftp://example.com/": false, "https:example.com": false, "": false, "/path": false, "https://example.com:99999/": false, "https://127.0.0.1/": false,
		},
		webhook.Any: {"http://example.com/": true, "http://example.com:8080/": true, "http://example.com:25/": false, "https://example.com/": true, "http://10.0.0.1/": false},
		webhook.Off: {"https://example.com/": false},
	} {
		g := &webhook.Guard{Mode: mode}
		for address, good := range rows {
			err := g.CheckURL(address)
			require.Equal(t, good, err == nil, "%s %q: %v", mode, address, err)
			if !good {
				var typed *inbox.Error
				require.ErrorAs(t, err, &typed)
				require.Equal(t, []string{"url"}, typed.Field)
			}
		}
	}
	allowed := &webhook.Guard{Mode: webhook.HTTPS, Allowed: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("127.0.0.0/8")}, Own: []uint16{8080}, Local: func() []netip.Addr {
		return []netip.Addr{netip.MustParseAddr("10.1.0.1"), netip.MustParseAddr("8.8.4.4")}
	}}
	for address, good := range map[string]bool{"10.1.2.3:443": true, "[::ffff:10.1.2.3]:443": true, "10.2.0.1:443": false, "10.1.0.1:443": true, "10.1.0.1:8080": false, "8.8.4.4:8080": false, "8.8.8.8:8080": true, "127.0.0.2:8080": false, "127.255.255.254:8080": false, "[::ffff:127.0.0.3]:8080": false, "127.0.0.2:8081": true} {
		at := netip.MustParseAddrPort(address)
		require.Equal(t, good, webhook.Check(allowed, at.Addr(), at.Port()) == nil, address)
	}
}

// A name that is public when it is checked and something else when it is dialled is not
// dialled, nor what redirects there.
func TestNamesThatChange(t *testing.T) {
	var dialled atomic.Int64
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { dialled.Add(1) }))
	defer inside.Close()
	at, err := url.Parse(inside.URL)
	require.NoError(t, err)
	for _, answers := range [][]string{{"127.0.0.1"}, {"::1"}, {"169.254.169.254"}, {"10.0.0.1"}, {"::ffff:127.0.0.1"}, {"127.0.0.1", "::1"}} {
		g := &webhook.Guard{Mode: webhook.Any, Lookup: func(context.Context, string) (out []netip.Addr, _ error) {
			for _, a := range answers {
				out = append(out, netip.MustParseAddr(a))
			}
			return out, nil
		}}
		address := "http://rebound.example:" + at.Port() + "/"
		require.NoError(t, g.CheckURL(address), "the name says nothing")
		o := webhook.Post(t.Context(), g, address, nil, []byte("{}"))
		require.Equal(t, "the address is not allowed", o.Error, answers)
	}
	require.Zero(t, dialled.Load())

	redirects := httptest.NewServer(http.RedirectHandler(inside.URL, http.StatusTemporaryRedirect))
	defer redirects.Close()
	open := &webhook.Guard{Mode: webhook.Any, Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	o := webhook.Post(t.Context(), open, redirects.URL, nil, []byte("{}"))
	require.Equal(t, http.StatusTemporaryRedirect, o.Status)
	require.False(t, o.OK())
	require.Zero(t, dialled.Load())
}

// Of a response a little is read, and less is kept.
func TestResponsesAreBounded(t *testing.T) {
	var wrote atomic.Int64
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 10_000 {
			n, err := w.Write([]byte(strings.Repeat("é", 500)))
			wrote.Add(int64(n))
			if err != nil {
				return
			}
		}
	}))
	defer endless.Close()
	open := &webhook.Guard{Mode: webhook.Any, Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	o := webhook.Post(t.Context(), open, endless.URL, nil, []byte("{}"))
	require.True(t, o.OK())
	require.Equal(t, strings.Repeat("é", 128), o.Body)
	require.Less(t, wrote.Load(), int64(10_000_000))

	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	o = webhook.Post(t.Context(), open, "http://"+closed.Addr().String(), nil, []byte("{}"))
	require.Equal(t, "the connection failed", o.Error, "it says nothing about the network")
}

// Every attempt verifies with the public library, by each secret that signs; what was
// changed does not. B:V12
func TestSignatures(t *testing.T) {
	one, other := material(t), material(t)
	now := time.Now()
	body := []byte(`{"type":"conversation.claimed"}`)
	header := http.Header{"Webhook-Id": {"e1"}, "Webhook-Timestamp": {stamp(now)}, "Webhook-Signature": {webhook.Signatures([]webhooks.Material{one, other}, "e1", now, body)}}
	require.Len(t, strings.Fields(header.Get("Webhook-Signature")), 4)
	for _, m := range []webhooks.Material{one, other} {
		wh, err := standardwebhooks.NewWebhook(m.Shown())
		require.NoError(t, err)
		require.NoError(t, wh.Verify(body, header))
		require.Error(t, wh.Verify([]byte(`{"type":"conversation.closed"}`), header))
		for name, value := range map[string]string{"Webhook-Id": "e2", "Webhook-Timestamp": stamp(now.Add(time.Second))} {
			changed := header.Clone()
			changed.Set(name, value)
			require.Error(t, wh.Verify(body, changed), name)
		}
		public, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.PublicKey(), "whpk_"))
		require.NoError(t, err)
		verified := false
		for _, signature := range strings.Fields(header.Get("Webhook-Signature")) {
			text, ok := strings.CutPrefix(signature, "v1a,")
			raw, err := base64.StdEncoding.DecodeString(text)
			verified = verified || ok && err == nil && ed25519.Verify(public, []byte("e1."+stamp(now)+"."+string(body)), raw)
		}
		require.True(t, verified, "v1a")
	}
	stranger, err := standardwebhooks.NewWebhook(material(t).Shown())
	require.NoError(t, err)
	require.Error(t, stranger.Verify(body, header))
}
