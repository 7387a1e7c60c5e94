package auth_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

func acme() *workspace.Directory {
	return &workspace.Directory{
		Workspace: workspace.Workspace{ID: "acme"},
		Members: map[workspace.MemberID]workspace.Member{
			"member-1":  {ID: "member-1", Subject: "idp|ann"},
			"member-2":  {ID: "member-2"},
			"gone":      {ID: "gone", Subject: "idp|gone", Removed: true},
			"back-then": {ID: "back-then", Subject: "idp|back", Removed: true},
			"back-now":  {ID: "back-now", Subject: "idp|back"},
			"twin-1":    {ID: "twin-1", Subject: "idp|twin"},
			"twin-2":    {ID: "twin-2", Subject: "idp|twin"},
		},
		Agents: map[workspace.AgentID]workspace.AIAgent{
			"bot":     {ID: "bot", Subject: "idp|bot"},
			"bot-old": {ID: "bot-old", Subject: "idp|old", Removed: true},
		},
	}
}

func TestResolve(t *testing.T) {
	const refused = ""
	for name, row := range map[string]struct {
		claims auth.Claims
		id     string
	}{
		"member by id":             {auth.Claims{Kind: workspace.ActorMember, Subject: "member-1"}, "member-1"},
		"member by subject":        {auth.Claims{Kind: workspace.ActorMember, Subject: "idp|ann"}, "member-1"},
		"member who came back":     {auth.Claims{Kind: workspace.ActorMember, Subject: "idp|back"}, "back-now"},
		"agent by id":              {auth.Claims{Kind: workspace.ActorAgent, Subject: "bot"}, "bot"},
		"an id as subject":         {auth.Claims{Kind: workspace.ActorMember, Subject: "member-1", Email: "theirs"}, refused},
		"an agent's id as subject": {auth.Claims{Kind: workspace.ActorAgent, Subject: "bot", Email: "theirs"}, refused},
		"agent by subject":         {auth.Claims{Kind: workspace.ActorAgent, Subject: "idp|bot"}, "bot"},
		"contact":                  {auth.Claims{Kind: workspace.ActorContact, Subject: "c-1", Conversation: "conv-1"}, "c-1"},
		"unknown member":           {auth.Claims{Kind: workspace.ActorMember, Subject: "nobody"}, refused},
		"empty subject":            {auth.Claims{Kind: workspace.ActorMember}, refused},
		"removed member, id":       {auth.Claims{Kind: workspace.ActorMember, Subject: "gone"}, refused},
		"removed member, subject":  {auth.Claims{Kind: workspace.ActorMember, Subject: "idp|gone"}, refused},
		"subject of two":           {auth.Claims{Kind: workspace.ActorMember, Subject: "idp|twin"}, refused},
		"agent as member":          {auth.Claims{Kind: workspace.ActorMember, Subject: "bot"}, refused},
		"agent's subject, member":  {auth.Claims{Kind: workspace.ActorMember, Subject: "idp|bot"}, refused},
		"member as agent":          {auth.Claims{Kind: workspace.ActorAgent, Subject: "member-1"}, refused},
		"unknown agent":            {auth.Claims{Kind: workspace.ActorAgent, Subject: "nobody"}, refused},
		"removed agent, id":        {auth.Claims{Kind: workspace.ActorAgent, Subject: "bot-old"}, refused},
		"removed agent, subject":   {auth.Claims{Kind: workspace.ActorAgent, Subject: "idp|old"}, refused},
		"contact, no conversation": {auth.Claims{Kind: workspace.ActorContact, Subject: "c-1"}, refused},
		"the system":               {auth.Claims{Kind: workspace.ActorSystem, Subject: "member-1"}, refused},
		"no kind":                  {auth.Claims{Subject: "member-1"}, refused},
		"foreign workspace":        {auth.Claims{Kind: workspace.ActorMember, Subject: "member-1", Workspace: "other"}, refused},
	} {
		t.Run(name, func(t *testing.T) {
			claims := row.claims
			if claims.Workspace == "" {
				claims.Workspace = "acme"
			}
			claims.Expires = time.Unix(4e9, 0)
			claims.ByID, claims.EmailVerified = claims.Email == "", true // those with an address are of an identity provider
			p, err := auth.Resolve(acme(), claims)
			if row.id == refused {
				requireRefused(t, err, inbox.Unauthenticated, "no such member, or the member was removed", "")
				require.Zero(t, p)
				return
			}
			require.NoError(t, err)
			require.Equal(t, inbox.Principal{Workspace: "acme", Actor: workspace.Actor{Kind: claims.Kind, ID: row.id},
				Conversation: claims.Conversation, Expires: claims.Expires}, p)
		})
	}
}

