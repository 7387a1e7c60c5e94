package auth

import (
	"bytes"
	"context"
	"slices"
	"sync/atomic"
	"time"

	"switchboard/inbox/cluster"

	"github.com/golang-jwt/jwt/v5"
)

// OwnSecrets are the installation's secrets as a server knows them now. It is safe for
// concurrent use.
type OwnSecrets struct {
	now atomic.Pointer[cluster.Secrets]
}

// NewOwnSecrets fails with ErrShortSecret if there is none, or one is too short.
func NewOwnSecrets(secrets cluster.Secrets) (*OwnSecrets, error) {
	if len(secrets) == 0 || slices.ContainsFunc(secrets, func(s cluster.Secret) bool { return len(s.Value) < MinSecret }) {
		return nil, ErrShortSecret
	}
	out := &OwnSecrets{}
	out.now.Store(&secrets)
	return out, nil
}

// onlySecret is a secret that nothing replaces.
func onlySecret(value []byte) (*OwnSecrets, error) {
	return NewOwnSecrets(cluster.Secrets{{Value: slices.Clone(value)}})
}

// replace takes up other secrets. It reports whether another set is accepted now than
// before: also when the time of one is over.
func (o *OwnSecrets) replace(secrets cluster.Secrets, accepted [][]byte) (now [][]byte, changed bool) {
	o.now.Store(&secrets)
	now = secrets.Accepted(time.Now())
	return now, !slices.EqualFunc(now, accepted, bytes.Equal)
}

func (o *OwnSecrets) signing() []byte    { return o.now.Load().Signing(time.Now()) }
func (o *OwnSecrets) accepted() [][]byte { return o.now.Load().Accepted(time.Now()) }

// keys are the accepted secrets, one of which must have signed.
func (o *OwnSecrets) keys(context.Context, *jwt.Token) (any, error) { return keySet(o.accepted()), nil }

func keySet(secrets [][]byte) jwt.VerificationKeySet {
	var set jwt.VerificationKeySet
	for _, s := range secrets {
		set.Keys = append(set.Keys, s)
	}
	return set
}
