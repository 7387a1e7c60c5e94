// Package schema holds the GraphQL schema as text, one file a concept.
package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed *.graphqls
var files embed.FS

// SDL is the whole schema in the schema definition language, the files in the
// order of their names.
func SDL() (string, error) {
	var out strings.Builder
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := files.ReadFile(path)
		fmt.Fprintf(&out, "%s\n", text)
		return err
	})
	return strings.TrimSpace(out.String()) + "\n", err
}
