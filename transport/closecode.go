package transport

import "github.com/coder/websocket"

// Close codes of a socket; the package comment says which make a client return.
const (
	closeRestart          websocket.StatusCode = 1012
	closeBadRequest       websocket.StatusCode = 4400
	closeUnauthorized     websocket.StatusCode = 4401
	closeForbidden        websocket.StatusCode = 4403
	closeNoSubprotocol    websocket.StatusCode = 4406
	closeInitTimeout      websocket.StatusCode = 4408
	closeSubscriberExists websocket.StatusCode = 4409
	closeTooMuch          websocket.StatusCode = 4429
	closeInternal         websocket.StatusCode = 4500
	reasonBehind                               = "fell behind, reconnect and resume"
	reasonNoPong                               = "no answer to ping"
	reasonShutdown                             = "server is shutting down, reconnect"
	reasonBreach                               = "refused too often: stay within the limits that the errors name, and reconnect later"
	reasonExpired                              = "token expired"
	reasonUnavailable                          = "authentication is temporarily unavailable"
)
