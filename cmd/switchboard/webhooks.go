package main

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"time"

	"switchboard/dispatch"
	"switchboard/inbox/admin"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/live/logtail"
	"switchboard/resolvers"
	"switchboard/store"
	"switchboard/webhook"
)

// webhookSettings are about the endpoints of other systems.
type webhookSettings struct {
	Webhooks            string   `help:"Addresses that webhooks are sent to: off (none), https, or any (also http)." default:"https"`
	WebhookAllowNetwork []string `help:"Network that webhooks may be sent to although it is not public, such as 10.1.0.0/16; may be repeated." placeholder:"CIDR"`
}

func (s *webhookSettings) check(c *checks) {
	c.oneOf("webhooks", s.Webhooks, string(webhook.HTTPS), string(webhook.Any), string(webhook.Off))
	for _, network := range s.WebhookAllowNetwork {
		if _, err := netip.ParsePrefix(network); err != nil {
			c.wrong("webhook-allow-network", "--webhook-allow-network 10.1.0.0/16", "%q is not a network", network)
		}
	}
}

// webhookGate is what the installation says about endpoints.
type webhookGate struct {
	*webhook.Vault
	*webhook.Guard
	*webhookDocuments
}

// Release is the version of this program.
func (webhookGate) Release() string { return cmp.Or(version, "(devel)") }

// webhookLog finds places in logs.
type webhookLog struct {
	*eventlog.Service
	tail *logtail.Tail
}

// Place returns the sequence behind which a place begins.
func (l webhookLog) Place(ctx context.Context, ws workspace.WorkspaceID, at eventlog.Place) (eventlog.Sequence, error) {
	return l.After(ctx, ws, at, l.tail)
}

// openWebhooks reads the key of secrets. The documents follow when there is a schema.
func openWebhooks(ctx context.Context, s settings, stored store.Engine) (*webhookGate, error) {
	vault, err := webhook.OpenVault(ctx, stored)
	if err != nil {
		return nil, err
	}
	g := &webhook.Guard{Mode: cmp.Or(webhook.Mode(s.Webhooks), webhook.Off)}
	for _, text := range s.WebhookAllowNetwork {
		network, _ := netip.ParsePrefix(text) // was checked
		g.Allowed = append(g.Allowed, network.Masked())
	}
	for _, addr := range []string{s.Addr, s.MetricsAddr} {
		g.Own = append(g.Own, ownPort(addr)...)
	}
	return &webhookGate{Vault: vault, Guard: g}, nil
}

// ownPort is the port of an address that is listened on; none if it is not known yet.
func ownPort(addr string) []uint16 {
	_, port, err := net.SplitHostPort(addr)
	n, wrong := strconv.ParseUint(port, 10, 16)
	if err != nil || wrong != nil || n == 0 {
		return nil
	}
	return []uint16{uint16(n)}
}

func (g *webhookGate) config(stored store.Engine, log webhookLog) admin.WebhookConfig {
	out := admin.WebhookConfig{Log: log, Sent: stored}
	if g.Mode != webhook.Off {
		out.Gate = g
	}
	return out
}

// newWebhookEngine makes what sends to the endpoints.
func (s *server) newWebhookEngine(stored store.Engine, log *slog.Logger) *webhook.Engine {
	return webhook.NewEngine(webhook.Config{
		Store: stored, Records: s.service.Log, Signals: s.tail, Directory: s.service.Callers.Directory, Access: s.service.Callers.Access,
		Renew:  s.directories.Reread,
		Render: s.webhookPayload, RenderTest: func(w workspace.Webhook, r workspace.WebhookReplay) webhook.Payload {
			return webhook.Payload{Event: resolvers.WebhookTest(w, r)}
		},
		End: s.service.Webhooks.End, Vault: s.webhooks.Vault, Guard: s.webhooks.Guard, Log: log, Observe: s.webhookTally.observe,
	})
}

// webhookPayload makes the payload of a record: that of the endpoint's document, or ids
// alone.
func (s *server) webhookPayload(ctx context.Context, w workspace.Webhook, r eventlog.Record) (*webhook.Payload, error) {
	e, err := resolvers.CloudEvents().Of(r)
	if err != nil || w.Document == "" {
		return &webhook.Payload{Event: e}, err
	}
	data, seen, err := s.webhooks.data(ctx, w, r.Sequence)
	if err != nil || !seen {
		return nil, err
	}
	return &webhook.Payload{Event: e, Selected: data}, nil
}

// webhookAgain is the pause before sending begins anew after a failure.
const webhookAgain = time.Second

// webhookDuties are none where no webhooks are sent.
func (s *server) webhookDuties() []dispatch.Duty {
	if s.webhooks.Mode == webhook.Off {
		return nil
	}
	return []dispatch.Duty{{Name: "send to webhooks", Every: webhookAgain, Do: s.sends.Run}}
}
