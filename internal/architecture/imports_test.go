package architecture_test

import (
	_ "embed"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

//go:embed imports.txt
var table string

const module = "switchboard"

func TestImports(t *testing.T) {
	r, err := parseRules(table)
	require.NoError(t, err)
	found, files, err := violations(os.DirFS("../.."), r)
	require.NoError(t, err)
	require.Positive(t, files, "no Go file was read")
	require.Empty(t, found, "these imports are not in internal/architecture/imports.txt")
}

// violations checks each Go file of the tree that is no test, and returns what is
// wrong and how many files it read.
func violations(tree fs.FS, r rules) (found []string, files int, err error) {
	err = eachGoFile(tree, func(name string) error {
		files++
		wrong, err := checkFile(tree, name, r)
		found = append(found, wrong...)
		return err
	})
	slices.Sort(found)
	return slices.Compact(found), files, err
}

// eachGoFile calls look with the name of each Go file of the module, until an error.
func eachGoFile(tree fs.FS, look func(name string) error) error {
	return fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && foreign(name):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		return look(name)
	})
}

// foreign tells whether a folder holds nothing of the module.
func foreign(name string) bool {
	base := path.Base(name)
	return base != "." && (base[0] == '.' || base[0] == '_' || base == "node_modules" || base == "testdata")
}

func checkFile(tree fs.FS, name string, r rules) ([]string, error) {
	folder := path.Dir(name)
	if _, known := r.row(folder); !known {
		return []string{fmt.Sprintf("folder %s has no row", folder)}, nil
	}
	if strings.HasSuffix(name, "_test.go") {
		return nil, nil
	}
	source, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		own := under(imported, module)
		if own {
			imported = strings.TrimPrefix(strings.TrimPrefix(imported, module), "/")
		}
		if wrong := r.check(folder, imported, own); wrong != "" {
			found = append(found, name+": "+wrong)
		}
	}
	return found, nil
}

// The table is only worth its test if each kind of wrong import is found.
func TestImportsFindsWhatIsWrong(t *testing.T) {
	r, err := parseRules(table)
	require.NoError(t, err)
	tests := map[string]struct {
		file, imports string
		wrong         string // "" where the import is allowed
	}{
		"inbox knows nobody":              {"inbox/a.go", "switchboard/store/mongo", "inbox may not import store/mongo"},
		"inbox uses no library":           {"inbox/a.go", "github.com/oklog/ulid/v2", "only the standard library"},
		"inbox uses the standard library": {"inbox/a.go", "net/url", ""},
		"inbox tests are free":            {"inbox/a_test.go", "github.com/stretchr/testify/require", ""},
		"adapters know inbox":             {"auth/a.go", "switchboard/inbox", ""},
		"the feed knows no stream":        {"live/feed/a.go", "switchboard/live/follow", "live/feed may not import live/follow"},
		"streams know no GraphQL":         {"live/follow/a.go", "switchboard/graph/model", "live/follow may not import graph"},
		"adapters know not each other":    {"live/deep/a.go", "switchboard/store/mongo", "live may not import store/mongo"},
		"transport knows no domain":       {"transport/a.go", "switchboard/inbox", "transport may not import inbox"},
		"the ground knows no room":        {"inbox/a.go", "switchboard/inbox/access", "inbox may not import inbox/access"},
		"access knows no use case":        {"inbox/access/a.go", "switchboard/inbox/desk", "inbox/access may not import inbox/desk"},
		"the desk knows no admin":         {"inbox/desk/a.go", "switchboard/inbox/admin", "inbox/desk may not import inbox/admin"},
		"admin knows no desk":             {"inbox/admin/a.go", "switchboard/inbox/desk", "inbox/admin may not import inbox/desk"},
		"a room is named in full":         {"authz/a.go", "switchboard/inbox/desk", "authz may not import inbox/desk"},
		"a room uses no library":          {"inbox/desk/a.go", "github.com/oklog/ulid/v2", "only the standard library"},
		"services know all rooms":         {"inbox/services/a.go", "switchboard/inbox/desk", ""},
		"a name that begins alike":        {"live/a.go", "switchboard/inboxes", "live may not import inboxes"},
		"below itself":                    {"store/mongo/a.go", "switchboard/store/mongo/deep", ""},
		"above itself":                    {"store/mongo/deep/a.go", "switchboard/store/mongo", ""},
		"resolvers know not the store":    {"resolvers/a.go", "switchboard/store/mongo", "resolvers may not import store/mongo"},
		"resolvers know models":           {"resolvers/a.go", "switchboard/graph/model", ""},
		"the driver in the store":         {"store/mongo/a.go", "go.mongodb.org/mongo-driver/v2/mongo", ""},
		"the driver elsewhere":            {"cmd/switchboard/a.go", "go.mongodb.org/mongo-driver/v2/mongo", "it is for store/document"},
		"the next driver is no other":     {"live/a.go", "go.mongodb.org/mongo-driver/v3/mongo", "it is for store/document"},
		"the engine elsewhere":            {"live/a.go", "modernc.org/sqlite", "it is for store/sqlite"},
		"the driver in a test":            {"cmd/switchboard/a_test.go", "go.mongodb.org/mongo-driver/v2/mongo", ""},
		"testdb in the program":           {"store/mongo/a.go", "switchboard/internal/testdb", "store/mongo may not import internal/testdb"},
		"testdb in a suite":               {"store/storetest/a.go", "switchboard/internal/testdb", ""},
		"a suite in the program":          {"cmd/switchboard/a.go", "switchboard/store/storetest", "which is for tests"},
		"the guard knows no connection":   {"transport/guard/a.go", "switchboard/transport/wsconn", "transport/guard may not import transport/wsconn"},
		"the guard knows no protocol":     {"transport/guard/a.go", "switchboard/transport", "transport/guard may not import transport"},
		"the world in the program":        {"inbox/desk/a.go", "switchboard/internal/world", "which is for tests"},
		"cmd ties":                        {"cmd/switchboard/a.go", "switchboard/transport", ""},
		"web knows nobody":                {"web/a.go", "switchboard/inbox", "web may not import inbox"},
		"a folder without a row":          {"helpers/a.go", "fmt", "folder helpers has no row"},
		"a folder with tests alone":       {"helpers/a_test.go", "fmt", "folder helpers has no row"},
		"the module's root":               {"a.go", "fmt", "folder . has no row"},
		"another's code":                  {"web/node_modules/x/a.go", "switchboard/inbox", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			source := fmt.Sprintf("package a\n\nimport _ %q\n", test.imports)
			tree := fstest.MapFS{test.file: {Data: []byte(source)}}
			found, _, err := violations(tree, r)
			require.NoError(t, err)
			if test.wrong == "" {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			require.Contains(t, found[0], test.wrong)
		})
	}
}

func TestRulesRefuseWhatTheyDoNotKnow(t *testing.T) {
	for _, line := range []string{"folder a", "fodler a: b", "folder: b", "folder a: b\nfolder a: c", "tests a: b"} {
		_, err := parseRules(line)
		require.Error(t, err, "%q", line)
	}
}
