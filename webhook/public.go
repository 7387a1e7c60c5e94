package webhook

import (
	"net/netip"
	"slices"
)

// special4 are the ranges of IPv4 that the registry of special-purpose addresses does not
// call globally reachable, with multicast and what is reserved.
func special4() []string {
	return []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	}
}

// special6 are those of IPv6 within the addresses that are given out, 2000::/3. Outside of
// these nothing is public but translated addresses of IPv4.
func special6() []string {
	return []string{"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"}
}

// translated4 begins the addresses in which a network that translates has an IPv4 address.
const translated4 = "64:ff9b::/96"

// public reports whether an address is one of the internet.
func public(ip netip.Addr) bool {
	switch {
	case !ip.IsValid():
		return false
	case ip.Is4():
		return !within(ip, special4())
	case within(ip, []string{translated4}):
		b := ip.As16()
		return public(netip.AddrFrom4([4]byte(b[12:])))
	}
	return within(ip, []string{"2000::/3"}) && !within(ip, special6())
}

func within(ip netip.Addr, ranges []string) bool {
	return slices.ContainsFunc(ranges, func(r string) bool { return netip.MustParsePrefix(r).Contains(ip) })
}
