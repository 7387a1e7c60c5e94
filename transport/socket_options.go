package transport

import "time"

// SocketOptions bound a socket. Zero fields take the default.
type SocketOptions struct {
	// OriginPatterns names hosts beside the server's own from which browsers may
	// connect, as path.Match patterns: "app.example.com", "https://*.example.com".
	OriginPatterns []string
	// InitTimeout is how long a client has to send connection_init, and how long
	// the Authenticator has to answer. Default 10 s.
	InitTimeout time.Duration
	// PingInterval is the time between pings of the server. Default 15 s.
	PingInterval time.Duration
	// PongTimeout is how long after a ping a silent client counts as dead. Default 10 s.
	PongTimeout time.Duration
	// WriteTimeout bounds the writing of one frame. Default 10 s.
	WriteTimeout time.Duration
	// CloseGrace bounds what remains to be sent and the close handshake. Default 3 s.
	CloseGrace time.Duration
	// ReadLimit is the largest message from a client in bytes. Default 1 MiB; 16 KiB
	// at most before the client is authenticated.
	ReadLimit int64
	// QueueBytes is how much may wait to be written to a client. Default 1 MiB.
	QueueBytes int
	// Operations is how many may run on one socket. Default 100.
	Operations int
	// Connections is how many sockets and event streams there may be at once,
	// ConnectionsByAddress how many from one address, and ConnectionsByPrincipal how
	// many of one identity. Default 50,000, 10,000 and 1,000.
	Connections            int
	ConnectionsByAddress   int
	ConnectionsByPrincipal int
}

func (o SocketOptions) withDefaults() SocketOptions {
	for _, field := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{
		{&o.InitTimeout, 10 * time.Second}, {&o.PingInterval, 15 * time.Second},
		{&o.PongTimeout, 10 * time.Second}, {&o.WriteTimeout, 10 * time.Second}, {&o.CloseGrace, 3 * time.Second},
	} {
		if *field.value <= 0 {
			*field.value = field.fallback
		}
	}
	if o.ReadLimit <= 0 {
		o.ReadLimit = 1 << 20
	}
	if o.QueueBytes <= 0 {
		o.QueueBytes = 1 << 20
	}
	if o.Operations <= 0 {
		o.Operations = 100
	}
	if o.Connections <= 0 {
		o.Connections = 50_000
	}
	if o.ConnectionsByAddress <= 0 {
		o.ConnectionsByAddress = 10_000
	}
	if o.ConnectionsByPrincipal <= 0 {
		o.ConnectionsByPrincipal = 1000
	}
	return o
}
