package testdb

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports for servers are taken from below those that systems give to outgoing
// connections: a client that dials a dead server's port over and over could
// otherwise be given that very port for its own end, and so keep the server from
// coming back.
const (
	lowestPort  = 15000
	highestPort = 32000
)

// freePort returns a loopback port that nobody listened on a moment ago.
func freePort() (int, error) {
	for range 100 {
		port := lowestPort + rand.IntN(highestPort-lowestPort)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return port, listener.Close()
		}
	}
	return 0, errors.New("no free port between 15000 and 32000 on 127.0.0.1")
}
