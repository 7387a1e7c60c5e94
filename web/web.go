// Package web serves the pages that npm builds in this folder and that are
// embedded in the binary: the board, the wallboard, the page of webhooks, the
// playground, and in a demo the page of a visitor. It imports nothing of the module.
package web

import (
	"embed"
	"io/fs"
	"net/http"
	"slices"
)

//go:embed all:dist
var dist embed.FS

// pages names the built file behind each path. A new page is a row here and an
// html file beside vite.config.ts.
func (o Options) pages() map[string]string {
	pages := map[string]string{
		"/{$}": "index.html", "/wall": "wall.html", "/webhooks": "webhooks.html",
		"/playground": "playground.html", "/signed-in": "signed-in.html",
	}
	if o.visitors() {
		pages["/chat"] = "chat.html"
	}
	return pages
}

// visitors reports whether there is a page for visitors: it starts a chat with the
// API key of the demo's website.
func (o Options) visitors() bool {
	return slices.ContainsFunc(o.DemoSignIns, func(s SignIn) bool { return s.Kind == "website" })
}

// SignIn is a demo person that a page can act as.
type SignIn struct {
	// Label is shown in the playground's list, such as "demo manager@demo.test".
	Label string `json:"label"`
	// Token is the bearer token, without the word Bearer. The page gives it to
	// everybody who can reach the server.
	Token string `json:"token"`
	// Kind is member, ai_agent, contact, or website for an API key.
	Kind string `json:"kind"`
	// Name is the person's, Workspace the workspace's. A website has the name of the
	// AI agent that answers its visitors.
	Name      string `json:"name"`
	Workspace string `json:"workspace"`
	// Role is a member's first role; empty for others.
	Role string `json:"role"`
	// AIAgentID is the global id of the AI agent that answers a website's visitors;
	// empty for others.
	AIAgentID string `json:"aiAgentId,omitempty"`
}

// Options says what the pages are served with. The zero value serves the
// embedded build without any sign-in.
type Options struct {
	// DemoSignIns are offered by the pages; the playground's headers editor starts
	// with the first. Leave it empty outside demo mode.
	DemoSignIns []SignIn
	// Hosts are names and addresses, beside loopback and the address of the
	// connection, under which /config.json offers the sign-ins. Other hosts are
	// answered with 421.
	Hosts []string
	// Provider says where people sign in, and is asked for each page; nil without an
	// OpenID Connect provider.
	Provider func() Provider
	// Links says that login links sign people in.
	Links bool
	// Files replaces the embedded build; its root is what npm writes to dist.
	// nil means the embedded one.
	Files fs.FS
}

// Handler serves /, /wall, /webhooks, /playground, /signed-in, /config.json, /assets/, and with a
// website among the sign-ins /chat. Other paths are 404, other methods than GET and HEAD 405. A page whose build is
// missing answers 503 and says how to build it.
func Handler(opts Options) http.Handler {
	files := opts.Files
	if files == nil {
		files = embedded()
	}
	mux := http.NewServeMux()
	mux.Handle("GET /config.json", opts.config())
	mux.Handle("GET /assets/", assets(files))
	for path, name := range opts.pages() {
		mux.Handle("GET "+path, page(files, name))
	}
	return secure(opts.origins, mux)
}

// config guards the sign-ins. Without any there is nothing that a page of another
// site may not read.
func (o Options) config() http.Handler {
	if len(o.DemoSignIns) == 0 {
		return config(o)
	}
	return KnownHosts(o.Hosts, config(o))
}

// Built reports whether the pages are part of the binary.
func Built() bool {
	_, err := fs.Stat(embedded(), "index.html")
	return err == nil
}

// Documents are the documents that the pages send, as a manifest of persisted queries;
// nil when the pages are not built.
func Documents() []byte {
	data, err := fs.ReadFile(embedded(), "documents.json")
	if err != nil {
		return nil
	}
	return data
}

// embedded is the build without the folder's own name in front.
func embedded() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: " + err.Error()) // "dist" is a valid path: cannot happen
	}
	return files
}
