package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchboard/authz"
	"switchboard/cmd/switchboard/demo"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/sqlite"
	"switchboard/web"

	"github.com/stretchr/testify/require"
)

func TestActorOf(t *testing.T) {
	dir := demoDirectory("demo", true)
	dir.Agents = map[workspace.AgentID]workspace.AIAgent{
		"a-1": {ID: "a-1", Email: "ai@demo.test"}, "a-2": {ID: "a-2", Email: "old@demo.test", Removed: true},
	}
	for email, want := range map[string]workspace.Actor{
		"manager@demo.test": {Kind: workspace.ActorMember, ID: "m-1"}, "MANAGER@Demo.Test": {Kind: workspace.ActorMember, ID: "m-1"},
		"ai@demo.test": {Kind: workspace.ActorAgent, ID: "a-1"}, "old@demo.test": {}, "gone@demo.test": {}, "eve@demo.test": {}, "": {},
	} {
		got, ok := actorOf(dir, email)
		require.Equal(t, want, got, email)
		require.Equal(t, want != workspace.Actor{}, ok, email)
	}
}

// seeded is the demo in memory. It is played once for all who only read it.
func seeded(t *testing.T) store.Engine {
	t.Helper()
	testdb.Record(t, testdb.Embedded)
	stored, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stored.Close(context.Background())) })
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	require.NoError(t, seedDemo(t.Context(), &invocation{stderr: &bytes.Buffer{}}, stored, authz.New(preset), false))
	return stored
}

func TestWelcome(t *testing.T) {
	stored := seeded(t)
	people := func(s authSettings, demo bool) (labels []string, text string) {
		t.Helper()
		who, err := newIdentity([]byte(dataSecret), s, slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		var out bytes.Buffer
		srv := &server{store: stored, identity: who}
		signIns, err := srv.printBanner(t.Context(), &out, settings{serverSettings: serverSettings{Demo: demo}}, "127.0.0.1:8080")
		require.NoError(t, err)
		for _, one := range signIns {
			labels = append(labels, one.Label)
			require.Contains(t, out.String(), one.Token)
			require.Contains(t, []string{"member", "ai_agent", "contact", "website"}, one.Kind, one.Label)
			require.Equal(t, one.Kind == "member", one.Role != "", one.Label)
			require.NotEmpty(t, one.Name, one.Label)
			require.NotEmpty(t, one.Workspace, one.Label)
			if one.Kind == "website" {
				requireKeyOf(t, stored, one)
				continue
			}
			_, err := who.verifier.Verify(t.Context(), one.Token)
			require.NoError(t, err, one.Label)
		}
		require.Regexp(t, `(?m)^Board +http://127\.0\.0\.1:8080/$`, out.String())
		require.Contains(t, out.String(), "http://127.0.0.1:8080/playground")
		require.Contains(t, out.String(), "http://127.0.0.1:8080/wall")
		require.Equal(t, demo && who.members != nil, strings.Contains(out.String(), "http://127.0.0.1:8080/chat"), "only where a chat can be started")
		require.Contains(t, out.String(), "ws://127.0.0.1:8080/graphql")
		return labels, out.String()
	}

	labels, _ := people(authSettings{}, true)
	require.Len(t, labels, 23)
	for _, ws := range []string{"demo", "demo-free"} {
		for _, who := range []string{"owner", "manager", "agent1", "agent2", "observer", "ai"} {
			require.Contains(t, labels, ws+" "+who+"@demo.test")
		}
		require.Contains(t, labels, ws+" contact")
		require.Contains(t, labels, ws+" website")
	}
	again, _ := people(authSettings{}, true)
	require.Equal(t, labels, again)
	labels, _ = people(authSettings{JWKSURL: "https://id.example.com/keys", Issuer: "i", Audience: "a"}, true)
	require.Equal(t, []string{"demo contact", "demo-free contact"}, labels, "people come with tokens of the provider")
	labels, text := people(authSettings{}, false)
	require.Empty(t, labels)
	_, err := stored.DeleteWorkspace(t.Context(), "demo-free", nil)
	require.NoError(t, err)
	left, _ := people(authSettings{}, true)
	require.NotEmpty(t, left)
	for _, label := range left {
		require.True(t, strings.HasPrefix(label, "demo "), label)
	}
	require.NotContains(t, text, "eyJ")
	require.NotContains(t, text, "Tokens")
}

// requireKeyOf demands that the website's secret opens its key, which feeds
// conversations in.
func requireKeyOf(t *testing.T, stored store.Engine, website web.SignIn) {
	t.Helper()
	id, ok := workspace.APIKeyID(website.Token)
	require.True(t, ok)
	ws, err := stored.WorkspaceOfKey(t.Context(), id)
	require.NoError(t, err)
	dir, err := stored.Directory(t.Context(), ws)
	require.NoError(t, err)
	_, accepted := dir.Keys[id].Accepts(website.Token, time.Now())
	require.True(t, accepted)
	require.Equal(t, workspace.RoleIntegration, dir.Keys[id].Role)
	require.NotEmpty(t, website.AIAgentID)
}

// Half a demo is told, not shown.
func TestWelcomeWithoutTheDemo(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	stored, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, stored.Close(t.Context())) }()
	who, err := newIdentity([]byte(dataSecret), authSettings{}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	var out bytes.Buffer
	_, err = (&server{store: stored, identity: who}).printBanner(t.Context(), &out, settings{serverSettings: serverSettings{Demo: true}}, "h:1")
	require.ErrorContains(t, err, "demo")
	require.Empty(t, out.String())
}

// Progress is for people: a log file or a pipe gets none.
func TestProgressIsForTerminals(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	defer file.Close()
	require.Nil(t, progress(file))
	require.Nil(t, progress(&bytes.Buffer{}))
	closed, err := os.Create(filepath.Join(t.TempDir(), "closed"))
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	require.Nil(t, progress(closed))
}

// What is refused while it is played leaves no half demo in the folder.
func TestSeedingThatIsCutOffKeepsNothing(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	stored, err := sqlite.Open(ctx, sqlite.Config{Dir: folder})
	require.NoError(t, err)
	cancel()
	err = seedDemo(ctx, &invocation{stderr: &bytes.Buffer{}}, stored, authz.New(preset), false)
	require.NoError(t, stored.Close(t.Context()))
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, exitInterrupted, exitOf(databaseFailure(err)))
	got := cli(t, "token", "--data", folder, "--as", "manager@demo.test")
	require.Equal(t, exitRefused, got.code, got.stderr)
	require.NotContains(t, got.stderr, "panic")
}

// Whoever the rules may give the demo's chats to is somebody one can sign in as.
func TestEverybodyInTheDemoCanBeSignedInAs(t *testing.T) {
	for _, ws := range demo.Workspaces() {
		dir, ok := demoWorkspace(ws)
		require.True(t, ok)
		for _, m := range dir.SortedMembers() {
			require.Contains(t, demo.People(), m.Email)
		}
	}
}
