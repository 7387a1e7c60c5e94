package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"

	"switchboard/auth"
)

// settingError is one wrong setting: its name, the reason, and a correct example.
type settingError struct{ what, why, example string }

// Error says all three.
func (e settingError) Error() string {
	return fmt.Sprintf("%s: %s. Example: %s", e.what, e.why, e.example)
}

// settingErrors are all wrong settings of one start.
type settingErrors []settingError

// Error joins them by line.
func (e settingErrors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// checks collects the errors in the settings.
type checks struct {
	from   origins
	errors settingErrors
}

// wrong notes that setting is wrong. Secrets inside the values among args are
// hidden.
func (c *checks) wrong(setting, example, why string, args ...any) {
	for i := range args {
		if value, ok := args[i].(string); ok {
			args[i] = hideSetting(value)
		}
	}
	c.errors = append(c.errors, settingError{c.from.describe(setting), fmt.Sprintf(why, args...), example})
}

// exclusive notes when more than one of names was set.
func (c *checks) exclusive(example string, names ...string) {
	var set []string
	for _, name := range names {
		if c.from.set(name) {
			set = append(set, name)
		}
	}
	for _, other := range set[min(1, len(set)):] {
		c.wrong(other, example, "excludes %s; set one of them", c.from.describe(set[0]))
	}
}

func (c *checks) oneOf(setting, value string, known ...string) {
	if !slices.Contains(known, value) {
		c.wrong(setting, fmt.Sprintf("--%s %s", setting, known[0]), "%q is not one of %s", value, strings.Join(known, ", "))
	}
}

// check looks at every setting and gives settingErrors, or nil. Settings that
// the command does not have are at their zero value and pass.
func (s *settings) check(from origins) error {
	c := &checks{from: from}
	if s.Addr != "" || from.set("addr") {
		s.serverSettings.check(c)
		s.operationSettings.check(c)
	}
	s.storeSettings.check(c)
	s.authSettings.check(c)
	if s.PolicyPreset != "" || from.set("policy-preset") {
		s.policySettings.check(c)
	}
	c.oneOf("log-format", s.LogFormat, "text", "json")
	c.oneOf("log-level", s.LogLevel, "info", "debug", "warn", "error")
	if len(c.errors) == 0 {
		return nil
	}
	return c.errors
}

func (s *serverSettings) check(c *checks) {
	c.address("addr", "--addr 127.0.0.1:8080", s.Addr)
	for _, origin := range s.AllowOrigin {
		if !isOrigin(origin) {
			c.wrong("allow-origin", "--allow-origin https://app.example.com", "%q is not a scheme and a host without a path", origin)
		}
	}
	for _, host := range s.AllowHost {
		if !isHost(host) {
			c.wrong("allow-host", "--allow-host demo.example.com", "%q is not a host name or an address without a port", host)
		}
	}
	if s.ShutdownGrace < 0 {
		c.wrong("shutdown-grace", "--shutdown-grace 10s", "%s is less than nothing", s.ShutdownGrace)
	}
}

// isOrigin accepts the values that browsers send as Origin, and the star.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return s == "*" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && s == u.Scheme+"://"+u.Host
}

// isHost accepts the name or the address of a host.
func isHost(s string) bool {
	return net.ParseIP(s) != nil || s != "" && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}

func (s *storeSettings) check(c *checks) {
	const example = `--mongodb-uri "mongodb://db.example.com:27017/switchboard?replicaSet=rs0"`
	c.exclusive("--data ./data", "mongodb-uri", "data", "memory")
	if c.from.set("mongodb-uri") && !isMongoURI(s.MongodbURI) {
		c.wrong("mongodb-uri", example, "%q does not begin with mongodb:// or mongodb+srv:// and a host", s.MongodbURI)
	}
	if c.from.set("data") {
		if info, err := os.Stat(s.Data); s.Data == "" || err == nil && !info.IsDir() {
			c.wrong("data", "--data ./data", "%q is not a folder", s.Data)
		}
	}
}

// isMongoURI looks at the outline only; the driver knows the rest. It does not
// use net/url, which refuses the lists of hosts that MongoDB allows.
func isMongoURI(s string) bool {
	scheme, rest, _ := strings.Cut(s, "://")
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	return (scheme == "mongodb" || scheme == "mongodb+srv") && strings.Trim(rest, ":/?, ") != "" && rest[0] != '/' && rest[0] != '?'
}

