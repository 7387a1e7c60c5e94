package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"path"
	"time"

	"switchboard/transport/fanout"
	"switchboard/transport/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
)

// Options configure a Server. Only Authenticator is required.
type Options struct {
	// Authenticator says who asks, over HTTP and over WebSocket.
	Authenticator guard.Authenticator
	// ErrorPresenter turns errors into what clients see. It should leave errors
	// alone that already carry extensions.code. Default: gqlgen's, which hides nothing.
	ErrorPresenter graphql.ErrorPresenterFunc
	// Recover turns the panic of a resolver into an error. Default: gqlgen's.
	Recover graphql.RecoverFunc
	// Introspection lets clients read the schema: those whom MayIntrospect lets, by
	// the context of the operation; everybody when that is nil.
	Introspection bool
	MayIntrospect func(ctx context.Context) bool
	// Limits bound a document, and Quota what callers may do together.
	Limits guard.Limits
	Quota  guard.Quota
	// Classes bound callers by the Class of their Identity, and Budget bounds
	// subscriptions.
	Classes map[string]guard.Class
	Budget  guard.Budget
	// FieldCosts is what a field costs beside the objects it gives, by Type.field.
	FieldCosts map[string]int
	// ItemCosts are the fields that do something for each item of a list, by Type.field.
	ItemCosts map[string]guard.Items
	// RootBytes is what a subscription of a root field keeps in memory beside what
	// every one takes, for each entry of the longest list that it is given.
	RootBytes map[string]int64
	// Trusted are documents that clients may name instead of sending them.
	Trusted *guard.TrustedDocuments
	// Proxies are believed when they say for which address they ask.
	Proxies []netip.Prefix
	// Observer hears what becomes of requests. Nil is nobody.
	Observer guard.Observer
	// Journal writes down which operations were asked. Nil is nobody.
	Journal guard.Journal
	// Keep copies from the context of an upgrade what the operations of its socket need;
	// nil for nothing.
	Keep func(to, from context.Context) context.Context
	// MaxBody is the largest HTTP body in bytes, default 1 MiB; BodyTimeout is how
	// long a client may take to send it, default 30 s.
	MaxBody     int64
	BodyTimeout time.Duration
	// Socket bounds each WebSocket.
	Socket SocketOptions
	// Share says how a subscription can be executed once for many; nil when it must
	// not. Default: none is.
	Share func(ctx context.Context, operation *graphql.OperationContext) fanout.Shared
	// QueryCache is how many validated documents are kept for those of no class, and
	// for each class. Default 1000.
	QueryCache int
	// Extensions run after the limits, in order: complexity, loaders, tracing.
	Extensions []graphql.HandlerExtension
	// Logger gets what clients must not see. Default: slog.Default().
	Logger *slog.Logger
}

// Server answers GraphQL over HTTP, event streams and WebSocket at one path.
type Server struct {
	http.Handler
	socket  *WebSocket
	events  *EventStream
	single  *SingleConnection
	gate    *guard.Gate
	groups  *fanout.Groups
	running *guard.Running
}

// New returns a server for schema, or what is wrong with the options.
func New(schema graphql.ExecutableSchema, o Options) (*Server, error) {
	if o.Authenticator == nil {
		return nil, errors.New("transport: Options.Authenticator is missing")
	}
	for _, pattern := range o.Socket.OriginPatterns {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("transport: origin pattern %q is malformed, want for example https://*.example.com", pattern)
		}
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Observer == nil {
		o.Observer = guard.NoObserver{}
	}
	if o.Journal == nil {
		o.Journal = guard.NoJournal{}
	}
	o.Socket = o.Socket.withDefaults()
	groups := fanout.New(o.Share, o.Socket.QueueBytes)
	gate := guard.NewGate(guard.GateOptions{
		Authenticator: o.Authenticator, Observer: o.Observer, Classes: o.Classes, Budget: o.Budget, RootBytes: o.RootBytes,
		Connections: guard.ConnectionLimits{
			All: o.Socket.Connections, ByAddress: o.Socket.ConnectionsByAddress, ByPrincipal: o.Socket.ConnectionsByPrincipal,
		},
	})
	socket := newWebSocket(gate, o, groups)
	running := guard.NewRunning(o.Quota, o.Classes)
	gql, guards := newHandler(schema, o, running)
	gql.AddTransport(socket)
	plain := HTTP{Authenticator: o.Authenticator, MaxBody: o.MaxBody, BodyTimeout: o.BodyTimeout, Observer: o.Observer,
		requests: guard.NewRunning(o.Quota, arriving(o.Classes)), classes: o.Classes, holds: guard.NewHolds(o.Classes), rate: guards.Rate}
	events := &EventStream{http: plain, options: o.Socket, groups: groups, gate: gate, journal: o.Journal}
	single := &SingleConnection{streams: events, all: newReservations(o.Socket.InitTimeout)}
	gql.AddTransport(single)
	gql.AddTransport(events)
	gql.AddTransport(plain)
	return &Server{
		Handler: guard.Identified(guard.Addressed(o.Proxies, abortable(gql))), socket: socket, events: events, single: single,
		groups: groups, gate: gate, running: running,
	}, nil
}

