package cluster

import (
	"context"
	"slices"
	"time"
)

// Secret is a secret of the installation, by which servers sign contact tokens, login
// links, and the tokens of people where no identity provider does.
type Secret struct {
	Value []byte
	// From is when it begins to sign. All servers accept it before.
	From time.Time
	// Until is when it is no longer accepted; zero for the newest, which has no end.
	Until time.Time
}

// Secrets are those of an installation, newest first.
type Secrets []Secret

// Signing returns the secret that signs now: the newest whose time has come. There is
// one, as the oldest has signed always.
func (s Secrets) Signing(now time.Time) []byte {
	for _, one := range s {
		if !one.From.After(now) {
			return one.Value
		}
	}
	if len(s) == 0 {
		return nil
	}
	return s[len(s)-1].Value
}

// Accepted returns the secrets that are accepted now, newest first.
func (s Secrets) Accepted(now time.Time) (out [][]byte) {
	for _, one := range s {
		if one.Until.IsZero() || one.Until.After(now) {
			out = append(out, one.Value)
		}
	}
	return out
}

// Rotated returns the secrets with another one in front, which signs from then on. Those
// before it are accepted for an overlap more, and none longer than it was; those whose end
// has come are left out.
func (s Secrets) Rotated(value []byte, from time.Time, overlap time.Duration) Secrets {
	out := Secrets{{Value: value, From: from}}
	for _, one := range s {
		if end := from.Add(overlap); one.Until.IsZero() || one.Until.After(end) {
			one.Until = end
		}
		out = append(out, one)
	}
	return slices.DeleteFunc(out, func(one Secret) bool { return !one.Until.IsZero() && one.Until.Before(from) })
}

// InstallationSecrets keeps them. Revision grows by one with each change.
type InstallationSecrets interface {
	// Secrets gives all. The first is made when first asked for.
	Secrets(ctx context.Context) (secrets Secrets, revision int, err error)
	// SaveSecrets replaces the secrets of that revision. It returns ErrStale if another
	// command was faster.
	SaveSecrets(ctx context.Context, secrets Secrets, revision int) error
}
