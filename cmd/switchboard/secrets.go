package main

import (
	"context"
	"time"

	"switchboard/auth"
)

// secretsEvery is how often a server reads the installation's secrets. It is a part of
// secretLead, so that every server accepts a secret before one signs with it.
const secretsEvery = 5 * time.Second

// followSecrets takes up secrets that an operator rotated, until ctx ends.
func (s *server) followSecrets(ctx context.Context) {
	tick := time.NewTicker(secretsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		secrets, _, err := s.store.Secrets(ctx)
		if err != nil {
			s.log.DebugContext(ctx, "the secrets could not be read; those that are known hold", "error", err)
			continue
		}
		s.identity.verifier.Renew(secrets)
	}
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
