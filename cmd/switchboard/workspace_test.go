package main

import (
	"context"
	"testing"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/mongo"
	"switchboard/store/sqlite"

	"github.com/stretchr/testify/require"
)

// makeAcme is the command with what the test adds.
func makeAcme(t *testing.T, where []string, more ...string) ran {
	t.Helper()
	args := append([]string{"workspace", "create", "--name", "Acme Support", "--plan", "pro", "--owner-email", "olga@acme.test"}, where...)
	return cli(t, append(args, more...)...)
}

// requireMade demands one workspace with one owner, told in the audit log once,
// however often the command ran.
func requireMade(t *testing.T, s store.Engine) {
	t.Helper()
	d, err := s.Directory(t.Context(), "acme-support")
	require.NoError(t, err)
	w := d.Workspace
	require.Equal(t, workspace.Workspace{ID: "acme-support", Name: "Acme Support", Plan: "pro", TimeZone: "Europe/Berlin", Rules: workspace.DefaultRules(), Rev: 1}, w)
	require.Len(t, d.Members, 1)
	owner := d.SortedMembers()[0]
	require.Equal(t, "olga@acme.test", owner.Email)
	require.Equal(t, []workspace.RoleName{workspace.RoleOwner}, owner.Roles)
	require.Empty(t, owner.Subject, "the first sign-in binds it")
	log, err := s.ListAudit(t.Context(), audit.AuditQuery{Workspace: w.ID, Page: inbox.PageRequest{Limit: 9}})
	require.NoError(t, err)
	require.Len(t, log.Items, 1)
	require.Equal(t, audit.AuditWorkspaceCreate, log.Items[0].Action)
}

// playWorkspaces runs the commands where the flags say.
func playWorkspaces(t *testing.T, where []string, open func(context.Context) (store.Engine, error)) {
	got := makeAcme(t, where, "--time-zone", "Europe/Berlin")
	require.Equal(t, exitOK, got.code, got.stderr)
	for _, part := range []string{"acme-support (Acme Support) was made", `"workspace": "acme-support"`, `"email_verified": true`, "--jwks-url"} {
		require.Contains(t, got.stdout, part)
	}
	for _, more := range [][]string{{}, {"--plan", "free", "--owner-email", "eve@acme.test", "--time-zone", "UTC"}} {
		got = makeAcme(t, where, more...)
		require.Equal(t, exitOK, got.code, got.stderr)
		require.Contains(t, got.stdout, "nothing was changed.\nName: Acme Support\nPlan: pro\nTime zone: Europe/Berlin\nOwners: olga@acme.test\nMembers: 1\n")
	}
	got = makeAcme(t, where, "--id", "acme-2")
	require.Equal(t, exitOK, got.code, got.stderr)
	got = cli(t, append([]string{"workspace", "list"}, where...)...)
	require.Equal(t, exitOK, got.code, got.stderr)
	require.Equal(t, "ID            NAME          PLAN  TIME ZONE      DEMO   SUSPENDED\n"+
		"acme-2        Acme Support  pro   UTC            false  false\n"+
		"acme-support  Acme Support  pro   Europe/Berlin  false  false\n", got.stdout)

	s, err := open(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	requireMade(t, s)
}

func TestWorkspacesInAFolder(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	playWorkspaces(t, []string{"--data", folder}, func(ctx context.Context) (store.Engine, error) {
		return sqlite.Open(ctx, sqlite.Config{Dir: folder})
	})
}

func TestWorkspacesInMongoDB(t *testing.T) {
	uri := testdb.Start(t, testdb.Options{}).URI()
	playWorkspaces(t, []string{"--mongodb-uri", uri}, func(ctx context.Context) (store.Engine, error) {
		return mongo.Open(ctx, mongo.Config{URI: uri})
	})
}

func TestWorkspacesThatCannotBe(t *testing.T) {
	where := []string{"--data", t.TempDir()}
	for name, row := range map[string]struct {
		more []string
		says string
	}{
		"no such plan":       {[]string{"--plan", "gold"}, "--plan: is not a plan. The plans are [free lite pro total enterprise]"},
		"of another policy":  {[]string{"--policy-preset", "league"}, "[free amateur pro champion elite]"},
		"no address":         {[]string{"--owner-email", "olga"}, "--owner-email: is not an e-mail address"},
		"an address and all": {[]string{"--owner-email", "Olga <olga@acme.test>"}, "--owner-email: is not an e-mail address"},
		"no such zone":       {[]string{"--time-zone", "Mars/Base"}, "--time-zone: is not an IANA time zone"},
		"the machine's zone": {[]string{"--time-zone", "Local"}, "--time-zone: is not an IANA time zone"},
		"no name":            {[]string{"--name", " "}, "--name: is empty"},
		"a name without id":  {[]string{"--name", "東京"}, "--id: cannot be a workspace's"},
		"no id":              {[]string{"--id", "Acme/1"}, "--id: cannot be a workspace's"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "of another policy" {
				row.more = append(row.more, "--plan", "total")
			}
			got := makeAcme(t, where, row.more...)
			require.Equal(t, exitUsage, got.code, got.stderr)
			require.Contains(t, got.stderr, row.says)
			require.Empty(t, got.stdout)
		})
	}
	for _, args := range [][]string{{"workspace"}, {"workspace", "create"}, {"workspace", "create", "--name", "Acme"}} {
		require.Equal(t, exitUsage, cli(t, args...).code)
	}
	got := cli(t, append([]string{"workspace", "list"}, where...)...)
	require.Equal(t, exitRefused, got.code)
	require.Contains(t, got.stderr, "there is no data here", "nothing was made")
}

// Beside a server that runs on the folder nothing is written, and all is read.
func TestNoWorkspaceBesideAServer(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	server, err := sqlite.Open(t.Context(), sqlite.Config{Dir: folder})
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close(context.Background())) }()
	got := makeAcme(t, []string{"--data", folder})
	require.Equal(t, exitDatabaseUnsuitable, got.code, got.stderr)
	require.Contains(t, got.stderr, "another process")
	require.Empty(t, got.stdout)
	require.NoError(t, server.CreateWorkspace(t.Context(), *demoDirectory("demo", true)))
	listed := cli(t, "workspace", "list", "--data", folder)
	require.Equal(t, exitOK, listed.code, listed.stderr)
	require.Contains(t, listed.stdout, "demo")
}
