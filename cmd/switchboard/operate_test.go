package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/mongo"
	"switchboard/store/ndjson"
	"switchboard/store/sqlite"
	"switchboard/store/storetest"

	"github.com/stretchr/testify/require"
)

// installation is data with two workspaces that have one of everything.
type installation struct {
	t          *testing.T
	flags      []string
	open       func(context.Context) (store.Engine, error)
	ours, next workspace.WorkspaceID
}

func onInstallations(t *testing.T, play func(i *installation)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		testdb.Record(t, testdb.Embedded)
		folder := t.TempDir()
		play(furnished(&installation{t: t, flags: []string{"--data", folder}, open: func(ctx context.Context) (store.Engine, error) {
			return sqlite.Open(ctx, sqlite.Config{Dir: folder})
		}}))
	})
	t.Run("wire", func(t *testing.T) {
		uri := testdb.Start(t, testdb.Options{}).URI()
		play(furnished(&installation{t: t, flags: []string{"--mongodb-uri", uri}, open: func(ctx context.Context) (store.Engine, error) {
			return mongo.Open(ctx, mongo.Config{URI: uri})
		}}))
	})
}

func furnished(i *installation) *installation {
	i.with(func(s store.Engine) {
		require.NoError(i.t, s.Migrate(i.t.Context()))
		i.ours, i.next = storetest.Furnished(i.t, s), storetest.Furnished(i.t, s)
	})
	return i
}

func (i *installation) with(do func(store.Engine)) {
	i.t.Helper()
	s, err := i.open(i.t.Context())
	require.NoError(i.t, err)
	defer func() { require.NoError(i.t, s.Close(context.Background())) }()
	do(s)
}

// run gives a command for our workspace, which must succeed.
func (i *installation) run(args ...string) ran {
	i.t.Helper()
	got := i.try(args...)
	require.Equal(i.t, exitOK, got.code, got.stderr)
	return got
}

func (i *installation) try(args ...string) ran {
	i.t.Helper()
	return cli(i.t, append(append(slices.Clone(args), "--workspace", string(i.ours)), i.flags...)...)
}

// printed gives a command with --json, and reads what it prints.
func printed[T any](i *installation, args ...string) (out T) {
	i.t.Helper()
	got := i.run(append(args, "--json")...)
	require.NoError(i.t, json.Unmarshal([]byte(got.stdout), &out), got.stdout)
	return out
}

// actions are the acts in the audit log of our workspace, oldest first.
func (i *installation) actions() (out []audit.AuditAction) {
	i.with(func(s store.Engine) {
		page, err := s.ListAudit(i.t.Context(), audit.AuditQuery{Workspace: i.ours, Actor: workspace.System(), Page: inbox.PageRequest{Limit: 50}})
		require.NoError(i.t, err)
		for _, e := range page.Items {
			out = append(out, e.Action)
		}
	})
	slices.Reverse(out)
	return out
}

// Each command that changes a workspace is in its audit log, and says in JSON what it did.
func TestOperatorsAdministerAWorkspace(t *testing.T) {
	onInstallations(t, func(i *installation) {
		require.Equal(i.t, workspaceShown{i.ours, "Acme & Sons", false}, printed[workspaceShown](i, "workspace", "rename", "--name", "Acme & Sons"))
		require.True(i.t, printed[workspaceShown](i, "workspace", "suspend").Suspended)
		listed := cli(i.t, append([]string{"workspace", "list", "--json"}, i.flags...)...)
		require.Contains(i.t, listed.stdout, `"suspended": true`)
		refused := i.try("login-link", "--as", "owner@x.test")
		require.Equal(i.t, exitRefused, refused.code)
		require.Contains(i.t, refused.stderr, "is suspended")
		require.False(i.t, printed[workspaceShown](i, "workspace", "resume").Suspended)
		made := printed[keyShown](i, "key", "create", "--name", "Website")
		require.True(i.t, workspace.IsAPIKey(made.Secret))
		require.True(i.t, workspace.IsAPIKey(strings.TrimSpace(i.run("key", "create", "--name", "Second").stdout)), "the secret alone, for a pipe")
		partner := i.try("key", "create", "--name", "Partner", "--role", "partner", "--permission", "view:livechat:ALL")
		require.Equal(i.t, exitRefused, partner.code, "the plan counts for operators too")
		require.NotNil(i.t, printed[keyShown](i, "key", "revoke", "--key", made.ID).RevokedAt)
		all := i.run("key", "list", "--json")
		require.NotContains(i.t, all.stdout, made.Secret)
		require.Contains(i.t, all.stdout, made.ID)
		require.Subset(i.t, i.actions(), []audit.AuditAction{audit.AuditRename, audit.AuditSuspend, audit.AuditResume, audit.AuditKeyCreate, audit.AuditKeyRevoke})
	})
}

