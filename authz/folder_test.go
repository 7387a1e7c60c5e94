package authz_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/workspace"
)

// followed is a folder with the tiny policy, followed on a clock of its own.
type followed struct {
	t      *testing.T
	dir    string
	policy *authz.Authorizer
	folder *authz.Folder
	log    bytes.Buffer
	taken  int
	end    context.CancelFunc
}

func follow(t *testing.T) *followed {
	t.Helper()
	f := &followed{t: t, dir: t.TempDir()}
	for name, file := range tiny(t) {
		f.write(name, string(file.Data))
	}
	loaded, err := authz.LoadDir(f.dir)
	require.NoError(t, err)
	f.policy = authz.New(loaded)
	f.folder = authz.NewFolder(f.dir, f.policy, slog.New(slog.NewTextHandler(&f.log, nil)), func() { f.taken++ })
	ctx, cancel := context.WithCancel(t.Context())
	f.end = cancel
	go f.folder.Run(ctx)
	return f
}

func (f *followed) write(name, text string) {
	f.t.Helper()
	require.NoError(f.t, os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600))
}

func (f *followed) change(name, old, new string) {
	f.t.Helper()
	text, err := os.ReadFile(filepath.Join(f.dir, name))
	require.NoError(f.t, err)
	f.write(name, string(replaceOnce(f.t, text, old, new)))
}

// settle passes as much time as a change may take to be in force.
func (f *followed) settle() {
	time.Sleep(time.Second) // of the clock of the bubble
	synctest.Wait()
}

func (f *followed) owner() workspace.Scope {
	return f.policy.Scope(query("low", "owner"), workspace.Livechat, workspace.PermView)
}

// B:Z6
func TestAChangedFolderIsTakenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t)
		defer f.end()
		f.settle()
		require.Zero(t, f.folder.Reloads(), "nothing changed since it was loaded")
		f.change("policy.csv", "view, ALL", "view, OWN")
		f.settle()
		require.Equal(t, workspace.ScopeOwn, f.owner())
		require.EqualValues(t, 1, f.folder.Reloads())
		require.Equal(t, 1, f.taken)
		require.Equal(t, 1, strings.Count(f.log.String(), "a changed policy is in force"))
		f.settle()
		require.Equal(t, 1, f.taken, "it is taken up once")
	})
}

// A policy with a mistake changes nothing, is logged once, and is forgotten when it is
// mended.
func TestAWrongFolderIsRefusedAsAWhole(t *testing.T) {
	for name, spoil := range map[string]func(f *followed){
		"a wrong word": func(f *followed) { f.change("policy.csv", "plan.manage", "plans.manage") },
		"a wrong plan": func(f *followed) { f.change("features.csv", "monitor, high", "monitor, hihg") },
		"a file that is gone": func(f *followed) {
			require.NoError(f.t, os.Rename(filepath.Join(f.dir, "roles.csv"), filepath.Join(f.dir, "kept")))
		},
		"a folder that is gone": func(f *followed) { require.NoError(f.t, os.Rename(f.dir, f.dir+"-kept")) },
		"a file cut short":      func(f *followed) { f.write("roles.csv", "owner\nai_ag") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := follow(t)
				defer f.end()
				f.change("policy.csv", "view, ALL", "view, OWN") // right by itself, and part of the same change
				spoil(f)
				f.settle()
				f.settle()
				require.True(t, f.folder.Refused())
				require.Equal(t, workspace.ScopeAll, f.owner(), "nothing of it is in force")
				require.Zero(t, f.folder.Reloads())
				require.Zero(t, f.taken)
				require.Equal(t, 1, strings.Count(f.log.String(), "level=ERROR"), f.log.String())

				_ = os.Rename(f.dir+"-kept", f.dir)
				for file, data := range tiny(t) {
					f.write(file, string(data.Data))
				}
				f.settle()
				require.False(t, f.folder.Refused())
				require.Zero(t, f.folder.Reloads(), "it is the policy in force")
				require.Contains(t, f.log.String(), "the policy in force is in its folder again")
			})
		})
	}
}

// Files that are written one after the other are taken up together: between them the
// policy would be wrong.
func TestFilesThatAreBeingWrittenAreLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t)
		defer f.end()
		for i := range 20 {
			f.write("plans.csv", "low\nhigh\n"+strings.Repeat("#", i))
			time.Sleep(200 * time.Millisecond)
			synctest.Wait()
		}
		require.Zero(t, f.taken)
		f.write("plans.csv", "first\nlast\n")
		time.Sleep(100 * time.Millisecond)
		f.write("features.csv", strings.ReplaceAll(string(tiny(t)["features.csv"].Data), "high", "last"))
		f.settle()
		require.Equal(t, 1, f.taken)
		require.NotContains(t, f.log.String(), "level=ERROR")
		require.Equal(t, []string{"first", "last"}, planNames(f.policy.Plans()))
	})
}
