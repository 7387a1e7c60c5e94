// Package schema holds the GraphQL schema as text, one file a concept.
package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

//go:embed *.graphqls
var files embed.FS

// SDL returns the whole schema as one document in the schema definition language,
// which the tools of clients take as it is: every type once, with all its fields and
// no extensions, and every directive that it uses declared but those of the specification. Types are sorted by
// name. The error is about files that are no valid schema.
func SDL() (string, error) {
	sources, err := sources()
	if err != nil {
		return "", err
	}
	parsed, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		return "", fmt.Errorf("load the schema: %w", err)
	}
	var out strings.Builder
	out.WriteString(builtIn)
	formatter.NewFormatter(&out, formatter.WithIndent("  ")).FormatSchema(parsed)
	return out.String(), nil
}

// builtIn are directives that new tools know, which take the declaration as well, and
// old ones do not, which refuse a directive that is not declared.
const builtIn = `"""Exactly one field of the input object must be given, and not null."""
directive @oneOf on INPUT_OBJECT
"""The specification of the scalar's format."""
directive @specifiedBy(
  """The address of the specification."""
  url: String!
) on SCALAR
`

func sources() (out []*ast.Source, err error) {
	names, err := fs.Glob(files, "*.graphqls")
	for _, name := range names {
		data, failed := files.ReadFile(name)
		if failed != nil {
			return nil, failed
		}
		out = append(out, &ast.Source{Name: name, Input: string(data)})
	}
	return out, err
}
