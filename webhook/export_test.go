package webhook

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// Check is what the guard says of the address of a connection.
func Check(g *Guard, ip netip.Addr, port uint16) error { return g.check(ip, port) }

// Post makes one attempt over connections of its own.
func Post(ctx context.Context, g *Guard, url string, header http.Header, body []byte) webhooks.Outcome {
	by := transport(g)
	defer by.CloseIdleConnections()
	if header == nil {
		header = http.Header{}
	}
	return post(ctx, by, url, header, body)
}

// Signatures are those of a header.
func Signatures(secrets []webhooks.Material, id string, at time.Time, body []byte) string {
	return signatures(secrets, id, at, body)
}

// BodyOf encodes a payload.
func BodyOf(p Payload, w workspace.Webhook, sequence, previous int64) ([]byte, error) {
	return bodyOf(p, w, sequence, previous)
}
