package auth_test

import (
	"bytes"
	"testing"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"

	"github.com/stretchr/testify/require"
)

// What a secret signed that was replaced is accepted for its overlap, whatever was signed:
// tokens of every kind, links and sessions. Behind it nothing of it is, also what was
// verified before. What is signed new, the new secret signs.
func TestRotatedSecrets(t *testing.T) {
	first := cluster.Secrets{{Value: bytes.Repeat([]byte("1"), 32)}}
	own, err := auth.NewOwnSecrets(first)
	require.NoError(t, err)
	verifier, err := own.Verifier(auth.Operator{})
	require.NoError(t, err)
	sign := func(s *auth.OwnSecrets) (out []string) {
		for _, p := range []inbox.Principal{caller(workspace.ActorMember, ""), caller(workspace.ActorAgent, ""), caller(workspace.ActorContact, "conv-1")} {
			token, err := s.Signer().Sign(p, time.Hour)
			require.NoError(t, err)
			out = append(out, token)
		}
		return out
	}
	accepts := func(tokens []string) (n int) {
		for _, token := range tokens {
			if _, err := verifier.Verify(t.Context(), token); err == nil {
				n++
			}
		}
		return n
	}
	old := sign(own)
	require.Equal(t, 3, accepts(old))
	overlapping := first.Rotated(bytes.Repeat([]byte("2"), 32), time.Now().Add(-time.Second), time.Hour)
	verifier.Renew(overlapping)
	require.Equal(t, 3, accepts(old), "within the overlap")
	fresh := sign(own)
	require.Equal(t, 3, accepts(fresh))
	alone, err := auth.NewOwnSecrets(first)
	require.NoError(t, err)
	before, err := alone.Verifier(auth.Operator{})
	require.NoError(t, err)
	_, err = before.Verify(t.Context(), fresh[0])
	require.Equal(t, inbox.Unauthenticated, inbox.CodeOf(err), "the new secret signs")
	over := append(cluster.Secrets{}, overlapping...)
	over[1].Until = time.Now().Add(-time.Minute)
	verifier.Renew(over)
	require.Zero(t, accepts(old), "behind it, though verified before")
	require.Equal(t, 3, accepts(fresh))
	verifier.Renew(nil) // nothing read is nothing learned
	require.Equal(t, 3, accepts(fresh))
}

// A shared secret that was replaced is accepted beside the new one.
func TestTheSharedSecretBefore(t *testing.T) {
	was := bytes.Repeat([]byte("w"), 32)
	operator, err := auth.FromSecret(operatorSecret(), issuer, audience, was)
	require.NoError(t, err)
	for _, secret := range [][]byte{operatorSecret(), was} {
		signer, err := auth.NewOperatorSigner(secret, issuer, audience)
		require.NoError(t, err)
		token, err := signer.Sign(caller(workspace.ActorMember, ""), time.Hour)
		require.NoError(t, err)
		_, err = newVerifier(t, operator).Verify(t.Context(), token)
		require.NoError(t, err)
	}
	_, err = auth.FromSecret(operatorSecret(), issuer, audience, []byte("short"))
	require.ErrorIs(t, err, auth.ErrShortSecret)
}
