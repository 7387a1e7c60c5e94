package measure

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Module parses every package below the root of tree and returns their figures,
// sorted by folder. Folders named node_modules or testdata and folders whose names
// begin with a dot are skipped. A file that does not parse is an error.
func Module(tree fs.FS) ([]Package, error) {
	packages := map[string]*Package{}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return enter(name, entry.Name())
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		return add(packages, tree, name)
	})
	out := make([]Package, 0, len(packages))
	for _, p := range packages {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Package) int { return cmp.Compare(a.Folder, b.Folder) })
	return out, err
}

// enter returns fs.SkipDir for a folder that holds no code of this module.
func enter(folder, base string) error {
	if folder != "." && (base == "node_modules" || base == "testdata" || strings.HasPrefix(base, ".")) {
		return fs.SkipDir
	}
	return nil
}

// add parses one file and adds it to its package.
func add(packages map[string]*Package, tree fs.FS, name string) error {
	source, err := fs.ReadFile(tree, name)
	if err != nil {
		return err
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("parse %s: %w", name, err)
	}
	if ast.IsGenerated(file) {
		return nil
	}
	folder := path.Dir(name)
	if packages[folder] == nil {
		packages[folder] = &Package{Folder: folder, Methods: map[string]int{}}
	}
	// gqlgen writes the signatures in these files, so their names are the schema's.
	packages[folder].add(files, file, string(source), strings.HasSuffix(name, ".resolvers.go"))
	return nil
}
