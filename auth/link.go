package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"

	"github.com/golang-jwt/jwt/v5"
)

// The lifetimes of links, of the sessions that they begin, and of the sessions' tokens.
const (
	// LinkTTL is the lifetime of a login link by default. A used link is remembered
	// for longer than any lifetime.
	LinkTTL = 15 * time.Minute
	// MaxLinkTTL is the longest lifetime of a login link.
	MaxLinkTTL = 7 * 24 * time.Hour
	// LinkSessionTTL is how long a session that a link began lives without being
	// renewed.
	LinkSessionTTL = 30 * 24 * time.Hour
	// LinkTokenTTL is how long each token of such a session holds.
	LinkTokenTTL = time.Hour
)

// The uses of secrets that are signed for login links. Each has a key of its own, so
// that none is taken for the other, or for a token that the API accepts.
const (
	linkUse    = "login link"
	sessionUse = "login session"
)

// LinkSecrets makes and reads what is in login links and in the sessions that they
// begin. It is safe for concurrent use.
type LinkSecrets struct{ own *OwnSecrets }

// NewLinkSecrets derives the keys from the server's own secret. It fails with
// ErrShortSecret.
func NewLinkSecrets(ownSecret []byte) (LinkSecrets, error) {
	own, err := onlySecret(ownSecret)
	return LinkSecrets{own}, err
}

// LinkSecrets is NewLinkSecrets with the secrets of the time.
func (o *OwnSecrets) LinkSecrets() LinkSecrets { return LinkSecrets{o} }

// signing is the key that signs for a use now.
func (l LinkSecrets) signing(use string) []byte { return derive(l.own.signing(), use) }

// accepted are the keys of a use that are accepted now.
func (l LinkSecrets) accepted(use string) jwt.VerificationKeySet {
	keys := l.own.accepted()
	for i, secret := range keys {
		keys[i] = derive(secret, use)
	}
	return keySet(keys)
}

func derive(secret []byte, use string) []byte {
	mac := hmac.New(sha256.New, secret)
	_, _ = io.WriteString(mac, "switchboard "+use) // a hash never fails
	return mac.Sum(nil)
}

// Link makes the secret of a link that signs a member in once, within ttl. name is
// shown to whoever opens it.
func (l LinkSecrets) Link(ws workspace.WorkspaceID, m workspace.MemberID, name string, ttl time.Duration) (string, error) {
	if ttl < time.Second || ttl > MaxLinkTTL {
		return "", errors.New("auth: a login link holds for a second at least and 7 days at most")
	}
	now := time.Now()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"sub": string(m), "workspace": string(ws), "name": name, "jti": rand.Text(), "iat": now.Unix(), "exp": now.Add(ttl).Unix(),
	}).SignedString(l.signing(linkUse))
}

// renewal makes the secret that a session is renewed with. The store knows when the
// session ends.
func (l LinkSecrets) renewal(s cluster.LinkSession) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"sub": string(s.Member), "workspace": string(s.Workspace), "jti": s.ID,
	}).SignedString(l.signing(sessionUse))
}

// read gives the session of a genuine secret. Times are checked as far as it has any.
func (l LinkSecrets) read(secret, use string, options ...jwt.ParserOption) (cluster.LinkSession, error) {
	if len(secret) > MaxToken {
		return cluster.LinkSession{}, jwt.ErrTokenMalformed
	}
	var claims claimSet
	options = append(options, jwt.WithValidMethods([]string{"HS256"}), jwt.WithStrictDecoding())
	_, err := jwt.NewParser(options...).ParseWithClaims(secret, &claims, func(*jwt.Token) (any, error) { return l.accepted(use), nil })
	if err != nil {
		return cluster.LinkSession{}, err
	}
	var out cluster.LinkSession
	for name, to := range map[string]*string{"jti": &out.ID, "sub": (*string)(&out.Member), "workspace": (*string)(&out.Workspace)} {
		if *to, err = claims.required(name); err != nil {
			return cluster.LinkSession{}, err
		}
	}
	return out, nil
}