// newHandler returns gqlgen's executor without transports. The guard is the first
// extension, and shares the cache: what is in it has passed already.
func newHandler(schema graphql.ExecutableSchema, o Options, running *guard.Running) (*handler.Server, guard.Guard) {
	gql := handler.New(schema)
	guards := guard.New(guard.Options{
		Limits: o.Limits, Quota: o.Quota, Classes: o.Classes, FieldCosts: o.FieldCosts, ItemCosts: o.ItemCosts, Trusted: o.Trusted,
		Introspection: o.Introspection, MayIntrospect: o.MayIntrospect, QueryCache: o.QueryCache, Observer: o.Observer, Journal: o.Journal,
	}, running)
	gql.SetQueryCache(guards.Cache())
	gql.SetParserTokenLimit(guards.Tokens())
	gql.Use(guards)
	if o.ErrorPresenter != nil {
		gql.SetErrorPresenter(o.ErrorPresenter)
	}
	if o.Recover != nil {
		gql.SetRecoverFunc(o.Recover)
	}
	// A suggestion tells names of a schema that not everybody may read.
	gql.SetDisableSuggestion(!o.Introspection || o.MayIntrospect != nil)
	for _, more := range o.Extensions {
		gql.Use(more)
	}
	return gql, guards
}

// Operations returns how many queries and mutations are running.
func (s *Server) Operations() int { return s.running.Count() }

// Stats are figures of a server as they are now. Those that only grow are counted
// from its start.
type Stats struct {
	// Sockets are the WebSockets that are open or still closing, Streams the event
	// streams, and Refused those that were one too many.
	Sockets, Streams int
	Refused          uint64
	// Groups are the subscriptions that are executed once for many; Beginning are the
	// executions, those for one client as well, whose resolver was not called yet; Members
	// are those who listen to a group, and Joined all who ever did.
	Groups, Beginning, Members int
	Joined                     uint64
	// Deliveries are the items of groups that were handed to members.
	Deliveries uint64
	// Subscriptions are open now; Bytes is what they take, by the estimate of the
	// budget; NoRoom is how often one was refused.
	Subscriptions int
	Bytes         int64
	NoRoom        uint64
	// Slow are the connections that were closed because the client did not read
	// what it was sent, or fell behind.
	Slow uint64
}

// Stats returns the figures of this moment. It does not wait for anybody.
func (s *Server) Stats() Stats {
	return Stats{
		Sockets: s.socket.Sockets(), Streams: s.events.open.count(), Refused: s.gate.Refused(), Groups: s.groups.Count(), Beginning: s.groups.Beginning(), Members: s.groups.Members(),
		Joined: s.groups.Joined(), Deliveries: s.groups.Deliveries(), Slow: s.socket.slow.Load() + s.events.slow.Load(),
		Subscriptions: s.gate.Ledger().Things(), Bytes: s.gate.Ledger().Bytes(), NoRoom: s.gate.Ledger().Refusals(),
	}
}

// Sockets returns how many WebSockets are open or still closing.
func (s *Server) Sockets() int { return s.socket.Sockets() }

// Shutdown closes every WebSocket with 1012 and aborts every event stream, which
// makes clients come back, and refuses new ones. It returns when all are gone, or with the error of ctx after
// dropping the rest. HTTP requests are left to http.Server.Shutdown, which in turn
// knows nothing of WebSockets: call both.
func (s *Server) Shutdown(ctx context.Context) error {
	s.single.all.end()
	return errors.Join(s.events.shutdown(ctx), s.socket.Shutdown(ctx), s.groups.Wait(ctx))
}

// arrivalsTogether is how many requests of a class may be on their way in a tenant,
// for each operation that may run: a body takes as long as its sender likes, so few
// callers must not fill what all others share.
const arrivalsTogether = 16

// arriving are the classes as requests are counted that are still read.
func arriving(classes map[string]guard.Class) map[string]guard.Class {
	out := map[string]guard.Class{}
	for name, class := range classes {
		class.OperationsTogether *= arrivalsTogether
		out[name] = class
	}
	return out
}
