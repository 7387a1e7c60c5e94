package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"switchboard/web"
)

// packed is a build with compressed copies of some files.
func packed() fstest.MapFS {
	files := built()
	files["assets/play-1a2b.js.br"] = &fstest.MapFile{Data: []byte("brotli")}
	files["assets/play-1a2b.js.gz"] = &fstest.MapFile{Data: []byte("gzipped")}
	files["assets/play-1a2b.css.gz"] = &fstest.MapFile{Data: []byte("gzipped")}
	files["index.html.br"] = &fstest.MapFile{Data: []byte("brotli")}
	return files
}

// The smallest copy that the browser accepts is sent, and caches keep it apart.
func TestCompressedCopiesAreServed(t *testing.T) {
	const script = "/assets/play-1a2b.js"
	rows := []struct{ name, path, accept, coding, body string }{
		{"both accepted", script, "gzip, deflate, br, zstd", "br", "brotli"},
		{"gzip alone", script, "gzip", "gzip", "gzipped"},
		{"nothing", script, "", "", "console.log(1)"},
		{"another alone", script, "zstd", "", "console.log(1)"},
		{"brotli refused", script, "br;q=0, gzip;q=0.5", "gzip", "gzipped"},
		{"anything", script, "*", "br", "brotli"},
		{"anything but brotli", script, "*, BR ; Q=0", "gzip", "gzipped"},
		{"a weight that is none", script, "br;q=x", "", "console.log(1)"},
		{"a part of a name", script, "brx, xgzip", "", "console.log(1)"},
		{"a copy that is missing", "/assets/play-1a2b.css", "br, gzip", "gzip", "gzipped"},
		{"no copy at all", "/assets/nested/font.ttf", "br, gzip", "", "font"},
		{"a page", "/", "br", "br", "brotli"},
		{"a page without that copy", "/wall", "br", "", "<title>Switchboard wallboard</title>"},
	}
	types := map[string]string{script: "text/javascript; charset=utf-8", "/assets/play-1a2b.css": "text/css; charset=utf-8", "/": "text/html; charset=utf-8", "/wall": "text/html; charset=utf-8"}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, row.path, nil)
			r.Header.Set("Accept-Encoding", row.accept)
			w := httptest.NewRecorder()
			web.Handler(web.Options{Files: packed()}).ServeHTTP(w, r)
			require.Equal(t, http.StatusOK, w.Code)
			require.Equal(t, row.coding, w.Header().Get("Content-Encoding"))
			require.Contains(t, w.Header().Values("Vary"), "Accept-Encoding")
			require.Equal(t, row.body, w.Body.String())
			if want, told := types[row.path]; told {
				require.Equal(t, want, w.Header().Get("Content-Type"))
			}
		})
	}
}
