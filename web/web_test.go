package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"switchboard/web"
)

// built looks like what npm leaves in dist.
func built() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":               {},
		"index.html":             {Data: []byte("<title>Switchboard</title>")},
		"webhooks.html":          {Data: []byte("<title>Switchboard webhooks</title>")},
		"wall.html":              {Data: []byte("<title>Switchboard wallboard</title>")},
		"chat.html":              {Data: []byte("<title>Chat with us</title>")},
		"signed-in.html":         {Data: []byte("<title>Signing in</title>")},
		"playground.html":        {Data: []byte("<title>Switchboard playground</title>")},
		"assets/play-1a2b.js":    {Data: []byte("console.log(1)")},
		"assets/play-1a2b.css":   {Data: []byte("body{}")},
		"assets/nested/font.ttf": {Data: []byte("font")},
	}
}

func unbuilt() fstest.MapFS { return fstest.MapFS{".gitkeep": {}} }

func ask(t *testing.T, opts web.Options, method, target string) *http.Response {
	t.Helper()
	recorder := httptest.NewRecorder()
	web.Handler(opts).ServeHTTP(recorder, httptest.NewRequest(method, target, nil))
	return recorder.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(text)
}

func TestPaths(t *testing.T) {
	const (
		html       = "text/html; charset=utf-8"
		plain      = "text/plain; charset=utf-8"
		forever    = "public, max-age=31536000, immutable"
		revalidate = "no-cache"
		never      = "no-store"
	)
	rows := []struct {
		name, method, path string
		files              fstest.MapFS
		status             int
		contentType, cache string
		contains           string
	}{
		{"the board", "GET", "/", built(), 200, html, revalidate, "<title>Switchboard</title>"},
		{"the board, not built", "GET", "/", unbuilt(), 503, html, revalidate, "make build"},
		{"the wallboard", "GET", "/wall", built(), 200, html, revalidate, "Switchboard wallboard"},
		{"the wallboard, not built", "GET", "/wall", unbuilt(), 503, html, revalidate, "make build"},
		{"webhooks", "GET", "/webhooks", built(), 200, html, revalidate, "Switchboard webhooks"},
		{"webhooks, not built", "GET", "/webhooks", unbuilt(), 503, html, revalidate, "make build"},
		{"no page for visitors outside the demo", "GET", "/chat", built(), 404, plain, "", "not found"},
		{"the page", "GET", "/playground", built(), 200, html, revalidate, "Switchboard playground"},
		{"the page, not built", "GET", "/playground", unbuilt(), 503, html, revalidate, "make build"},
		{"where sign-ins come back to", "GET", "/signed-in", built(), 200, html, revalidate, "Signing in"},
		{"where they come back to with a code", "GET", "/signed-in?code=c&state=s", built(), 200, html, revalidate, "Signing in"},
		{"HEAD of the page", "HEAD", "/playground", built(), 200, html, revalidate, ""},
		{"a script", "GET", "/assets/play-1a2b.js", built(), 200, "text/javascript; charset=utf-8", forever, "console.log"},
		{"a style", "GET", "/assets/play-1a2b.css", built(), 200, "text/css; charset=utf-8", forever, "body"},
		{"an asset that is gone", "GET", "/assets/play-old.js", built(), 404, plain, never, "not found"},
		{"assets, not built", "GET", "/assets/play-1a2b.js", unbuilt(), 404, plain, never, "not found"},
		{"the folder is not listed", "GET", "/assets/", built(), 404, plain, never, "not found"},
		{"nor one inside it", "GET", "/assets/nested/", built(), 404, plain, never, "not found"},
		{"the board only at its own path", "GET", "/index.html", built(), 404, plain, "", "not found"},
		{"html files only under their own path", "GET", "/playground.html", built(), 404, plain, "", "not found"},
		{"the keep file is nobody's business", "GET", "/.gitkeep", built(), 404, plain, "", "not found"},
		{"an unknown path", "GET", "/nowhere", built(), 404, plain, "", "not found"},
		{"no writing", "POST", "/playground", built(), 405, plain, "", "Method Not Allowed"},
		{"no deleting", "DELETE", "/assets/play-1a2b.js", built(), 405, plain, "", "Method Not Allowed"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			response := ask(t, web.Options{Files: row.files}, row.method, row.path)
			require.Equal(t, row.status, response.StatusCode)
			require.Equal(t, row.contentType, response.Header.Get("Content-Type"))
			require.Equal(t, row.cache, response.Header.Get("Cache-Control"))
			require.Contains(t, body(t, response), row.contains)
		})
	}
}

