package main

import (
	"context"
	"net/netip"
	"slices"

	"switchboard/auth"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/transport"
	"switchboard/transport/guard"
)

func (s quotaSettings) quota() guard.Quota {
	return guard.Quota{
		CostPerSecond: s.CostPerSecond, CostBurst: s.CostBurst, Timeout: s.OperationTimeout,
		Operations: s.MaxOperations, OperationsByAddress: s.MaxOperationsPerAddress, OperationsByPrincipal: s.MaxOperationsPerPrincipal,
	}
}

func (s quotaSettings) sockets(origins []string) transport.SocketOptions {
	return transport.SocketOptions{
		OriginPatterns: origins, Connections: s.MaxConnections,
		ConnectionsByAddress: s.MaxConnectionsPerAddress, ConnectionsByPrincipal: s.MaxConnectionsPerIdentity,
	}
}

// mayIntrospect decides whether a caller may read the schema.
func (s schemaSettings) mayIntrospect(ctx context.Context) bool {
	p, known := auth.FromContext(ctx)
	switch {
	case !known || p.Actor.Kind == workspace.ActorContact:
		return false
	case s.Introspection == "members":
		return p.Actor.Kind == workspace.ActorMember
	}
	return s.Introspection == "all"
}

// exempt reports whether a member with a role that is exempt asks.
func (s schemaSettings) exempt(ctx context.Context, who *services.Services) bool {
	p, known := auth.FromContext(ctx)
	if !known || len(s.TrustedDocumentsExempt) == 0 {
		return false
	}
	access, err := who.Callers.Access(ctx, p)
	return err == nil && slices.ContainsFunc(access.Roles(), func(r workspace.RoleName) bool {
		return slices.Contains(s.TrustedDocumentsExempt, string(r))
	})
}

// proxies are the networks of the setting, which check has found to be good.
func (s networkSettings) proxies() []netip.Prefix {
	var out []netip.Prefix
	for _, text := range s.TrustedProxies {
		if prefix, err := netip.ParsePrefix(text); err == nil {
			out = append(out, prefix)
		}
	}
	return out
}
