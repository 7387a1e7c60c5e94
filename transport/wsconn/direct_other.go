//go:build !unix

package wsconn

import "net"

// direct is not to be had on this system: every frame is queued.
type direct struct{}

func newDirect(net.Conn) *direct { return nil }

func (*direct) write([]byte) (int, error) { return 0, nil }

func (*direct) readable() {}
