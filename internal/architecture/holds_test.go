package architecture_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// holders are the folders of what lives as long as the server and is filled by what
// callers do.
func holders() []string {
	return []string{
		"auth", "budget", "cmd/switchboard", "dispatch", "inbox/admission", "inbox/eventlog", "live",
		"live/feed", "live/follow", "live/logtail", "live/marks", "metrics", "store/writequeue", "transport", "transport/exec",
		"transport/fanout", "transport/guard", "transport/wsconn", "webhook",
	}
}

// holding are the fields of structs that can hold more and more: maps, channels,
// caches, and slices of pointers or frames. They are named package.type.field.
func holding(t *testing.T, folder string) (out []string) {
	t.Helper()
	files, err := filepath.Glob("../../" + folder + "/*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			fields, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range fields.Fields.List {
				if !grows(field.Type) {
					continue
				}
				for _, name := range field.Names {
					out = append(out, filepath.Base(folder)+"."+spec.Name.Name+"."+name.Name)
				}
			}
			return true
		})
	}
	return out
}

// grows reports whether a field of the type can hold any number of things. A channel
// of empty structs is a signal.
func grows(of ast.Expr) bool {
	switch kind := of.(type) {
	case *ast.MapType:
		return true
	case *ast.ChanType:
		element, signal := kind.Value.(*ast.StructType)
		return !signal || len(element.Fields.List) > 0
	case *ast.ArrayType:
		_, pointers := kind.Elt.(*ast.StarExpr)
		element, named := kind.Elt.(*ast.Ident)
		return kind.Len == nil && (pointers || frame(kind.Elt) || named && !ast.IsExported(element.Name) && !basic(element.Name))
	case *ast.StarExpr:
		return caches(kind.X)
	}
	return caches(of)
}

// frame reports whether a type is a frame of a connection.
func frame(of ast.Expr) bool {
	if selector, ok := of.(*ast.SelectorExpr); ok {
		of = selector.Sel
	}
	named, ok := of.(*ast.Ident)
	return ok && named.Name == "Frame"
}

func basic(name string) bool {
	return regexp.MustCompile(`^(string|byte|bool|u?int(8|16|32|64)?|float(32|64)|error|any)$`).MatchString(name)
}

// caches reports whether a type is a cache of a library.
func caches(of ast.Expr) bool {
	if indexed, ok := of.(*ast.IndexListExpr); ok {
		of = indexed.X
	}
	named, ok := of.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, _ := named.X.(*ast.Ident)
	return from != nil && (from.Name == "lru" || from.Name == "simplelru")
}

// Everything that a caller can make many of, and that the server keeps, has a row in
// docs/security.md with its bound: a new one fails here until somebody says what
// bounds it.
func TestEverythingThatGrowsHasABound(t *testing.T) {
	page, err := os.ReadFile("../../docs/security.md")
	require.NoError(t, err)
	known := map[string]bool{}
	for _, match := range regexp.MustCompile("`([a-z]+\\.[A-Za-z]+\\.[A-Za-z]+)`").FindAllStringSubmatch(string(page), -1) {
		known[match[1]] = true
	}
	found := map[string]bool{}
	for _, folder := range holders() {
		for _, name := range holding(t, folder) {
			found[name] = true
			assert.True(t, known[name], "%s can grow: give it a row under Budgets in docs/security.md", name)
		}
	}
	for name := range known {
		assert.True(t, found[name], "docs/security.md names %s, which is gone", name)
	}
}
