package main

import (
	"net/http"
	"regexp"
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

// hideURI replaces the password of a URI, and the values of secret parameters.
// It rather hides too much: a password may hold any character by mistake.
func hideURI(uri string) string {
	scheme, rest, found := strings.Cut(uri, "://")
	if !found {
		return uri
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		if user, _, has := strings.Cut(rest[:at], ":"); has {
			rest = user + ":" + hidden + rest[at:]
		}
	}
	address, query, found := strings.Cut(rest, "?")
	if !found {
		return scheme + "://" + rest
	}
	parameters := strings.Split(query, "&")
	for i, parameter := range parameters {
		if name, _, _ := strings.Cut(parameter, "="); isSecretName(name) {
			parameters[i] = name + "=" + hidden
		}
	}
	return scheme + "://" + address + "?" + strings.Join(parameters, "&")
}

// redactText hides what looks like a secret inside a text: tokens, API keys, and
// the passwords of addresses.
func redactText(s string) string {
	if strings.Contains(s, "eyJ") {
		s = tokenPattern().ReplaceAllString(s, hidden)
	}
	if strings.Contains(s, "sbk_") {
		s = keyPattern().ReplaceAllString(s, hidden)
	}
	if strings.Contains(s, "://") && strings.ContainsAny(s, "@?") {
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
