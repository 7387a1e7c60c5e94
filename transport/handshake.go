package transport

import (
	"context"
	"encoding/json"
	"time"

	"switchboard/transport/wsconn"
)

// maxInit is the largest message before the peer is authenticated, in bytes.
const maxInit = 16 << 10

// greet authenticates the peer and acknowledges the connection.
func (s *socket) greet(m message) error {
	if s.acked {
		return s.close(closeTooMuch, "too many initialisation requests")
	}
	token, refused := initToken(m.payload)
	var id Identity
	if refused == nil {
		id, refused = s.authenticate(token)
	}
	if refused != nil && refused.Kind == AuthUnavailable {
		return s.close(wsconn.CloseTryAgain, reasonUnavailable)
	}
	if refused != nil {
		return s.close(closeForbidden, refused.public())
	}
	if no := s.of.connections.take(id, time.Now()); no != nil {
		s.pause(id)
		return s.close(no.code, no.message)
	}
	s.ctx, s.key, s.acked = id.within(s.ctx), id.Key, true
	s.usage, s.class = s.of.subscriptions.usage(id), s.of.subscriptions.class(id)
	s.out.Hold(s.usage.of.ledger.Buffer(s.usage.accounts))
	s.left = id.connected()
	s.watchToken(id.Expires)
	s.of.pulse.add(s)
	s.out.Send(ackFrame())
	return nil
}

// initToken returns the bearer token in the payload of connection_init.
func initToken(payload []byte) (string, *AuthError) {
	if payload == nil {
		return "", errNoToken
	}
	members, err := decodeObject(payload)
	if err != nil {
		return "", errNoToken
	}
	for _, name := range []string{"Authorization", "authorization"} {
		if raw, ok := members[name]; ok {
			var value string
			if json.Unmarshal(raw, &value) != nil {
				return "", errNotBearer
			}
			return bearer(value)
		}
	}
	return "", errNoToken
}

// authenticate asks who the peer is, for as long as the socket is open.
func (s *socket) authenticate(token string) (Identity, *AuthError) {
	ctx, cancel := context.WithTimeout(s.ctx, s.of.options.InitTimeout)
	defer cancel()
	s.mu.Lock()
	s.init = cancel
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.init = nil
		s.mu.Unlock()
	}()
	if s.out.IsClosing() {
		cancel()
	}
	return authenticate(ctx, s.of.auth, token)
}

// watchToken closes the socket when its token expires.
func (s *socket) watchToken(expires time.Time) {
	if !expires.IsZero() {
		s.expiry = time.AfterFunc(time.Until(expires), func() { _ = s.close(closeForbidden, reasonExpired) })
	}
}
