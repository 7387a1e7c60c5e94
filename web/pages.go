package web

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
)

const (
	revalidate = "no-cache"
	forever    = "public, max-age=31536000, immutable"
	never      = "no-store"
)

const notBuiltHTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Switchboard: page not built</title>
<h1>This page is not built</h1>
<p>This binary was compiled without the web pages; the API at <code>/graphql</code> works. To have them, install Node 20.19
or newer, run <code>make build</code> and start the server again.</p>
</html>
`

// page serves one built html file. It is looked up at each request, so that a
// folder given as Options.Files may be built while the server runs.
func page(files fs.FS, name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		copyName, coding := chooseEncoding(files, name, r)
		html, err := fs.ReadFile(files, copyName)
		if err != nil {
			writeHTML(w, http.StatusServiceUnavailable, []byte(notBuiltHTML))
			return
		}
		encode(w.Header(), name, coding)
		writeHTML(w, http.StatusOK, html)
	})
}

func writeHTML(w http.ResponseWriter, status int, html []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", revalidate)
	w.WriteHeader(status)
	_, _ = w.Write(html) // the reader went away: nobody to tell
}

// assets serves files whose names carry a hash of their content, so a browser
// need never ask for one twice. Only a hit may be kept.
func assets(files fs.FS) http.Handler {
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		info, err := fs.Stat(files, name)
		if err != nil || info.IsDir() {
			w.Header().Set("Cache-Control", never)
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", forever)
		copyName, coding := chooseEncoding(files, name, r)
		encode(w.Header(), name, coding)
		server.ServeHTTP(w, withPath(r, "/"+copyName))
	})
}

// withPath is the request for another path.
func withPath(r *http.Request, path string) *http.Request {
	out := *r
	out.URL = &url.URL{Path: path}
	return &out
}

// config tells the pages where the API is, whom they can act as, and where people
// sign in.
func config(o Options) http.Handler {
	signIns := o.DemoSignIns
	if signIns == nil {
		signIns = []SignIn{} // an empty list in JSON, never null
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer := struct {
			Endpoint string    `json:"endpoint"`
			SignIns  []SignIn  `json:"signIns"`
			OIDC     *Provider `json:"oidc,omitempty"`
			Links    bool      `json:"links,omitempty"`
		}{Endpoint: "/graphql", SignIns: signIns, Links: o.Links}
		if o.Provider != nil {
			provider := o.Provider()
			answer.OIDC = &provider
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", never) // it carries tokens
		_ = json.NewEncoder(w).Encode(answer)  // strings always encode; the reader may be gone
	})
}
