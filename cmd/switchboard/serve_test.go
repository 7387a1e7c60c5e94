package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"switchboard/authz"
	"switchboard/internal/testdb"
	"switchboard/store/sqlite"

	"github.com/stretchr/testify/require"
)

// A signal is a good end of a server, and no good end of a command that was not
// done.
func TestSignalsBeforeTheEnd(t *testing.T) {
	for name, row := range map[string]struct {
		args  []string
		fault error
		want  exitCode
	}{
		"a server":                 {[]string{"serve", "--memory"}, context.Canceled, exitOK},
		"a server, with a fault":   {[]string{"serve", "--memory"}, errors.New("closed"), exitOK},
		"seeding":                  {[]string{"seed", "--data", t.TempDir()}, context.Canceled, exitInterrupted},
		"seeding, with a fault":    {[]string{"seed", "--data", t.TempDir()}, errors.New("closed"), exitInternal},
		"migrating, interrupted":   {[]string{"migrate", "--data", t.TempDir()}, context.Canceled, exitInterrupted},
		"a server without address": {[]string{"serve", "--addr", "x"}, nil, exitUsage},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			interrupted := func(context.Context, *invocation, settings) error { cancel(); return row.fault }
			p := deps{serve: interrupted, seed: interrupted, migrate: interrupted}
			var stdout, stderr bytes.Buffer
			code := runWith(ctx, p, row.args, nil, &stdout, &stderr)
			cancel()
			require.Equal(t, row.want, exitCode(code), stderr.String())
		})
	}
}

// A fault of a server that nobody asked to end is no good end.
func TestAServerThatFailsByItself(t *testing.T) {
	p := deps{serve: func(context.Context, *invocation, settings) error { return errors.New("broken") }}
	var stdout, stderr bytes.Buffer
	require.EqualValues(t, exitInternal, runWith(t.Context(), p, []string{"serve", "--memory"}, nil, &stdout, &stderr))
	require.Contains(t, stderr.String(), "broken")
}

// A listener that breaks ends the server with an error, and everything behind
// it: the leak check of the package sees what is left.
func TestAListenerThatBreaks(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	stored, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, stored.Close(context.Background())) }()
	policy, err := openPolicy(policySettings{PolicyPreset: "league"})
	require.NoError(t, err)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	in := &invocation{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}, log: slog.New(slog.DiscardHandler)}
	seen, err := openAdminServer(t.Context(), "", in.log)
	require.NoError(t, err)
	defer seen.close()
	err = serveOn(t.Context(), in, settings{serverSettings: serverSettings{ShutdownGrace: time.Second}}, listener, seen, memory{}, stored, policy)
	require.ErrorIs(t, err, net.ErrClosed)
}

func TestOpenPolicy(t *testing.T) {
	for _, preset := range []string{"default", "league"} {
		policy, err := openPolicy(policySettings{PolicyPreset: preset})
		require.NoError(t, err)
		require.NotEmpty(t, policy.Plans())
	}
	folder := filepath.Join(t.TempDir(), "policy")
	require.NoError(t, os.CopyFS(folder, os.DirFS("../../authz/policies/league")))
	own, err := openPolicy(policySettings{PolicyDir: folder})
	require.NoError(t, err)
	preset, err := openPolicy(policySettings{PolicyPreset: "league"})
	require.NoError(t, err)
	require.Equal(t, preset.Plans(), own.Plans())

	require.NoError(t, os.WriteFile(filepath.Join(folder, "plans.csv"), nil, 0o600))
	_, err = openPolicy(policySettings{PolicyDir: folder})
	require.Equal(t, exitPolicyInvalid, exitOf(err))
	var wrong *authz.PolicyError
	require.ErrorAs(t, err, &wrong)
	require.Contains(t, wrong.File, "plans.csv")
}
