package auth

import (
	"math"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
)

// Claims is the content of a verified token: the identity that the caller claims.
// Resolve decides whether the workspace knows it.
type Claims struct {
	Workspace workspace.WorkspaceID
	// Kind is ActorMember, ActorAgent or ActorContact.
	Kind workspace.ActorKind
	// Subject is never empty.
	Subject string
	// ByID means that the token's source knows the ids of members and AI agents and
	// may name them: an issuer that shares a secret with this server. An identity
	// provider may not, since its users may be able to choose their subject.
	ByID bool
	// Conversation is set for a contact and for nobody else.
	Conversation inbox.ConversationID
	// TokenIssue is the issue number of the conversation's contact tokens that a
	// contact's token names, and IssuedBy the API key that handed it out; 0 and empty
	// for others.
	TokenIssue int
	IssuedBy   workspace.KeyID
	// Email is the address that the issuer claims, and EmailVerified means that the
	// issuer vouches for it. An address alone grants nothing.
	Email         string
	EmailVerified bool
	// Expires is the first moment at which the token is refused: its exp and
	// the leeway.
	Expires time.Time
}

// kindNames are the values of the kind claim.
func kindNames() map[workspace.ActorKind]string {
	return map[workspace.ActorKind]string{
		workspace.ActorMember: "member", workspace.ActorAgent: "ai_agent", workspace.ActorContact: "contact",
	}
}

// claimSet reads claims by their exact names; a struct would let encoding/json
// take "SUB" for "sub".
type claimSet struct{ jwt.MapClaims }

// UnmarshalJSON reads the payload of a token.
func (c *claimSet) UnmarshalJSON(data []byte) error { return unmarshalObject(data, &c.MapClaims) }

// GetExpirationTime and its two sisters refuse times beyond the year 9999,
// which overflow differently on different machines.
func (c *claimSet) GetExpirationTime() (*jwt.NumericDate, error) { return c.date("exp") }

// GetNotBefore is described with GetExpirationTime.
func (c *claimSet) GetNotBefore() (*jwt.NumericDate, error) { return c.date("nbf") }

// GetIssuedAt is described with GetExpirationTime.
func (c *claimSet) GetIssuedAt() (*jwt.NumericDate, error) { return c.date("iat") }

// lastSecond is the end of the year 9999.
const lastSecond = 253402300799

func (c *claimSet) date(name string) (*jwt.NumericDate, error) {
	value, present := c.MapClaims[name]
	if !present {
		return nil, nil
	}
	seconds, ok := value.(float64)
	if !ok || math.IsNaN(seconds) || seconds < 0 || seconds > lastSecond {
		return nil, refuse("The token's %q is not a time in seconds since 1970. Ask its issuer to correct it.", name)
	}
	return jwt.NewNumericDate(time.Unix(int64(seconds), 0)), nil
}

// text gives a claim that must be a string; empty when it is absent.
func (c *claimSet) text(name string) (string, error) {
	value, present := c.MapClaims[name]
	if !present {
		return "", nil
	}
	s, ok := value.(string)
	if !ok {
		return "", refuse("The token's %q is not a string. Ask its issuer to correct it.", name)
	}
	return s, nil
}

// required is text that may not be absent or empty.
func (c *claimSet) required(name string) (string, error) {
	s, err := c.text(name)
	if err == nil && s == "" {
		err = missingClaim(name)
	}
	return s, err
}

// read turns the claims of a verified token into Claims.
func (c *claimSet) read() (Claims, error) {
	var out Claims
	subject, err := c.required("sub")
	if err != nil {
		return Claims{}, err
	}
	named, err := c.required("workspace")
	if err != nil {
		return Claims{}, err
	}
	out.Subject, out.Workspace = subject, workspace.WorkspaceID(named)
	if out.Kind, err = c.kind(); err != nil {
		return Claims{}, err
	}
	if out.Conversation, err = c.conversation(out.Kind); err != nil {
		return Claims{}, err
	}
	if out.Kind == workspace.ActorContact {
		if err := c.readIssue(&out); err != nil {
			return Claims{}, err
		}
	}
	// An address of the wrong type is no address: it opens nothing.
	out.Email, _ = c.MapClaims["email"].(string)
	out.EmailVerified = c.vouched()
	expires, err := c.GetExpirationTime()
	if err != nil {
		return Claims{}, err
	}
	out.Expires = expires.Add(Leeway)
	return out, nil
}

// maxIssue is the largest issue number that is read.
const maxIssue = 1 << 31

// readIssue reads the issue number, by which a contact's token can be revoked.
// Tokens from before there were issue numbers have issue 0.
func (c *claimSet) readIssue(out *Claims) error {
	key, err := c.text("key")
	if err != nil {
		return err
	}
	out.IssuedBy = workspace.KeyID(key)
	value, present := c.MapClaims["issue"]
	if !present {
		return nil
	}
	issue, ok := value.(float64)
	if !ok || issue < 0 || issue > maxIssue || issue != math.Trunc(issue) {
		return refuse(`The token's "issue" is not a whole number. Ask its issuer to correct it.`)
	}
	out.TokenIssue = int(issue)
	return nil
}

// vouched reports whether the issuer vouches for the address: by true, or by the
// text "true", which some providers (Cognito, Apple) send in its place. Anything
// else vouches for nothing.
func (c *claimSet) vouched() bool {
	switch said := c.MapClaims["email_verified"].(type) {
	case bool:
		return said
	case string:
		return said == "true"
	}
	return false
}

func (c *claimSet) kind() (workspace.ActorKind, error) {
	if _, present := c.MapClaims["kind"]; !present {
		return workspace.ActorMember, nil
	}
	name, err := c.text("kind")
	if err != nil {
		return "", err
	}
	for kind, known := range kindNames() {
		if known == name {
			return kind, nil
		}
	}
	return "", refuse(`The token's "kind" is not one of member, ai_agent and contact. Ask its issuer to correct it.`)
}

// conversation demands the claim of contacts and refuses it for all others, so
// that a token which was meant to be narrow is never read as a wide one.
func (c *claimSet) conversation(kind workspace.ActorKind) (inbox.ConversationID, error) {
	if kind == workspace.ActorContact {
		id, err := c.required("conversation")
		return inbox.ConversationID(id), err
	}
	if _, present := c.MapClaims["conversation"]; present {
		return "", refuse(`Only a token of the kind "contact" may name a conversation. Ask its issuer to leave "conversation" out.`)
	}
	return "", nil
}
