package main

import (
	"context"
	"time"

	"switchboard/auth"
)

// secretsEvery is how often a server reads the installation's secrets. It is a part of
// secretLead, so that every server accepts a secret before one signs with it.
const secretsEvery = 10 * time.Second

const (
	// secretsTime is how long that may take, and secretsAgain the pause after a failure.
	secretsTime  = 2 * time.Second
	secretsAgain = time.Second
)

// followSecrets takes up secrets that an operator rotated, until ctx ends.
func (s *server) followSecrets(ctx context.Context) {
	next := time.NewTimer(secretsEvery)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		if s.readSecrets(ctx) {
			next.Reset(secretsEvery)
		} else {
			next.Reset(secretsAgain)
		}
	}
}

// readSecrets is false if the secrets could not be read.
func (s *server) readSecrets(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, secretsTime)
	defer cancel()
	secrets, _, err := s.store.Secrets(ctx)
	if err != nil {
		s.log.DebugContext(ctx, "the secrets could not be read; those that are known hold", "error", err)
		return false
	}
	s.identity.verifier.Renew(secrets)
	return true
}

// previousSecrets are accepted beside the shared secret.
func (s *authSettings) previousSecrets() [][]byte {
	if s.JWTSecretPrevious == "" {
		return nil
	}
	return [][]byte{[]byte(s.JWTSecretPrevious)}
}

func (s *authSettings) checkPrevious(c *checks, example string) {
	switch {
	case !c.from.set("jwt-secret-previous"):
	case !c.from.set("jwt-secret"):
		c.wrong("jwt-secret-previous", example, "it has no effect without --jwt-secret")
	case len(s.JWTSecretPrevious) < auth.MinSecret:
		c.wrong("jwt-secret-previous", example, "it is %d bytes long, and HS256 needs %d or more", len(s.JWTSecretPrevious), auth.MinSecret)
	}
}
