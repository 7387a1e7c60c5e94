package transport

import "github.com/coder/websocket"

// Close codes of a socket; the package comment says which make a client return.
const (
	closeProtocolError    websocket.StatusCode = 1002
	closeTooBig           websocket.StatusCode = 1009
	closeRestart          websocket.StatusCode = 1012
	closeTryAgain         websocket.StatusCode = 1013
	closeBadRequest       websocket.StatusCode = 4400
	closeUnauthorized     websocket.StatusCode = 4401
	closeForbidden        websocket.StatusCode = 4403
	closeNoSubprotocol    websocket.StatusCode = 4406
	closeInitTimeout      websocket.StatusCode = 4408
	closeSubscriberExists websocket.StatusCode = 4409
	closeTooMuch          websocket.StatusCode = 4429
	closeInternal         websocket.StatusCode = 4500
	maxCloseReason                             = 123 // bytes, by RFC 6455
	reasonSlow                                 = "too slow: outgoing queue full, reconnect and resume"
	reasonBehind                               = "fell behind, reconnect and resume"
	reasonNoPong                               = "no answer to ping"
	reasonShutdown                             = "server is shutting down, reconnect"
	reasonExpired                              = "token expired"
	reasonUnavailable                          = "authentication is temporarily unavailable"
)

// closing is why and how a socket ends.
type closing struct {
	code   websocket.StatusCode
	reason string
	// discard drops what is queued instead of sending it first.
	discard bool
	// slow says that the peer did not read what it was sent.
	slow bool
	// byPeer says that the peer closed first, with that code.
	byPeer bool
}

// fitReason shortens a reason to what a close frame can carry, at a rune's start.
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
