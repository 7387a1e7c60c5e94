package web

import (
	"net/url"
	"slices"
)

// Provider is an OpenID Connect provider as the pages know it.
type Provider struct {
	Issuer   string `json:"issuer"`
	ClientID string `json:"clientId"`
	// Scope is what the pages ask for, in words apart.
	Scope string `json:"scope"`
	// Audience is set when the pages send access tokens for it to the API. They send
	// ID tokens otherwise.
	Audience string `json:"audience,omitempty"`
	// Endpoints are the provider's addresses; nil while it does not answer the server.
	Endpoints *Endpoints `json:"endpoints"`
}

// Endpoints are where a provider does what. EndSession and Revocation are empty where
// there is none.
type Endpoints struct {
	Authorization string `json:"authorization"`
	Token         string `json:"token"`
	EndSession    string `json:"endSession,omitempty"`
	Revocation    string `json:"revocation,omitempty"`
	// NamesIssuer says that the provider names itself when it sends people back.
	NamesIssuer bool `json:"namesIssuer,omitempty"`
}

// origins are the hosts at which the pages get and end tokens. People are sent to the
// others, which no policy stands in the way of.
func (o Options) origins() []string {
	if o.Provider == nil {
		return nil
	}
	provider := o.Provider()
	if provider.Endpoints == nil {
		return nil
	}
	var out []string
	for _, at := range []string{provider.Issuer, provider.Endpoints.Token, provider.Endpoints.Revocation} {
		u, err := url.Parse(at)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || !hostAndPort.MatchString(u.Host) {
			continue // nothing that could end a directive gets into the policy
		}
		if origin := u.Scheme + "://" + u.Host; !slices.Contains(out, origin) {
			out = append(out, origin)
		}
	}
	return out
}