// The page for visitors starts a chat with the API key of the demo's website: without
// one there is no such page, also where there are other sign-ins.
func TestVisitorsHaveAPageInTheDemo(t *testing.T) {
	for kind, want := range map[string]int{"website": http.StatusOK, "ai_agent": http.StatusNotFound, "member": http.StatusNotFound, "contact": http.StatusNotFound} {
		opts := web.Options{Files: built(), DemoSignIns: []web.SignIn{{Kind: kind, Token: "t"}}}
		require.Equal(t, want, ask(t, opts, "GET", "/chat").StatusCode, kind)
	}
}

func TestPathCannotLeaveTheAssets(t *testing.T) {
	response := ask(t, web.Options{Files: built()}, "GET", "/assets/%2e%2e/playground.html")
	require.NotEqual(t, http.StatusOK, response.StatusCode)
}

func TestConfig(t *testing.T) {
	rows := []struct {
		name    string
		signIns []web.SignIn
		want    string
	}{
		{"nobody", nil, `{"endpoint":"/graphql","signIns":[]}`},
		{"two, in the order given", []web.SignIn{{Label: "demo owner@demo.test", Token: "t1", Kind: "member", Name: "O", Workspace: "W", Role: "owner"}, {Label: `<"a">`, Token: "t2"}},
			`{"endpoint":"/graphql","signIns":[{"label":"demo owner@demo.test","token":"t1","kind":"member","name":"O","workspace":"W","role":"owner"},
			{"label":"<\"a\">","token":"t2","kind":"","name":"","workspace":"","role":""}]}`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			response := ask(t, web.Options{Files: unbuilt(), DemoSignIns: row.signIns, Hosts: []string{"example.com"}}, "GET", "/config.json")
			require.Equal(t, http.StatusOK, response.StatusCode)
			require.Equal(t, "application/json", response.Header.Get("Content-Type"))
			require.Equal(t, "no-store", response.Header.Get("Cache-Control"), "it carries tokens")
			text := body(t, response)
			require.True(t, json.Valid([]byte(text)))
			require.JSONEq(t, row.want, text)
		})
	}
}

func TestTokensAreOnlyInTheConfig(t *testing.T) {
	opts := web.Options{Files: built(), DemoSignIns: []web.SignIn{{Label: "owner", Token: "secret-token"}}}
	for _, path := range []string{"/", "/playground", "/assets/play-1a2b.js", "/nowhere"} {
		require.NotContains(t, body(t, ask(t, opts, "GET", path)), "secret-token", path)
	}
}

// assetsIn are the scripts and styles that a built page names.
func assetsIn(html string) []string {
	var paths []string
	for _, match := range regexp.MustCompile(`(?:src|href)="(/assets/[^"]+)"`).FindAllStringSubmatch(html, -1) {
		paths = append(paths, match[1])
	}
	return paths
}

// The embedded folder holds either the keep file alone or a whole build: a page
// that is there must find every asset it names.
func TestEmbeddedBuildIsWholeOrMissing(t *testing.T) {
	demo := web.Options{DemoSignIns: []web.SignIn{{Kind: "website"}}}
	for path, name := range map[string]string{"/": "index.html", "/wall": "wall.html", "/webhooks": "webhooks.html", "/chat": "chat.html", "/playground": "playground.html", "/signed-in": "signed-in.html"} {
		t.Run(name, func(t *testing.T) {
			response := ask(t, demo, "GET", path)
			if _, err := os.Stat("dist/" + name); err != nil {
				require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
				return
			}
			require.Equal(t, http.StatusOK, response.StatusCode)
			assets := assetsIn(body(t, response))
			require.NotEmpty(t, assets)
			for _, asset := range assets {
				require.Equal(t, http.StatusOK, ask(t, web.Options{}, "GET", asset).StatusCode, asset)
			}
		})
	}
}
