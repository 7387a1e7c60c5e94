package auth_test

import (
	"testing"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"

	"github.com/stretchr/testify/require"
)

func caller(kind workspace.ActorKind, conversation inbox.ConversationID) inbox.Principal {
	return inbox.Principal{Workspace: "acme", Actor: workspace.Actor{Kind: kind, ID: "someone"}, Conversation: conversation}
}

func TestWhatIsSignedIsAccepted(t *testing.T) {
	own, err := auth.NewSigner(ownSecret())
	require.NoError(t, err)
	operators, err := auth.NewOperatorSigner(operatorSecret(), issuer, audience)
	require.NoError(t, err)
	secret, err := auth.FromSecret(operatorSecret(), issuer, audience)
	require.NoError(t, err)
	for name, row := range map[string]struct {
		signer *auth.Signer
		on     *auth.Verifier
		caller inbox.Principal
	}{
		"own member":          {own, newVerifier(t, auth.Operator{}), caller(workspace.ActorMember, "")},
		"own agent":           {own, newVerifier(t, auth.Operator{}), caller(workspace.ActorAgent, "")},
		"own contact":         {own, newVerifier(t, auth.Operator{}), caller(workspace.ActorContact, "conv-1")},
		"own contact, later":  {own, newVerifier(t, auth.Operator{}), contactOf(3, "")},
		"own contact, of key": {own, newVerifier(t, auth.Operator{}), contactOf(0, "key-1")},
		"contact, secret":     {own, newVerifier(t, secret), caller(workspace.ActorContact, "conv-1")},
		"operator, member":    {operators, newVerifier(t, secret), caller(workspace.ActorMember, "")},
		"operator, agent":     {operators, newVerifier(t, secret), caller(workspace.ActorAgent, "")},
	} {
		t.Run(name, func(t *testing.T) {
			before := time.Now().Truncate(time.Second)
			raw, err := row.signer.Sign(row.caller, time.Hour)
			require.NoError(t, err)
			claims, err := row.on.Verify(t.Context(), raw)
			require.NoError(t, err)
			require.Equal(t, workspace.Actor{Kind: claims.Kind, ID: claims.Subject}, row.caller.Actor)
			require.Equal(t, row.caller.Workspace, claims.Workspace)
			require.Equal(t, row.caller.Conversation, claims.Conversation)
			require.Equal(t, row.caller.TokenIssue, claims.TokenIssue)
			require.Equal(t, row.caller.IssuedBy, claims.IssuedBy)
			require.False(t, claims.Expires.Before(before.Add(time.Hour+auth.Leeway)))
			require.False(t, claims.Expires.After(time.Now().Add(time.Hour+auth.Leeway)))
		})
	}
}

// contactOf is a contact with a token of that issue, handed out by a key.
func contactOf(issue int, by workspace.KeyID) inbox.Principal {
	p := caller(workspace.ActorContact, "conv-1")
	p.TokenIssue, p.IssuedBy = issue, by
	return p
}

func TestWhatIsNotSigned(t *testing.T) {
	own, err := auth.NewSigner(ownSecret())
	require.NoError(t, err)
	operators, err := auth.NewOperatorSigner(operatorSecret(), issuer, audience)
	require.NoError(t, err)
	for name, row := range map[string]struct {
		signer *auth.Signer
		caller inbox.Principal
		ttl    time.Duration
		says   string
	}{
		"no time":                      {own, caller(workspace.ActorMember, ""), 0, "a second at least"},
		"time past":                    {own, caller(workspace.ActorMember, ""), -time.Hour, "a second at least"},
		"the system":                   {own, caller(workspace.ActorSystem, ""), time.Hour, "no tokens for SYSTEM"},
		"a partner":                    {own, caller(workspace.ActorPartner, ""), time.Hour, "no tokens for PARTNER"},
		"contact without conversation": {own, caller(workspace.ActorContact, ""), time.Hour, "needs a conversation"},
		"member with conversation":     {own, caller(workspace.ActorMember, "conv-1"), time.Hour, "needs a conversation"},
		"an issue before the first":    {own, contactOf(-1, ""), time.Hour, "from 0 on"},
		"a member of an issue":         {own, inbox.Principal{Workspace: "acme", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "m"}, TokenIssue: 1}, time.Hour, "only a contact's token"},
		"a member of a key":            {own, inbox.Principal{Workspace: "acme", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "m"}, IssuedBy: "k"}, time.Hour, "only a contact's token"},
		"operator's contact":           {operators, caller(workspace.ActorContact, "conv-1"), time.Hour, "no tokens for CONTACT"},
		"nobody":                       {own, inbox.Principal{Workspace: "acme", Actor: workspace.Actor{Kind: workspace.ActorMember}}, time.Hour, "a subject"},
		"nowhere":                      {own, inbox.Principal{Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "m"}}, time.Hour, "a workspace"},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := row.signer.Sign(row.caller, row.ttl)
			require.ErrorContains(t, err, row.says)
			require.Empty(t, raw)
		})
	}
}
