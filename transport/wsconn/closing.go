package wsconn

import "github.com/coder/websocket"

// Close codes that a connection sends by itself.
const (
	CloseProtocolError websocket.StatusCode = 1002
	closeTooBig        websocket.StatusCode = 1009
	CloseTryAgain      websocket.StatusCode = 1013

	maxCloseReason = 123 // bytes, by RFC 6455
	reasonSlow     = "too slow: outgoing queue full, reconnect and resume"
)

// Closing says why and how a connection closes.
type Closing struct {
	// Code and Reason are sent in the close frame. Code zero sends neither.
	Code   websocket.StatusCode
	Reason string
	// Discard drops the queued frames instead of sending them first.
	Discard bool
	// Slow says that the client did not read the frames that it was sent.
	Slow bool
	// ByPeer says that the client closed first, with Code.
	ByPeer bool
}

// fitReason shortens a reason to the bytes that a close frame can carry, between two
// characters.
func fitReason(reason string) string {
	if len(reason) <= maxCloseReason {
		return reason
	}
	end := maxCloseReason
	for end > 0 && reason[end]&0xC0 == 0x80 {
		end--
	}
	return reason[:end]
}
