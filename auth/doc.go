// Package auth identifies callers: it verifies bearer tokens, signs the server's
// own, and finds the member or AI agent that a token belongs to.
//
// Two sources of tokens can be active at the same time. The key id alone decides
// which one a token belongs to, before any key is looked at, and each source has
// its own keys, algorithms, issuer, audience and kinds:
//
//	source    key id          algorithms                 kinds
//	own       "switchboard"   HS256                      contact; with no operator source
//	                                                     also member and ai_agent
//	secret    any other, none HS256                      member, ai_agent
//	JWKS      any other       RS256 PS256 ES256 EdDSA    member, ai_agent
//
// So every kind of caller comes from exactly one source. An identity provider's
// key, even one that is published under the id "switchboard", can never make a
// contact token; the server's own secret can never make a member once an
// operator's source is there; and no public key is ever used as a shared secret,
// because a source knows its algorithms before it sees the token's.
//
// An API key is no token: it has a form of its own, and the directory knows a
// hash of it.
//
// An issuer that shares a secret with this server may name members and AI agents
// by their ids. An identity provider's tokens find them by the subject that is
// bound to them: a member's at the first sign-in with an address that the provider
// vouches for, an AI agent's by an administrator.
//
// The workspace is read from the token, roles are not. The directory of that
// workspace decides whether the caller exists.
package auth
