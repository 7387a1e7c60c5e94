package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHideURI(t *testing.T) {
	for uri, want := range map[string]string{
		"":                                 "",
		"no address":                       "no address",
		"mongodb://h:1/db":                 "mongodb://h:1/db",
		"mongodb://ann@h/db":               "mongodb://ann@h/db",
		"mongodb://ann:pw@h/db":            "mongodb://ann:****@h/db",
		"mongodb://ann:p@w@h/db":           "mongodb://ann:****@h/db",
		"mongodb://ann:p/w@h/db":           "mongodb://ann:****@h/db",
		"mongodb://ann:p?w@h/db":           "mongodb://ann:****@h/db",
		"mongodb://ann:p:w@a:1,b:2/db":     "mongodb://ann:****@a:1,b:2/db",
		"mongodb://:pw@h":                  "mongodb://:****@h",
		"mongodb:/ann:pw@h/db":             "****@h/db",
		"mongodb//ann:pw@h/db":             "****@h/db",
		"//ann:pw@h/db":                    "****@h/db",
		"ann:pw@h:27017":                   "****@h:27017",
		"ann@example.com":                  "ann@example.com",
		"mongodb://h/?a=1;password=pw&b=2": "mongodb://h/?a=****&b=2",
		"mongodb://h/?a=1&PASSWORD=pw&b=2": "mongodb://h/?a=1&PASSWORD=****&b=2",
		"mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:pw": "mongodb://h/?authMechanismProperties=****",
		"https://id.example/keys?access_token=pw":                   "https://id.example/keys?access_token=****",
	} {
		require.Equal(t, want, hideURI(uri), uri)
	}
}

const jwtLike = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl"

// Everything below has swordfish or a token in it, and none may come out, in
// either form of the log.
func TestTheLogHidesSecrets(t *testing.T) {
	header := http.Header{"Authorization": {"Bearer swordfish"}, "Cookie": {"swordfish"}, "X-Api-Token": {"swordfish"}, "Accept": {"text/html"}}
	address, err := url.Parse("mongodb://ann:swordfish@h/db")
	require.NoError(t, err)
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := newLogger(&out, logSettings{LogFormat: format, LogLevel: "debug"})
		log.Info("plain", "token", "swordfish", "TOKEN", "swordfish", "jwt_secret", "swordfish", "Authorization", "swordfish",
			"password", "swordfish", "accessToken", []string{"swordfish"}, "client_secret", struct{ V string }{"swordfish"})
		log.With("secret", "swordfish").WithGroup("authorization").Info("grouped", "value", "swordfish")
		log.Info("nested", slog.Group("auth", slog.Group("password", slog.String("is", "swordfish"))))
		log.Info("connecting to mongodb://ann:swordfish@h/db")
		log.Info("addresses", "error", errors.New("dial mongodb://ann:swordfish@h/db: refused"), "url", address)
		log.Info("a token "+jwtLike+" in the text", "error", fmt.Errorf("bad %q", jwtLike), "half", jwtLike[:40])
		log.Info("a key sbk_01JKEY_swordfish in the text", "error", errors.New("sbk_01JKEY_swordfish"))
		log.Info("request", "headers", header)
		require.NotContains(t, out.String(), "swordfish", format)
		require.NotContains(t, out.String(), "eyJ", format)
		require.Contains(t, out.String(), "text/html")
		require.Contains(t, out.String(), "refused")
		require.Contains(t, out.String(), "ann:****@h")
	}
	require.Equal(t, "Bearer swordfish", header.Get("Authorization"), "the request itself is left alone")
}

func TestTheLogLeavesTheRestAlone(t *testing.T) {
	var out bytes.Buffer
	log := newLogger(&out, logSettings{LogFormat: "text", LogLevel: "warn"})
	log.Info("too quiet")
	log.Warn("see https://example.com/a?b=c", "count", 3, "user", "ann@acme.test", "who", "eyJ")
	require.NotContains(t, out.String(), "too quiet")
	require.Contains(t, out.String(), `level=WARN msg="see https://example.com/a?b=c" count=3 user=ann@acme.test who=eyJ`)
}
