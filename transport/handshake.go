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
	if s.acked() {
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
	admitted, no := s.of.gate.Admit(id, time.Now())
	if no != nil {
		s.pause(id)
		if no.hasty {
			return s.close(wsconn.CloseTryAgain, no.message)
		}
		return s.close(closeTooMuch, no.message)
	}
	s.ctx, s.key, s.guard = id.within(s.ctx), id.Key, admitted
	s.out.Hold(s.guard.Buffer())
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
	return s.of.gate.Identify(ctx, token)
}

// watchToken closes the socket when its token expires.
func (s *socket) watchToken(expires time.Time) {
	if !expires.IsZero() {
		s.expiry = time.AfterFunc(time.Until(expires), func() { _ = s.close(closeForbidden, reasonExpired) })
	}
}

// pause waits before a socket is closed that may not be.
func (s *socket) pause(id Identity) {
	d := s.of.gate.Hold(id)
	if d <= 0 {
		return
	}
	patience := time.NewTimer(d)
	defer patience.Stop()
	select {
	case <-patience.C:
	case <-s.out.Done():
	}
}
