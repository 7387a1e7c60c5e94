package auth_test

import (
	"testing"
	"time"

	"switchboard/auth"
	"switchboard/inbox"

	"github.com/stretchr/testify/require"
)

func caller(kind inbox.ActorKind, conversation inbox.ConversationID) inbox.Principal {
	return inbox.Principal{Workspace: "acme", Actor: inbox.Actor{Kind: kind, ID: "someone"}, Conversation: conversation}
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
		"own member":          {own, newVerifier(t, auth.Operator{}), caller(inbox.ActorMember, "")},
		"own agent":           {own, newVerifier(t, auth.Operator{}), caller(inbox.ActorAgent, "")},
		"own contact":         {own, newVerifier(t, auth.Operator{}), caller(inbox.ActorContact, "conv-1")},
		"own contact, later":  {own, newVerifier(t, auth.Operator{}), contactOf(3, "")},
		"own contact, of key": {own, newVerifier(t, auth.Operator{}), contactOf(0, "key-1")},
		"contact, secret":     {own, newVerifier(t, secret), caller(inbox.ActorContact, "conv-1")},
		"operator, member":    {operators, newVerifier(t, secret), caller(inbox.ActorMember, "")},
		"operator, agent":     {operators, newVerifier(t, secret), caller(inbox.ActorAgent, "")},
	} {
		t.Run(name, func(t *testing.T) {
			before := time.Now().Truncate(time.Second)
			raw, err := row.signer.Sign(row.caller, time.Hour)
			require.NoError(t, err)
			claims, err := row.on.Verify(t.Context(), raw)
			require.NoError(t, err)
			require.Equal(t, inbox.Actor{Kind: claims.Kind, ID: claims.Subject}, row.caller.Actor)
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
func contactOf(issue int, by inbox.KeyID) inbox.Principal {
	p := caller(inbox.ActorContact, "conv-1")
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
		"no time":                      {own, caller(inbox.ActorMember, ""), 0, "a second at least"},
		"time past":                    {own, caller(inbox.ActorMember, ""), -time.Hour, "a second at least"},
		"the system":                   {own, caller(inbox.ActorSystem, ""), time.Hour, "no tokens for SYSTEM"},
		"a partner":                    {own, caller(inbox.ActorPartner, ""), time.Hour, "no tokens for PARTNER"},
		"contact without conversation": {own, caller(inbox.ActorContact, ""), time.Hour, "needs a conversation"},
		"member with conversation":     {own, caller(inbox.ActorMember, "conv-1"), time.Hour, "needs a conversation"},
		"an issue before the first":    {own, contactOf(-1, ""), time.Hour, "from 0 on"},
		"a member of an issue":         {own, inbox.Principal{Workspace: "acme", Actor: inbox.Actor{Kind: inbox.ActorMember, ID: "m"}, TokenIssue: 1}, time.Hour, "only a contact's token"},
		"a member of a key":            {own, inbox.Principal{Workspace: "acme", Actor: inbox.Actor{Kind: inbox.ActorMember, ID: "m"}, IssuedBy: "k"}, time.Hour, "only a contact's token"},
		"operator's contact":           {operators, caller(inbox.ActorContact, "conv-1"), time.Hour, "no tokens for CONTACT"},
		"nobody":                       {own, inbox.Principal{Workspace: "acme", Actor: inbox.Actor{Kind: inbox.ActorMember}}, time.Hour, "a subject"},
		"nowhere":                      {own, inbox.Principal{Actor: inbox.Actor{Kind: inbox.ActorMember, ID: "m"}}, time.Hour, "a workspace"},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := row.signer.Sign(row.caller, row.ttl)
			require.ErrorContains(t, err, row.says)
			require.Empty(t, raw)
		})
	}
}