// Links signs members in by login links, where no identity provider does.
type Links struct {
	Secrets LinkSecrets
	// Members signs the tokens of sessions.
	Members *Signer
	// Sessions remembers used links, for all servers.
	Sessions cluster.LinkSessions
	// Directory reads the stored directory of a workspace; NOT_FOUND for none.
	Directory func(context.Context, workspace.WorkspaceID) (*workspace.Directory, error)
	// Allow says whether a genuine link or session may ask again now, by its id; nil
	// allows everything. Its error is passed on.
	Allow func(id string) error
}

// LinkSignIn is what the page of somebody who signed in by a link keeps.
type LinkSignIn struct {
	// Token is for the API and holds for Holds; Renewal gets the next one.
	Token   string
	Holds   time.Duration
	Renewal string
	// Name and Workspace are for people to read.
	Name, Workspace string
}

// Begin signs in whom a link names, once. The error is an *inbox.Error:
// UNAUTHENTICATED for a link that is not genuine, over, used, or of somebody who is
// not in the workspace; WORKSPACE_SUSPENDED while that is suspended, which uses up no
// link; UNAVAILABLE while the database is away.
func (l Links) Begin(ctx context.Context, link string) (LinkSignIn, error) {
	s, err := l.Secrets.read(link, linkUse, jwt.WithExpirationRequired())
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return LinkSignIn{}, refuse("The link is over: it held for a short time only. Ask who sent it for a new one.")
	case err != nil:
		return LinkSignIn{}, refuse("The link is not complete, or not from this server. Open it exactly as it was printed, or ask for a new one.")
	}
	s.Until = time.Now().UTC().Add(LinkSessionTTL)
	return l.signIn(ctx, s, func() error {
		err := l.Sessions.BeginLinkSession(ctx, s)
		if errors.Is(err, commit.ErrDuplicateKey) {
			return refuse("The link was used before, and works once. Ask who sent it for a new one.")
		}
		return err
	})
}

// Renew gives the session's next token. Errors are as those of Begin.
func (l Links) Renew(ctx context.Context, renewal string) (LinkSignIn, error) {
	s, err := l.Secrets.read(renewal, sessionUse)
	if err != nil {
		return LinkSignIn{}, sessionOver()
	}
	return l.signIn(ctx, s, func() error {
		now := time.Now().UTC()
		err := l.Sessions.RenewLinkSession(ctx, s.ID, now, now.Add(LinkSessionTTL))
		if inbox.CodeOf(err) == inbox.NotFound {
			return sessionOver()
		}
		return err
	})
}

// End ends a session: it is not renewed again, and its last token holds for
// LinkTokenTTL at most. A renewal that is not genuine ends nothing and is no error.
func (l Links) End(ctx context.Context, renewal string) error {
	s, err := l.Secrets.read(renewal, sessionUse)
	if err != nil {
		return nil
	}
	return l.Sessions.EndLinkSession(ctx, s.ID)
}

// signIn signs a token for a member who is there; note is asked in between, so that
// nobody's link is spent on somebody who was removed.
func (l Links) signIn(ctx context.Context, s cluster.LinkSession, note func() error) (LinkSignIn, error) {
	if l.Allow != nil {
		if err := l.Allow(s.ID); err != nil {
			return LinkSignIn{}, err
		}
	}
	dir, err := l.Directory(ctx, s.Workspace)
	if err != nil && inbox.CodeOf(err) != inbox.NotFound {
		return LinkSignIn{}, err
	}
	var m workspace.Member
	known := false
	if err == nil {
		m, known = dir.Member(s.Member)
	}
	if !known {
		return LinkSignIn{}, refuse("You are not a member of this workspace, or no longer. Ask an administrator of the workspace to add you.")
	}
	if err := served(dir); err != nil {
		return LinkSignIn{}, err
	}
	if err := note(); err != nil {
		return LinkSignIn{}, err
	}
	token, err := l.Members.Sign(inbox.Principal{Workspace: s.Workspace, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(s.Member)}}, LinkTokenTTL)
	if err != nil {
		return LinkSignIn{}, err
	}
	renewal, err := l.Secrets.renewal(s)
	return LinkSignIn{Token: token, Holds: LinkTokenTTL, Renewal: renewal, Name: m.Name, Workspace: dir.Workspace.Name}, err
}

func sessionOver() *inbox.Error {
	return refuse("The sign-in by a link is over: it was signed out, or not used for 30 days. Ask for a new link.")
}
