package transport

import (
	"context"
	"net/http"
	"strings"
	"time"

	"switchboard/transport/guard"
	"switchboard/transport/wsconn"
)

// maxInit is the largest message before the peer is authenticated, in bytes.
const maxInit = 16 << 10

// greet authenticates the peer and acknowledges the connection.
func (s *socket) greet(m message) error {
	if s.acked() {
		return s.close(closeTooMuch, "too many initialisation requests")
	}
	token, refused := s.token(m.payload)
	var id guard.Identity
	if refused == nil {
		id, refused = s.authenticate(token)
	}
	if refused != nil && refused.Kind == guard.AuthUnavailable {
		return s.close(wsconn.CloseTryAgain, reasonUnavailable)
	}
	if refused != nil {
		return s.close(closeForbidden, refused.Public())
	}
	admitted, no := s.of.gate.Admit(id, time.Now())
	if no != nil {
		s.pause(id)
		return s.close(wsconn.CloseTryAgain, no.Message)
	}
	s.ctx, s.key, s.guard = id.Within(s.ctx), id.Key, admitted
	s.out.Hold(s.guard.Buffer())
	s.left = id.ReportConnected()
	s.watchToken(id.Expires)
	s.of.pulse.add(s)
	s.out.Send(ackFrame())
	return nil
}

// token returns the bearer token in the payload of connection_init or, when it has none,
// that of the upgrade, which only clients outside of a browser can send.
func (s *socket) token(payload []byte) (string, *guard.AuthError) {
	members, _ := decodeObject(payload) // without an object there is no token
	upgraded := s.upgraded
	s.upgraded = nil
	return guard.InitToken(members, upgraded)
}

// authorization keeps the credentials of h, and nothing of the rest of its request.
func authorization(h http.Header) http.Header {
	values := h.Values("Authorization")
	if len(values) == 0 {
		return nil
	}
	out := http.Header{}
	for _, value := range values[:min(2, len(values))] { // two are refused already
		out.Add("Authorization", strings.Clone(value))
	}
	return out
}

// authenticate asks who the peer is, for as long as the socket is open.
func (s *socket) authenticate(token string) (guard.Identity, *guard.AuthError) {
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
func (s *socket) pause(id guard.Identity) {
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
