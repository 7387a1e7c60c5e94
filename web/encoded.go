package web

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// encoding is a content coding that the build may have used for a copy of a file,
// with the ending of the copy's name.
type encoding struct{ name, ending string }

// encodings are those that the build uses, best first.
func encodings() []encoding { return []encoding{{"br", ".br"}, {"gzip", ".gz"}} }

// chooseEncoding returns the name of the smallest copy of a file that the request
// accepts, and its content coding. Without such a copy these are name itself and "".
func chooseEncoding(files fs.FS, name string, r *http.Request) (copyName, coding string) {
	for _, e := range encodings() {
		if !accepts(r.Header.Values("Accept-Encoding"), e.name) {
			continue
		}
		if _, err := fs.Stat(files, name+e.ending); err == nil {
			return name + e.ending, e.name
		}
	}
	return name, ""
}

// accepts reports whether one of the lists names the coding, or *, with a weight
// above 0. A coding named with the weight 0 is refused whatever * says.
func accepts(lists []string, coding string) bool {
	accepted := false
	for _, item := range strings.Split(strings.Join(lists, ","), ",") {
		name, parameters, _ := strings.Cut(item, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name == coding {
			return weight(parameters) > 0
		}
		accepted = accepted || name == "*" && weight(parameters) > 0
	}
	return accepted
}

// weight is the q of the parameters of a coding; 1 when there is none, 0 when it
// cannot be read.
func weight(parameters string) float64 {
	name, value, found := strings.Cut(strings.ToLower(parameters), "=")
	if !found || strings.TrimSpace(name) != "q" {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 0
	}
	return q
}

// encode sets the headers of a file of which the copy with the coding is sent.
// Caches keep each coding apart, also where only one exists today.
func encode(header http.Header, name, coding string) {
	header.Add("Vary", "Accept-Encoding")
	if coding == "" {
		return
	}
	header.Set("Content-Encoding", coding)
	header.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
}
