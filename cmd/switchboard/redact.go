package main

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// hidden stands where a secret was.
const hidden = "****"

// isSecretName reports whether a setting, field or parameter of that name is
// never to be shown.
func isSecretName(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"secret", "password", "passwd", "token", "authorization", "authmechanismproperties", "api_key", "apikey"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// hideURI replaces the password of a URI, and the values of parameters whose names
// say that they are secret. If in doubt it hides more: a password may contain any
// character by mistake.
func hideURI(uri string) string { return mask(uri, isSecretParameter, func(string) {}) }

// hideSetting is hideURI for the value of a setting, which may hold a secret in any
// part of a URI: it hides everything that is not known to be harmless.
func hideSetting(value string) string { return mask(value, mayBeSecret, func(string) {}) }

// mask replaces the secrets in a URI, and passes each to found. In a mistyped URI,
// without a scheme or a slash, it hides everything before the host. Other text
// stays as it is.
func mask(uri string, secret func(parameter string) bool, found func(string)) string {
	scheme, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return maskMistyped(uri, found)
	}
	hide := func(s string) string {
		if s == "" || s == hidden {
			return s
		}
		found(s)
		return hidden
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		user, password, has := strings.Cut(rest[:at], ":")
		switch {
		case has:
			rest = user + ":" + hide(password) + rest[at:]
		case !strings.HasPrefix(scheme, "mongodb") && !strings.ContainsAny(user, "/?#"):
			rest = hide(user) + rest[at:] // a token without a name
		}
	}
	rest, fragment, hasFragment := strings.Cut(rest, "#")
	address, query, hasQuery := strings.Cut(rest, "?")
	if hasQuery {
		address += "?" + maskParameters(query, secret, hide)
	}
	switch {
	case hasFragment && secret("#"):
		address += "#" + hide(fragment)
	case hasFragment:
		address += "#" + maskParameters(fragment, secret, hide)
	}
	return scheme + "://" + address
}

func maskMistyped(uri string, found func(string)) string {
	at := strings.LastIndexByte(uri, '@')
	if at < 0 || !strings.Contains(uri[:at], ":") {
		return uri
	}
	found(uri[:at])
	return hidden + uri[at:]
}

func maskParameters(query string, secret func(parameter string) bool, hide func(string) string) string {
	parameters := strings.Split(query, "&")
	for i, parameter := range parameters {
		if name, value, has := strings.Cut(parameter, "="); has && (secret(name) || strings.Contains(value, ";")) { // an old separator
			parameters[i] = name + "=" + hide(value)
		} else if !has && secret("") {
			parameters[i] = hide(parameter)
		}
	}
	return strings.Join(parameters, "&")
}

// isSecretParameter reports whether a parameter of an address is secret by its name.
func isSecretParameter(name string) bool {
	name = strings.ToLower(name)
	return isSecretName(name) || slices.ContainsFunc([]string{"key", "sig", "auth", "pass", "pwd", "cred", "session", "jwt", "sas"}, func(word string) bool {
		return strings.Contains(name, word) && name != "authsource" && name != "authmechanism"
	})
}

// mayBeSecret reports whether a parameter of a setting's address is none of those
// of MongoDB that say how to connect.
func mayBeSecret(name string) bool {
	return !slices.Contains([]string{
		"appname", "authmechanism", "authsource", "compressors", "connecttimeoutms", "directconnection", "heartbeatfrequencyms", "journal",
		"loadbalanced", "localthresholdms", "maxconnecting", "maxidletimems", "maxpoolsize", "maxstalenessseconds", "minpoolsize",
		"readconcernlevel", "readpreference", "replicaset", "retryreads", "retrywrites", "serverselectiontimeoutms", "sockettimeoutms",
		"srvmaxhosts", "srvservicename", "ssl", "timeoutms", "tls", "w", "wtimeoutms", "zlibcompressionlevel",
	}, strings.ToLower(name))
}

// redactText hides text that looks like a secret: tokens, API keys, and the
// passwords in addresses.
func redactText(s string) string {
	if strings.Contains(s, "eyJ") {
		s = tokenPattern().ReplaceAllString(s, hidden)
	}
	if strings.Contains(s, "sbk_") {
		s = keyPattern().ReplaceAllString(s, hidden)
	}
	if strings.Contains(s, "://") && strings.ContainsAny(s, "@?#") {
		s = uriPattern().ReplaceAllStringFunc(s, hideURI)
	}
	return s
}

// The patterns are compiled when there is something to hide, which is seldom.
func tokenPattern() *regexp.Regexp { return regexp.MustCompile(`eyJ[\w-]+\.[\w-]*(\.[\w-]*)?`) }
func keyPattern() *regexp.Regexp   { return regexp.MustCompile(`sbk_\w+_\w+`) }
func uriPattern() *regexp.Regexp   { return regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>]+`) }

// redactHeader is a copy of h without credentials.
func redactHeader(h http.Header) http.Header {
	out := h.Clone()
	for name := range out {
		if isSecretName(name) || strings.EqualFold(name, "Cookie") || strings.EqualFold(name, "Set-Cookie") {
			out[name] = []string{hidden}
		}
	}
	return out
}
