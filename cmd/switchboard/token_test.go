package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/store/sqlite"

	"github.com/stretchr/testify/require"
)

const (
	dataSecret   = "the-secret-that-the-data-holds!!"
	sharedSecret = "the-secret-that-the-servers-share"
)

// fakeStore is data with a demo workspace, a real one and one conversation.
type fakeStore struct {
	fault  error
	closed int
}

var _ tokenStore = (*fakeStore)(nil)

// Secret is that of the data.
func (s *fakeStore) Secret(context.Context) ([]byte, error) { return []byte(dataSecret), nil }

// Directory knows two workspaces.
func (s *fakeStore) Directory(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	if s.fault != nil {
		return nil, s.fault
	}
	if ws == "demo" || ws == "real" {
		return demoDirectory(ws, ws == "demo"), nil
	}
	return nil, inbox.Missing("workspace")
}

// Conversation knows one.
func (s *fakeStore) Conversation(_ context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error) {
	if ws != "demo" || id != "conv-1" {
		return inbox.Conversation{}, inbox.Missing("conversation")
	}
	return inbox.Conversation{ID: id, Workspace: ws, Contact: "contact-1"}, nil
}

// Workspaces lists the two.
func (s *fakeStore) Workspaces(context.Context) ([]workspace.Workspace, error) {
	return []workspace.Workspace{{ID: "demo", Demo: true}, {ID: "real"}}, s.fault
}

// KeyUses knows of none.
func (s *fakeStore) KeyUses(context.Context, workspace.WorkspaceID, []workspace.KeyID) (map[workspace.KeyID]workspace.KeyUses, error) {
	return nil, s.fault
}

// Close counts.
func (s *fakeStore) Close(context.Context) error { s.closed++; return nil }

func demoDirectory(ws workspace.WorkspaceID, demo bool) *workspace.Directory {
	return &workspace.Directory{
		Workspace: workspace.Workspace{ID: ws, Demo: demo},
		Members: map[workspace.MemberID]workspace.Member{
			"m-1": {ID: "m-1", Workspace: ws, Name: "Mo", Email: "manager@demo.test"},
			"m-2": {ID: "m-2", Workspace: ws, Name: "Gone", Email: "gone@demo.test", Removed: true},
		},
		Agents: map[workspace.AgentID]workspace.AIAgent{
			"a-1": {ID: "a-1", Workspace: ws, Email: "ai@demo.test"}, "a-2": {ID: "a-2", Workspace: ws, Email: "old@demo.test", Removed: true},
		},
	}
}

// with gives parts over a store; nil is a folder without data.
func with(s *fakeStore) deps {
	return deps{
		openTokens: func(context.Context, storeSettings) (tokenStore, error) {
			if s == nil {
				return nil, errNoData
			}
			return s, nil
		},
		demo: func(ws workspace.WorkspaceID) (*workspace.Directory, bool) {
			return demoDirectory(ws, true), ws == "demo"
		},
		conversationID: func(id string) (inbox.ConversationID, error) {
			if id == "garbage" {
				return "", errors.New("not an id")
			}
			return inbox.ConversationID(strings.TrimPrefix(id, "global:")), nil
		},
	}
}

func ownVerifier(t *testing.T, operator auth.Operator) *auth.Verifier {
	v, err := auth.NewVerifier([]byte(dataSecret), operator)
	require.NoError(t, err)
	return v
}

func sharedVerifier(t *testing.T, issuer string) *auth.Verifier {
	operator, err := auth.FromSecret([]byte(sharedSecret), issuer, auth.OwnIssuer)
	require.NoError(t, err)
	return ownVerifier(t, operator)
}

