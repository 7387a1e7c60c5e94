package transport

import (
	"context"
	"encoding/json"
	"time"
)

// maxInit is the largest message before the peer is authenticated, in bytes.
const maxInit = 16 << 10

// init authenticates the peer and acknowledges the connection.
func (s *socket) init(m message) error {
	if s.acked {
		return s.close(closeTooManyInits, "too many initialisation requests")
	}
	token, refused := initToken(m.payload)
	var id Identity
	if refused == nil {
		ctx, cancel := context.WithTimeout(s.ctx, s.options.InitTimeout)
		id, refused = authenticate(ctx, s.auth, token)
		cancel()
	}
	if refused != nil && refused.Kind == AuthUnavailable {
		return s.close(closeTryAgain, reasonUnavailable)
	}
	if refused != nil {
		return s.close(closeForbidden, refused.public())
	}
	if !s.places.take(id.Key) {
		return s.close(closeTooManyInits, s.places.tooMany())
	}
	s.ctx, s.key, s.acked = id.within(s.ctx), id.Key, true
	s.left = id.connected()
	s.startTimers(id.Expires)
	s.out.enqueue(ackFrame())
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

// startTimers begins to ping the peer and to watch its token.
func (s *socket) startTimers(expires time.Time) {
	if !expires.IsZero() {
		s.timers = append(s.timers, time.AfterFunc(time.Until(expires), func() {
			_ = s.close(closeForbidden, reasonExpired)
		}))
	}
	s.timers = append(s.timers, every(s.options.PingInterval, func() bool { return s.out.enqueue(pingFrame()) }))
}

// every calls f each d until it returns false or the timer is stopped.
func every(d time.Duration, f func() bool) *time.Timer {
	var timer *time.Timer
	ready := make(chan struct{})
	timer = time.AfterFunc(d, func() {
		<-ready
		if f() {
			timer.Reset(d)
		}
	})
	close(ready)
	return timer
}
