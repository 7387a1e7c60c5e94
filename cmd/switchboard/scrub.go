package main

import (
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// scrubber is a writer that replaces the secrets of the command line and of the
// environment in all output, however a library words its message. A secret must not
// be split between two writes.
type scrubber struct {
	to       io.Writer
	replacer *strings.Replacer
}

// minSecret is the length from which a secret is replaced everywhere. A shorter one
// is hidden in its address only: it would occur inside other words.
const minSecret = 4

// scrub replaces secrets in everything that is written to w.
func scrub(w io.Writer, secrets []string) io.Writer {
	if len(secrets) == 0 {
		return w
	}
	var pairs []string
	for _, s := range secrets {
		pairs = append(pairs, s, hidden)
	}
	return scrubber{w, strings.NewReplacer(pairs...)}
}

// Write reports p as written whole.
func (s scrubber) Write(p []byte) (int, error) {
	if _, err := io.WriteString(s.to, s.replacer.Replace(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// secretsOf collects the secrets of a command line and of the variables, in every
// form in which they may be reported, the longest first.
func secretsOf(args []string, sources ...map[string]string) []string {
	var out []string
	add := func(secret string) { out = append(out, forms(secret)...) }
	value := func(name, value string) {
		if isSecretName(name) {
			add(value)
		}
		for _, one := range append(strings.Split(value, ","), value) {
			mask(one, mayBeSecret, add)
		}
	}
	for _, source := range sources {
		for name, v := range source {
			value(name, v)
		}
	}
	flag := ""
	for _, arg := range args {
		name, v, has := strings.Cut(arg, "=")
		switch isFlag := strings.HasPrefix(arg, "-"); {
		case isFlag && has:
			value(name, v)
		case !isFlag:
			value(flag, arg)
		}
		flag = name
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(out)
}

// forms are a secret as it was given, decoded, and as a log or an error quotes it.
func forms(secret string) (out []string) {
	all := []string{secret}
	for _, decode := range []func(string) (string, error){url.PathUnescape, url.QueryUnescape} {
		if decoded, err := decode(secret); err == nil {
			all = append(all, decoded)
		}
	}
	for _, s := range all {
		out = append(out, s, strings.Trim(strconv.Quote(s), `"`), url.QueryEscape(s), url.PathEscape(s))
		if quoted, err := json.Marshal(s); err == nil {
			out = append(out, strings.Trim(string(quoted), `"`))
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return len(s) < minSecret })
}