func TestTokens(t *testing.T) {
	for name, row := range map[string]struct {
		store *fakeStore
		args  []string
		on    *auth.Verifier
		who   workspace.Actor
	}{
		"a member":            {&fakeStore{}, []string{"--as", "manager@demo.test"}, ownVerifier(t, auth.Operator{}), workspace.Actor{Kind: workspace.ActorMember, ID: "m-1"}},
		"in capitals":         {&fakeStore{}, []string{"--as", "Manager@Demo.test"}, ownVerifier(t, auth.Operator{}), workspace.Actor{Kind: workspace.ActorMember, ID: "m-1"}},
		"an AI agent":         {&fakeStore{}, []string{"--as", "ai@demo.test"}, ownVerifier(t, auth.Operator{}), workspace.Actor{Kind: workspace.ActorAgent, ID: "a-1"}},
		"a contact":           {&fakeStore{}, []string{"--contact", "conv-1"}, ownVerifier(t, auth.Operator{}), workspace.Actor{Kind: workspace.ActorContact, ID: "contact-1"}},
		"a contact, as shown": {&fakeStore{}, []string{"--contact", "global:conv-1"}, ownVerifier(t, auth.Operator{}), workspace.Actor{Kind: workspace.ActorContact, ID: "contact-1"}},
		"shared secret":       {&fakeStore{}, []string{"--as", "manager@demo.test", "--jwt-secret", sharedSecret}, sharedVerifier(t, auth.OwnIssuer), workspace.Actor{Kind: workspace.ActorMember, ID: "m-1"}},
		"shared, own issuer":  {&fakeStore{}, []string{"--as", "manager@demo.test", "--jwt-secret", sharedSecret, "--issuer", "i"}, sharedVerifier(t, "i"), workspace.Actor{Kind: workspace.ActorMember, ID: "m-1"}},
		"shared, no data":     {nil, []string{"--as", "ai@demo.test", "--jwt-secret", sharedSecret}, sharedVerifier(t, auth.OwnIssuer), workspace.Actor{Kind: workspace.ActorAgent, ID: "a-1"}},
		"shared, a contact":   {&fakeStore{}, []string{"--contact", "conv-1", "--jwt-secret", sharedSecret}, sharedVerifier(t, auth.OwnIssuer), workspace.Actor{Kind: workspace.ActorContact, ID: "contact-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := runTest(t, with(row.store), nil, append([]string{"token", "--workspace", "demo", "--ttl", "1h"}, row.args...)...)
			require.Equal(t, exitOK, got.code, got.stderr)
			require.Empty(t, got.stderr)
			token, found := strings.CutSuffix(got.stdout, "\n")
			require.True(t, found)
			claims, err := row.on.Verify(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, workspace.Actor{Kind: claims.Kind, ID: claims.Subject}, row.who)
			require.Equal(t, workspace.WorkspaceID("demo"), claims.Workspace)
			require.Equal(t, row.who.Kind == workspace.ActorContact, claims.Conversation == "conv-1")
			require.Less(t, time.Until(claims.Expires), time.Hour+auth.Leeway+time.Second)
			if row.store != nil {
				require.Equal(t, 1, row.store.closed)
			}
		})
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	away := &inbox.Error{Code: inbox.Unavailable, Message: "The database cannot be reached."}
	for name, row := range map[string]struct {
		store *fakeStore
		args  []string
		code  exitCode
		says  string
	}{
		"outside demo":               {&fakeStore{}, []string{"--workspace", "real", "--as", "manager@demo.test"}, exitRefused, `workspace "real" is not a demo`},
		"outside demo, shared":       {&fakeStore{}, []string{"--workspace", "real", "--as", "manager@demo.test", "--jwt-secret", sharedSecret}, exitRefused, "not a demo"},
		"contact outside demo":       {&fakeStore{}, []string{"--workspace", "real", "--contact", "conv-1"}, exitRefused, "not a demo"},
		"with a JWKS":                {&fakeStore{}, []string{"--as", "manager@demo.test", "--jwks-url", "https://id.example/k", "--issuer", "i", "--audience", "a"}, exitRefused, "identity provider"},
		"no such workspace":          {&fakeStore{}, []string{"--workspace", "nowhere", "--as", "manager@demo.test"}, exitRefused, `no workspace "nowhere"`},
		"no such workspace, shared":  {&fakeStore{}, []string{"--workspace", "nowhere", "--as", "a@b", "--jwt-secret", sharedSecret}, exitRefused, `no workspace "nowhere"`},
		"nobody":                     {&fakeStore{}, []string{"--as", "who@demo.test"}, exitRefused, "its members are manager@demo.test"},
		"a removed member":           {&fakeStore{}, []string{"--as", "gone@demo.test"}, exitRefused, "nobody in workspace"},
		"a removed agent":            {&fakeStore{}, []string{"--as", "old@demo.test"}, exitRefused, "nobody in workspace"},
		"no such conversation":       {&fakeStore{}, []string{"--contact", "conv-2"}, exitRefused, `no conversation "conv-2"`},
		"an id that is none":         {&fakeStore{}, []string{"--contact", "garbage"}, exitRefused, `"garbage" is not the id`},
		"no data":                    {nil, []string{"--as", "manager@demo.test"}, exitRefused, "serve --demo"},
		"no data for a contact":      {nil, []string{"--contact", "conv-1", "--jwt-secret", sharedSecret}, exitRefused, "no conversation"},
		"no data, another workspace": {nil, []string{"--workspace", "real", "--as", "a@b", "--jwt-secret", sharedSecret}, exitRefused, "no data"},
		"the database is away":       {&fakeStore{fault: away}, []string{"--as", "manager@demo.test", "--jwt-secret", sharedSecret}, exitDatabaseUnreachable, "cannot be reached"},
		"a fault":                    {&fakeStore{fault: errors.New("broken")}, []string{"--as", "manager@demo.test"}, exitInternal, "broken"},
	} {
		t.Run(name, func(t *testing.T) {
			got := runTest(t, with(row.store), nil, append([]string{"token"}, row.args...)...)
			require.Equal(t, row.code, got.code, got.stderr)
			require.Contains(t, got.stderr, row.says)
			require.Empty(t, got.stdout)
			require.NotContains(t, got.stderr, sharedSecret)
		})
	}
}

// An operator ends the contact tokens of a conversation, which is in the audit log.
func TestTokenRevoke(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	made, err := sqlite.Open(t.Context(), sqlite.Config{Dir: folder})
	require.NoError(t, err)
	require.NoError(t, made.CreateWorkspace(t.Context(), *demoDirectory("real", false)))
	m := inbox.Create(inbox.Draft{ID: "conv-1", Workspace: "real", Kind: workspace.Livechat}, "", "", false, inbox.Command{By: workspace.System(), At: time.Now()})
	m.Event.ID, m.Event.After = "e-1", &m.After
	require.NoError(t, made.Commit(t.Context(), commit.Change{Conversation: m.After, Create: true, Event: m.Event}))
	require.NoError(t, made.Close(t.Context()))
	for range 2 {
		got := cli(t, "token", "revoke", "--data", folder, "--workspace", "real", "--conversation", "conv-1")
		require.Zero(t, got.code, got.stderr)
		require.Contains(t, got.stdout, "refused")
	}
	got := cli(t, "token", "revoke", "--data", folder, "--workspace", "real", "--conversation", "conv-2")
	require.Equal(t, exitRefused, got.code)
	require.Contains(t, got.stderr, "there is no conversation")
	got = cli(t, "token", "revoke", "--data", folder, "--workspace", "nowhere", "--conversation", "conv-1")
	require.Equal(t, exitRefused, got.code)

	stored, err := sqlite.Open(t.Context(), sqlite.Config{Dir: folder})
	require.NoError(t, err)
	defer func() { require.NoError(t, stored.Close(context.Background())) }()
	c, err := stored.Conversation(t.Context(), "real", "conv-1")
	require.NoError(t, err)
	require.Equal(t, 2, c.TokenIssue)
	log, err := stored.ListAudit(t.Context(), audit.AuditQuery{Workspace: "real", Page: inbox.PageRequest{Limit: 9}})
	require.NoError(t, err)
	require.Len(t, log.Items, 2)
	require.Equal(t, workspace.System(), log.Items[0].Actor)
}