// directories knows acme; "down" and "broken" fail.
type directories struct{}

var _ access.Directories = directories{}

// Directory answers by the name of the workspace.
func (directories) Directory(_ context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	switch ws {
	case "acme":
		return acme(), nil
	case "down":
		return nil, &inbox.Error{Code: inbox.Unavailable, Message: "The database cannot be reached."}
	case "broken":
		return nil, errors.New("a fault")
	default:
		return nil, inbox.Missing("workspace")
	}
}

// Applied is not used here.
func (directories) Applied(workspace.WorkspaceID, workspace.DirectoryChange) {}

// admission lets in what names issue 5 of one conversation.
type admission struct{ conversation inbox.ConversationID }

// Admit refuses every other token.
func (a admission) Admit(_ context.Context, p inbox.Principal) error {
	if p.Conversation == a.conversation && p.TokenIssue == 5 {
		return nil
	}
	return &inbox.Error{Code: inbox.Unauthenticated, Message: "It was revoked."}
}

func TestAuthenticate(t *testing.T) {
	a := auth.Authenticator{Verifier: newVerifier(t, auth.Operator{}), Directories: directories{}}
	p, err := a.Authenticate(t.Context(), ownToken().claim("sub", "idp|ann").String())
	require.NoError(t, err)
	require.Equal(t, workspace.Actor{Kind: workspace.ActorMember, ID: "member-1"}, p.Actor)

	// B:V8
	p, err = a.Authenticate(t.Context(), ownToken().contact().String())
	require.NoError(t, err)
	require.Equal(t, inbox.ConversationID("conv-1"), p.Conversation)

	// Whether a contact's token still holds is asked at the door. B:Z4
	door := a
	door.Admission = admission{"conv-1"}
	_, err = door.Authenticate(t.Context(), ownToken().contact().claim("issue", 4).String())
	requireRefused(t, err, inbox.Unauthenticated, "revoked", "")
	_, err = door.Authenticate(t.Context(), ownToken().contact().claim("issue", 5).String())
	require.NoError(t, err)

	messages := map[string]bool{}
	for name, row := range map[string]struct {
		made token
		code inbox.Code
	}{
		"removed member":    {ownToken().claim("sub", "gone"), inbox.Unauthenticated},
		"unknown member":    {ownToken().claim("sub", "nobody"), inbox.Unauthenticated},
		"unknown workspace": {ownToken().claim("workspace", "nowhere"), inbox.Unauthenticated},
		"unknown agent":     {ownToken().claim("kind", "ai_agent"), inbox.Unauthenticated},
		"lost database":     {ownToken().claim("workspace", "down"), inbox.Unavailable},
		"a fault":           {ownToken().claim("workspace", "broken"), inbox.Internal},
	} {
		_, err := a.Authenticate(t.Context(), row.made.String())
		require.Equal(t, row.code, inbox.CodeOf(err), name)
		if row.code == inbox.Unauthenticated {
			messages[err.Error()] = true
		}
	}
	require.Len(t, messages, 1, "nobody learns which workspaces exist")

	_, err = a.Authenticate(t.Context(), ownToken().signedBy(jwt.SigningMethodHS256, operatorSecret()).String())
	requireRefused(t, err, inbox.Unauthenticated, "signature", "")
}

func TestContext(t *testing.T) {
	_, ok := auth.FromContext(t.Context())
	require.False(t, ok)
	want := inbox.Principal{Workspace: "acme", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "member-1"}}
	got, ok := auth.FromContext(auth.NewContext(t.Context(), want))
	require.True(t, ok)
	require.Equal(t, want, got)
}