func (s *authSettings) check(c *checks) {
	const secret = `--jwt-secret "$(openssl rand -hex 32)"`
	const provider = "--jwks-url https://id.example.com/.well-known/jwks.json --issuer https://id.example.com/ --audience support"
	c.exclusive(secret, "jwks-url", "jwt-secret", "oidc-issuer")
	s.checkPrevious(c, secret)
	if c.from.set("jwt-secret") && len(s.JWTSecret) < auth.MinSecret {
		c.wrong("jwt-secret", secret, "it is %d bytes long, and HS256 needs %d or more", len(s.JWTSecret), auth.MinSecret)
	}
	if c.from.set("jwks-url") {
		if u, err := url.Parse(s.JWKSURL); err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
			c.wrong("jwks-url", provider, "%q is not an https address without a user name", s.JWKSURL)
		}
	}
	for _, claim := range [][2]string{{"issuer", s.Issuer}, {"audience", s.Audience}} {
		name, value := claim[0], claim[1]
		switch {
		case c.from.set("jwks-url") && value == "":
			c.wrong(name, provider, "it is required with %s, so that tokens for other programs are not accepted here", c.from.describe("jwks-url"))
		case c.from.set(name) && !c.from.set("jwks-url") && !c.from.set("jwt-secret") && (name == "issuer" || !c.from.set("oidc-issuer")):
			c.wrong(name, provider, "it has no effect without --jwks-url or --jwt-secret")
		}
	}
	s.checkOIDC(c)
}

func (s *authSettings) checkOIDC(c *checks) {
	const example = "--oidc-issuer https://id.example.com --oidc-client-id switchboard"
	if !c.from.set("oidc-issuer") {
		for _, name := range []string{"oidc-client-id", "oidc-scope", "oidc-workspace"} {
			if c.from.set(name) {
				c.wrong(name, example, "it has no effect without --oidc-issuer")
			}
		}
		return
	}
	u, err := url.Parse(s.OIDCIssuer)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		c.wrong("oidc-issuer", example, "%q is not an https address without a user name, a query and a fragment", s.OIDCIssuer)
	case u.Scheme != "https" && (u.Scheme != "http" || !auth.IsLoopback(u.Hostname())):
		c.wrong("oidc-issuer", example, "%q is not https: whoever is on the way could sign in as anybody. Only a provider on this machine may be http", s.OIDCIssuer)
	}
	if s.OIDCClientID == "" {
		c.wrong("oidc-client-id", example, "it is required with %s", c.from.describe("oidc-issuer"))
	}
	for _, scope := range s.OIDCScope {
		if scope == "" || strings.ContainsAny(scope, " \t\n\"\\") {
			c.wrong("oidc-scope", example+" --oidc-scope groups", "%q is not one scope; repeat the flag for more", scope)
		}
	}
}

func (s *policySettings) check(c *checks) {
	c.exclusive("--policy-dir ./policy", "policy-dir", "policy-preset")
	c.oneOf("policy-preset", s.PolicyPreset, "default", "league")
	if !c.from.set("policy-dir") {
		return
	}
	if info, err := os.Stat(s.PolicyDir); err != nil || !info.IsDir() {
		c.wrong("policy-dir", "--policy-dir ./policy", "there is no folder %q", s.PolicyDir)
	}
}

// warnings are about settings that work and are hardly meant.
func (s *settings) warnings() []string {
	var out []string
	if u, err := url.Parse(s.JWKSURL); err == nil && u.Scheme == "http" && !auth.IsLoopback(u.Hostname()) {
		out = append(out, "--jwks-url is not https: an attacker on the network can insert keys and sign in as anybody")
	}
	if s.Demo && isPublic(s.Addr) {
		out = append(out, "--demo on an address that others can reach: everybody who opens "+s.Addr+" is given the tokens of the demo's owners; listen on 127.0.0.1")
	}
	if s.MetricsAddr != "" && isPublic(s.MetricsAddr) {
		out = append(out, "--metrics-addr is an address that others can reach: "+s.MetricsAddr+" serves metrics to everybody without authentication; keep others out by a firewall, or listen on 127.0.0.1")
	}
	return out
}

// isPublic reports whether other machines may reach addr, as far as its text shows:
// a name other than localhost, and no name at all, may be anything.
func isPublic(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && !auth.IsLoopback(host)
}
