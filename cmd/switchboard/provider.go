package main

import (
	"slices"
	"strings"

	"switchboard/web"
)

// provider tells the pages where people sign in; nil without an OpenID Connect
// provider. What the provider says of itself is as fresh as its keys.
func (s *server) provider(set settings) func() web.Provider {
	if s.identity == nil || s.identity.issuer == nil {
		return nil
	}
	issuer := s.identity.issuer
	said := web.Provider{Issuer: set.OIDCIssuer, ClientID: set.OIDCClientID}
	if set.Audience != set.OIDCClientID {
		said.Audience = set.Audience
	}
	return func() web.Provider {
		out := said
		found := issuer.Metadata()
		scopes := append([]string{"openid", "email"}, set.OIDCScope...)
		if found != nil {
			out.Endpoints = &web.Endpoints{Authorization: found.Authorization, Token: found.Token, EndSession: found.EndSession, Revocation: found.Revocation, NamesIssuer: found.NamesIssuer}
			if slices.Contains(found.Scopes, "offline_access") {
				scopes = append(scopes, "offline_access")
			}
		}
		out.Scope = strings.Join(slices.Compact(scopes), " ")
		return out
	}
}
