package architecture_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// relock is where a function has stood with a lock.
type relock struct{ taken, promised, given bool }

// carelessRelocks are the places at which a lock is taken back that somebody
// will unlock for certain, without a defer: by name of the lock.
func carelessRelocks(in ast.Node) (out []string) {
	var walk func(body ast.Node, locks map[string]relock)
	walk = func(body ast.Node, locks map[string]relock) {
		ast.Inspect(body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				walk(n.Body, map[string]relock{})
				return false
			case *ast.DeferStmt:
				if name, verb := lockCall(n.Call); verb == "Unlock" {
					l := locks[name]
					l.promised = true
					locks[name] = l
				}
				_, literal := n.Call.Fun.(*ast.FuncLit)
				return literal
			case *ast.CallExpr:
				name, verb := lockCall(n)
				l := locks[name]
				switch verb {
				case "Unlock":
					l.given = l.promised || !l.taken
				case "Lock":
					if l.given {
						out = append(out, name)
					}
					l.taken = true
				default:
					return true
				}
				locks[name] = l
			}
			return true
		})
	}
	walk(in, map[string]relock{})
	return out
}

// lockCall returns the lock of a call of a mutex, and Lock or Unlock.
func lockCall(call *ast.CallExpr) (name, verb string) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	verb = strings.TrimPrefix(method.Sel.Name, "R")
	return types.ExprString(method.X), verb
}

// The kind of fault: a lock that somebody unlocks by a defer is given up for a while and
// taken back by a plain call, which a panic meanwhile passes over. The unlock then ends
// the process, which no recover prevents. Every such lock is taken back by a defer.
func TestALockGivenUpIsTakenBackByADefer(t *testing.T) {
	tree := os.DirFS("../..")
	err := eachGoFile(tree, func(name string) error {
		data, err := fs.ReadFile(tree, name)
		require.NoError(t, err)
		file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range file.Decls {
			require.Empty(t, carelessRelocks(d), name)
		}
		return nil
	})
	require.NoError(t, err)
}

// What the search for careless relocks finds, and what it leaves alone.
func TestCarelessRelocksAreFound(t *testing.T) {
	for body, want := range map[string]bool{
		"m.Lock(); defer m.Unlock(); m.Unlock(); f(); m.Lock()":                  true,
		"m.Unlock(); f(); m.Lock()":                                              true,
		"m.RLock(); defer m.RUnlock(); m.RUnlock(); f(); m.RLock()":              true,
		"m.Unlock(); defer m.Lock(); f()":                                        false,
		"m.Unlock(); defer func() { m.Lock() }(); f()":                           false,
		"m.Lock(); m.Unlock(); f(); m.Lock(); m.Unlock()":                        false,
		"m.Lock(); m.Unlock(); f(); m.Lock(); defer m.Unlock()":                  false,
		"m.Lock(); m.Unlock(); defer func() { m.Lock(); m.Unlock() }()":          false,
		"m.Lock(); defer m.Unlock(); m.Unlock(); defer m.Lock(); f()":            false,
		"m.Lock(); defer m.Unlock(); go func() { m.Lock(); defer m.Unlock() }()": false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {"+body+"}", 0)
		require.NoError(t, err)
		require.Equal(t, want, len(carelessRelocks(file)) > 0, body)
	}
}
