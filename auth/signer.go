package auth

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
)

// Signer makes tokens that a Verifier with the same secret accepts.
type Signer struct {
	secret           func() []byte
	kid              string
	issuer, audience string
	kinds            []workspace.ActorKind
}

// NewSigner signs with the server's own secret: contact tokens, and member and
// AI agent tokens for a server that has no operator source. It fails with
// ErrShortSecret.
func NewSigner(ownSecret []byte) (*Signer, error) {
	own, err := onlySecret(ownSecret)
	if err != nil {
		return nil, err
	}
	return own.Signer(), nil
}

// Signer is NewSigner with the secret that signs at the time.
func (o *OwnSecrets) Signer() *Signer {
	return &Signer{secret: o.signing, kid: OwnKeyID, issuer: OwnIssuer, audience: OwnIssuer,
		kinds: []workspace.ActorKind{workspace.ActorMember, workspace.ActorAgent, workspace.ActorContact}}
}

// NewOperatorSigner signs in the operator's place, for a server that was given
// the same secret, issuer and audience. It makes no contact tokens, since none
// would be accepted. It fails with ErrShortSecret.
func NewOperatorSigner(secret []byte, issuer, audience string) (*Signer, error) {
	if len(secret) < MinSecret {
		return nil, ErrShortSecret
	}
	secret = slices.Clone(secret)
	return &Signer{secret: func() []byte { return secret }, issuer: issuer, audience: audience,
		kinds: []workspace.ActorKind{workspace.ActorMember, workspace.ActorAgent}}, nil
}

// Sign returns a token for p that is valid for ttl from now, in whole seconds. It
// ignores p's own Expires. The error names the missing or wrong part of p or ttl.
func (s *Signer) Sign(p inbox.Principal, ttl time.Duration) (string, error) {
	switch {
	case ttl < time.Second:
		return "", errors.New("auth: a token must be valid for a second at least")
	case !slices.Contains(s.kinds, p.Actor.Kind):
		return "", fmt.Errorf("auth: this signer makes no tokens for %s", p.Actor.Kind)
	case p.Workspace == "" || p.Actor.ID == "":
		return "", errors.New("auth: a token needs a workspace and a subject")
	case (p.Actor.Kind == workspace.ActorContact) != (p.Conversation != ""):
		return "", errors.New("auth: a contact's token, and no other, needs a conversation")
	case p.TokenIssue < 0 || p.Conversation == "" && (p.TokenIssue != 0 || p.IssuedBy != ""):
		return "", errors.New("auth: only a contact's token has an issue number, from 0 on, and a key that handed it out")
	}
	now := time.Now().Truncate(time.Second)
	claims := jwt.MapClaims{
		"iss": s.issuer, "aud": s.audience, "sub": p.Actor.ID, "workspace": string(p.Workspace),
		"kind": kindNames()[p.Actor.Kind], "iat": now.Unix(), "exp": now.Add(ttl).Unix(),
	}
	if p.Conversation != "" {
		claims["conversation"] = string(p.Conversation)
		claims["issue"] = p.TokenIssue
	}
	if p.IssuedBy != "" {
		claims["key"] = string(p.IssuedBy)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	if s.kid != "" {
		token.Header["kid"] = s.kid
	}
	return token.SignedString(s.secret())
}
