package main

import (
	"cmp"
	"time"

	"switchboard/auth"
	"switchboard/store/sqlite"
)

// settings are everything that can be set. Their help texts are the reference.
type settings struct {
	serverSettings    `embed:""`
	operationSettings `embed:""`
	storeSettings     `embed:""`
	authSettings      `embed:""`
	policySettings    `embed:""`
	logSettings       `embed:""`
}

// serverSettings are about the listener.
type serverSettings struct {
	Addr          string        `help:"Address to listen on." default:"127.0.0.1:8080"`
	AllowOrigin   []string      `help:"Origin whose pages may call the API from a browser; may be repeated. * allows all." placeholder:"URL"`
	AllowHost     []string      `help:"Host name under which the demo's pages offer their sign-ins, beside loopback and the address listened on; may be repeated." placeholder:"HOST"`
	Demo          bool          `help:"Make the demo workspaces, but none that was deleted, and print tokens for them."`
	ShutdownGrace time.Duration `help:"How long running requests may take to end after a signal." default:"10s"`
}

// databaseSettings say where data outlives the process.
type databaseSettings struct {
	MongodbURI string `help:"MongoDB replica set to keep the data in, instead of the embedded engine." name:"mongodb-uri" placeholder:"URI"`
	Data       string `help:"Folder in which the embedded engine keeps the data." default:"./data"`
	Durability string `help:"What a commit of the embedded engine waits for: full is the disk; relaxed is quicker, and a crash of the machine may lose the last moments." enum:"full,relaxed" default:"full"`
}

// storeSettings say where data is kept. After settings.ready exactly one of
// MongodbURI, Data and Memory is set.
type storeSettings struct {
	databaseSettings `embed:""`
	Memory           bool `help:"Keep the data in memory only; it is gone when the server ends."`
}

// authSettings name the token sources that are accepted beside the server's own.
type authSettings struct {
	JWKSURL   string `help:"Address of the identity provider's keys. Needs --issuer and --audience." name:"jwks-url" placeholder:"URL"`
	JWTSecret string `help:"Secret of 32 bytes or more that signs tokens by HS256, instead of an identity provider." name:"jwt-secret" placeholder:"TEXT"`
	// JWTSecretPrevious is accepted beside JWTSecret, so that tokens outlive a rotation.
	JWTSecretPrevious string `help:"Secret that --jwt-secret replaced; tokens that it signed are accepted until this setting is removed." name:"jwt-secret-previous" placeholder:"TEXT"`

	Issuer   string `help:"Required iss of tokens. With --jwt-secret the default is switchboard." placeholder:"TEXT"`
	Audience string `help:"Audience that a token's aud must contain. With --jwt-secret the default is switchboard, with --oidc-issuer the client id." placeholder:"TEXT"`

	OIDCIssuer    string   `help:"OpenID Connect provider at which people sign in on the pages, and whose tokens are accepted. Needs --oidc-client-id." name:"oidc-issuer" placeholder:"URL"`
	OIDCClientID  string   `help:"Client id of the pages at the provider: a public client with PKCE." name:"oidc-client-id" placeholder:"TEXT"`
	OIDCScope     []string `help:"Scope that the pages request besides openid, email and, where the provider has it, offline_access; may be repeated." name:"oidc-scope" placeholder:"TEXT"`
	OIDCWorkspace string   `help:"Workspace of tokens of the provider that name none." name:"oidc-workspace" placeholder:"ID"`
}

// provider reports whether people sign in at an identity provider, so that the
// server itself signs tokens of contacts alone.
func (s *authSettings) provider() bool { return s.JWKSURL != "" || s.OIDCIssuer != "" }

// describeProvider names the setting that names the provider.
func (s *authSettings) describeProvider(from origins) string {
	if s.OIDCIssuer != "" {
		return from.describe("oidc-issuer")
	}
	return from.describe("jwks-url")
}

// policySettings select the policy of plans and roles.
type policySettings struct {
	PolicyDir    string `help:"Folder with a policy of your own, instead of the built-in one." placeholder:"DIR"`
	PolicyPreset string `help:"Built-in policy: default or league." default:"default"`
}

// logSettings are about the log, which goes to stderr.
type logSettings struct {
	LogFormat string `help:"Form of the log: text or json." default:"text"`
	LogLevel  string `help:"Least important records to log: debug, info, warn or error." default:"info"`
}

// ready checks the settings, fills in those that follow from others and makes the
// log. The error is settingErrors, with all problems at once.
func (s *settings) ready(in *invocation) error {
	if err := s.check(in.from); err != nil {
		return err
	}
	s.complete()
	in.log = newLogger(in.stderr, s.logSettings)
	return nil
}

// complete fills in settings that follow from others.
func (s *settings) complete() {
	if s.MongodbURI != "" || s.Memory {
		s.Data = ""
	}
	if s.PolicyDir != "" {
		s.PolicyPreset = ""
	}
	if s.OIDCIssuer != "" {
		s.Issuer = s.OIDCIssuer
		s.Audience = cmp.Or(s.Audience, s.OIDCClientID)
	}
	if s.JWTSecret != "" && s.Issuer == "" {
		s.Issuer = auth.OwnIssuer
	}
	if s.JWTSecret != "" && s.Audience == "" {
		s.Audience = auth.OwnIssuer
	}
}

// durability is what a commit of the embedded engine waits for.
func (s storeSettings) durability() sqlite.Durability { return sqlite.Durability(s.Durability) }
