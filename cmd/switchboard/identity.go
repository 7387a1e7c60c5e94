package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"switchboard/auth"
	"switchboard/cmd/switchboard/demo"
	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
	"switchboard/live"
	"switchboard/transport/guard"
)

// identity verifies callers according to the settings.
type identity struct {
	verifier *auth.Verifier
	// contacts signs contact tokens; members signs for members and AI agents, nil
	// when an identity provider does.
	contacts, members *auth.Signer
	// secrets are the installation's own, and secret is the one that signed at the start.
	secrets *auth.OwnSecrets
	secret  []byte
	// keys must be run; nil without an identity provider.
	keys *auth.KeySet
	// issuer is the OpenID Connect provider that pages sign in at; nil for none.
	issuer *auth.Issuer
}

// newIdentity is newIdentityOf with one secret that nothing replaces.
func newIdentity(secret []byte, s authSettings, log *slog.Logger) (*identity, error) {
	return newIdentityOf(cluster.Secrets{{Value: secret}}, s, log)
}

func newIdentityOf(secrets cluster.Secrets, s authSettings, log *slog.Logger) (*identity, error) {
	own, err := auth.NewOwnSecrets(secrets)
	if err != nil {
		return nil, err
	}
	out := &identity{secrets: own, secret: secrets.Signing(time.Now()), contacts: own.Signer()}
	operator, err := out.operator(s, log)
	if err != nil {
		return nil, err
	}
	if out.verifier, err = own.Verifier(operator); err != nil {
		return nil, err
	}
	switch {
	case s.JWTSecret != "":
		out.members, err = auth.NewOperatorSigner([]byte(s.JWTSecret), s.Issuer, s.Audience)
	case !s.provider():
		out.members = out.contacts
	}
	return out, err
}

func (i *identity) operator(s authSettings, log *slog.Logger) (auth.Operator, error) {
	switch {
	case s.JWTSecret != "":
		return auth.FromSecret([]byte(s.JWTSecret), s.Issuer, s.Audience, s.previousSecrets()...)
	case s.JWKSURL != "":
		keys, err := auth.NewKeySet(s.JWKSURL, http.DefaultTransport, log)
		if err != nil {
			return auth.Operator{}, err
		}
		i.keys = keys
		return auth.FromJWKS(keys, s.Issuer, s.Audience)
	case s.OIDCIssuer != "":
		i.issuer = auth.NewIssuer(s.OIDCIssuer)
		keys, err := auth.NewIssuerKeys(i.issuer, http.DefaultTransport, log)
		if err != nil {
			return auth.Operator{}, err
		}
		i.keys = keys
		operator, err := auth.FromJWKSIn(keys, s.Issuer, s.Audience, workspace.WorkspaceID(s.OIDCWorkspace))
		if err == nil && s.Audience == s.OIDCClientID {
			operator = operator.ForItsClient() // the pages send ID tokens
		}
		return operator, err
	}
	return auth.Operator{}, nil
}

// contactTokenTTL is how long a visitor may come back to a chat.
const contactTokenTTL = 7 * 24 * time.Hour

// contactToken signs a token that reaches c and nothing else. It ends when the
// tokens of c are revoked, or the API key that hands it out; by is empty for none.
func (i *identity) contactToken(c inbox.Conversation, by workspace.KeyID) (string, error) {
	token, err := i.contacts.Sign(c.ContactPrincipal(by), contactTokenTTL)
	if err != nil {
		return "", fmt.Errorf("sign a contact token: %w", err)
	}
	return token, nil
}

// demoWebsite is the API key of a demo workspace's website and its secret, which
// is the same on every server of the installation and known to nobody else.
func (i *identity) demoWebsite(ws workspace.WorkspaceID) (k workspace.APIKey, secret string) {
	mac := hmac.New(sha256.New, i.secret)
	_, _ = io.WriteString(mac, "demo website "+string(ws)) // a hash never fails
	return demo.Website(ws).WithSecret(mac.Sum(nil))
}

// authenticator lets transport ask auth.
type authenticator struct {
	auth.Authenticator
	refusals *refusals // nil: no presence is reported
	presence *live.Presence
}

var _ guard.Authenticator = authenticator{}

// connected reports the connections of members, and nobody else's. B:P1.
func (a authenticator) connected(p inbox.Principal) func() (left func()) {
	m := p.Actor.Member()
	if m == "" {
		return nil
	}
	return func() (left func()) { return a.presence.Connected(p.Workspace, m) }
}

// Authenticate finds the caller behind token.
func (a authenticator) Authenticate(ctx context.Context, token string) (guard.Identity, error) {
	p, err := a.Authenticator.Authenticate(ctx, token)
	var typed *inbox.Error
	switch {
	case err == nil:
		return guard.Identity{
			Context: func(ctx context.Context) context.Context { return auth.NewContext(ctx, p) },
			Expires: p.Expires, Key: string(p.Workspace) + "/" + string(p.Actor.Kind) + "/" + p.Actor.ID,
			Tenant: string(p.Workspace), Class: string(p.Actor.Kind), Connected: a.connected(p),
		}, nil
	case errors.As(err, &typed) && typed.Code == inbox.WorkspaceSuspended:
		return guard.Identity{}, &guard.AuthError{Kind: guard.AuthForbidden, Code: string(typed.Code), Message: typed.Message, Err: err}
	case errors.As(err, &typed) && typed.Code == inbox.Unauthenticated:
		a.refusals.signIn(ctx, a.Authenticator, token)
		return guard.Identity{}, &guard.AuthError{Kind: guard.AuthInvalid, Message: typed.Message, Err: err}
	}
	return guard.Identity{}, &guard.AuthError{Kind: guard.AuthUnavailable, Err: err}
}