// An export holds all of a workspace, nothing of another, and no secret.
func TestAnExportHoldsOneWorkspaceWithoutSecrets(t *testing.T) {
	onInstallations(t, func(i *installation) {
		secret := strings.TrimSpace(i.run("key", "create", "--name", "Website").stdout)
		var hashes []string
		i.with(func(s store.Engine) {
			d, err := s.Directory(i.t.Context(), i.ours)
			require.NoError(i.t, err)
			for _, k := range d.Keys {
				hashes = append(hashes, k.Hash)
			}
		})
		got := i.run("export")
		require.Empty(i.t, got.stderr, "quiet in a pipe")
		require.NotContains(i.t, got.stdout, string(i.next))
		for _, hidden := range append(hashes, secret) {
			require.NotEmpty(i.t, hidden)
			require.NotContains(i.t, got.stdout, hidden)
		}
		counts := map[string]float64{}
		var lines []map[string]any
		for scan := bufio.NewScanner(strings.NewReader(got.stdout)); scan.Scan(); {
			var one map[string]any
			require.NoError(i.t, json.Unmarshal(scan.Bytes(), &one), scan.Text())
			lines = append(lines, one)
			if name, ok := one["collection"].(string); ok {
				counts[name]++
			}
		}
		first, last := lines[0], lines[len(lines)-1]
		require.Equal(i.t, []any{"export", string(i.ours), float64(ndjson.Version)}, []any{first["type"], first["workspace"], first["version"]})
		require.Equal(i.t, "end", last["type"])
		for name, n := range last["documents"].(map[string]any) {
			require.InDelta(i.t, counts[name], n, 0, name)
		}
		for _, name := range ndjson.Collections() {
			require.NotZero(i.t, counts[name], "nothing of %s, so that nobody sees whether it is there", name)
		}
		file := filepath.Join(i.t.TempDir(), "acme.ndjson")
		require.Equal(i.t, i.ours, printed[exported](i, "export", "--to", file).Workspace)
		written, err := os.ReadFile(file)
		require.NoError(i.t, err)
		require.NotEmpty(i.t, written)
		again := i.try("export", "--to", file)
		require.Equal(i.t, exitUsage, again.code)
		require.Contains(i.t, again.stderr, "overwrites nothing")
	})
}

// An erasure leaves nothing of the contact in all that is kept of the workspace, but what
// decision 61 says, and tells so without the contact's data.
func TestAnErasureWithItsReceipt(t *testing.T) {
	onInstallations(t, func(i *installation) {
		require.Contains(i.t, i.run("export").stdout, "ada@example.test")
		unsure := i.try("erase", "--external-id", "contact")
		require.Equal(i.t, exitRefused, unsure.code)
		require.Contains(i.t, unsure.stderr, "--yes contact")
		got := printed[erasure](i, "erase", "--external-id", "contact", "--yes", "contact")
		require.Equal(i.t, []string{"email", "externalId"}, got.Erased)
		require.Equal(i.t, 1, got.Conversations)
		after := i.run("export").stdout
		require.NotContains(i.t, after, "ada@example.test")
		require.NotContains(i.t, after, `"externalId":"contact"`)
		require.Contains(i.t, i.actions(), audit.AuditContactErase)
		twice := i.try("erase", "--external-id", "contact", "--yes", "contact")
		require.Equal(i.t, exitRefused, twice.code)
		byID := i.try("erase", "--contact", got.Contact, "--yes", got.Contact)
		require.Equal(i.t, exitRefused, byID.code, "it is erased")
	})
}

