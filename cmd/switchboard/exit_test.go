package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"

	"switchboard/inbox"

	"github.com/stretchr/testify/require"
)

func TestExitCodes(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, busy.Close()) }()
	_, inUse := net.Listen("tcp", busy.Addr().String())
	require.Error(t, inUse)
	cause := errors.New("cause")
	for name, row := range map[string]struct {
		err  error
		want exitCode
	}{
		"none":             {nil, exitOK},
		"a fault":          {cause, exitInternal},
		"settings":         {settingErrors{{"--addr", "why", "example"}}, exitUsage},
		"address in use":   {fmt.Errorf("listen: %w", inUse), exitAddressInUse},
		"database away":    {fmt.Errorf("seed: %w", &inbox.Error{Code: inbox.Unavailable}), exitDatabaseUnreachable},
		"said so":          {fmt.Errorf("start: %w", fail(exitPolicyInvalid, cause)), exitPolicyInvalid},
		"said so, of more": {fail(exitDatabaseUnsuitable, &inbox.Error{Code: inbox.Unavailable}), exitDatabaseUnsuitable},
		"refused":          {refuse("no %s", "way"), exitRefused},
		"interrupted":      {fmt.Errorf("seed: %w", context.Canceled), exitInterrupted},
	} {
		require.Equal(t, row.want, exitOf(row.err), name)
	}
	require.NoError(t, fail(exitInternal, nil))
	require.ErrorIs(t, fail(exitInternal, cause), cause)
}

// A code that is not in the table is one that nobody can look up.
func TestHelpListsEveryExitCode(t *testing.T) {
	got := runTest(t, deps{}, nil, "help")
	require.Equal(t, exitOK, got.code)
	require.Contains(t, got.stdout, "Usage: switchboard <command>")
	require.Len(t, exitCodes(), int(exitNotReady)+1)
	for i, row := range exitCodes() {
		require.EqualValues(t, i, row.Code)
		require.Contains(t, got.stdout, fmt.Sprintf("  %d  %s\n", row.Code, row.Meaning))
	}
}

func TestHelpFlags(t *testing.T) {
	got := runTest(t, deps{}, nil, "--help")
	require.Equal(t, exitOK, got.code)
	require.Contains(t, got.stdout, "Commands:")
	got = runTest(t, deps{}, nil, "serve", "--help")
	require.Equal(t, exitOK, got.code)
	require.Nil(t, got.served)
	for _, name := range []string{"--addr=\"127.0.0.1:8080\"", "($SWITCHBOARD_ADDR)", "($SWITCHBOARD_JWKS_URL)", "($SWITCHBOARD_LOG_FORMAT)"} {
		require.Contains(t, got.stdout, name)
	}
}