// A deletion wants the name twice, leaves nothing, and what others have as it was.
func TestADeletionWithItsReceipt(t *testing.T) {
	onInstallations(t, func(i *installation) {
		other := func() string {
			got := cli(i.t, append([]string{"export", "--workspace", string(i.next)}, i.flags...)...)
			_, lines, _ := strings.Cut(got.stdout, "\n") // behind the time of the export
			return lines
		}
		before := other()
		for _, yes := range [][]string{{}, {"--yes", string(i.next)}} {
			got := i.try(append([]string{"workspace", "delete"}, yes...)...)
			require.Equal(i.t, exitRefused, got.code)
			require.Contains(i.t, got.stderr, "--yes "+string(i.ours))
		}
		receipt := printed[deleted](i, "workspace", "delete", "--yes", string(i.ours))
		require.Equal(i.t, 1, receipt.Removed["workspaces"])
		require.Greater(i.t, receipt.Documents, 10)
		again := i.try("workspace", "delete", "--yes", string(i.ours))
		require.Equal(i.t, exitRefused, again.code)
		require.Contains(i.t, again.stderr, "there is no workspace")
		require.NotContains(i.t, cli(i.t, append([]string{"workspace", "list"}, i.flags...)...).stdout, string(i.ours))
		if i.flags[0] == "--data" { // over the wire an export is in the audit log
			require.Equal(i.t, before, other())
		}
	})
}

// A rotated secret is another, the one before is accepted, and neither is printed.
func TestTheSecretIsRotated(t *testing.T) {
	onInstallations(t, func(i *installation) {
		got := cli(i.t, append([]string{"secret", "rotate", "--overlap", "24h", "--json"}, i.flags...)...)
		require.Equal(i.t, exitOK, got.code, got.stderr)
		var out rotated
		require.NoError(i.t, json.Unmarshal([]byte(got.stdout), &out))
		require.Equal(i.t, 2, out.Accepted)
		require.Equal(i.t, "24h0m0s", out.AcceptedUntil.Sub(out.SignsFrom).String())
		i.with(func(s store.Engine) {
			secrets, revision, err := s.Secrets(i.t.Context())
			require.NoError(i.t, err)
			require.Len(i.t, secrets, 2)
			require.Equal(i.t, 1, revision)
			require.NotEqual(i.t, secrets[0].Value, secrets[1].Value)
		})
		for range mostSecrets - 2 {
			require.Equal(i.t, exitOK, cli(i.t, append([]string{"secret", "rotate"}, i.flags...)...).code)
		}
		full := cli(i.t, append([]string{"secret", "rotate"}, i.flags...)...)
		require.Equal(i.t, exitRefused, full.code)
	})
}

// Beside a server that runs on the folder, commands that write say what to do, and those
// that read work.
func TestOperatorsBesideAServer(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	server, err := sqlite.Open(t.Context(), sqlite.Config{Dir: folder})
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close(context.Background())) }()
	ws := string(storetest.Furnished(t, server))
	for _, args := range [][]string{
		{"workspace", "rename", "--name", "Acme", "--workspace", ws}, {"workspace", "suspend", "--workspace", ws}, {"workspace", "resume", "--workspace", ws},
		{"workspace", "delete", "--yes", ws, "--workspace", ws}, {"key", "create", "--name", "x", "--workspace", ws}, {"key", "revoke", "--key", "x", "--workspace", ws},
		{"erase", "--contact", "x", "--yes", "x", "--workspace", ws}, {"secret", "rotate"},
	} {
		got := cli(t, append(args, "--data", folder)...)
		require.Equal(t, exitDatabaseUnsuitable, got.code, got.stderr)
		require.Contains(t, got.stderr, "stop its server, give the command", args)
		require.Empty(t, got.stdout)
	}
	for _, args := range [][]string{{"export"}, {"key", "list"}} {
		got := cli(t, append(args, "--workspace", ws, "--data", folder)...)
		require.Equal(t, exitOK, got.code, got.stderr)
		require.NotEmpty(t, got.stdout)
	}
}
