package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"time"

	"switchboard/auth"
	"switchboard/authz"
	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/live"
	"switchboard/live/feed"
	"switchboard/resolvers"
	"switchboard/store/document"
	"switchboard/store/sqlite"
	"switchboard/transport"
	"switchboard/transport/exec"
	"switchboard/transport/fanout"
	"switchboard/transport/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	stock "github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	desk    workspace.WorkspaceID = "desk"
	manager workspace.MemberID    = "manager"
)

// program is the schema and the resolvers of the program, with events from the
// benchmark and not from a database.
type program struct {
	hub       *feed.Hub
	transport *transport.Server // nil for the stock transport
	told      int
}

func newInbox(listener net.Listener, useStock bool) *program {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, sqlite.Config{})
	check(err)
	check(db.CreateWorkspace(ctx, people()))
	preset, err := authz.Preset("default")
	check(err)
	p := &program{hub: feed.NewHub()}
	directories := live.NewDirectories(db.Directory)
	directories.FeedBack() // nothing changes
	service := services.New(services.Config{
		Store: db, LogStore: db, Directories: directories, Policy: authz.New(preset), Now: time.Now, NewID: rand.Text, Pick: mathrand.IntN,
	})
	seals, err := resolvers.OpenSeals(ctx, db, time.Now, slog.New(slog.DiscardHandler))
	check(err)
	root := resolvers.New(resolvers.Config{
		Inbox: service, Hub: p.hub, CatchUp: feed.NewCatchUp(db, feed.DefaultBounds()), Gaps: feed.NewGaps(), Seals: seals, Words: document.Words, Terms: document.Terms, EndWithError: exec.EndWithError, RunSource: exec.RunSource, Keep: exec.Keep, Room: exec.Room,
		Log: slog.New(slog.DiscardHandler), ContactToken: func(inbox.Conversation, workspace.KeyID) (string, error) { return "", nil },
	})
	schema := resolvers.NewExecutableSchema(root)
	extensions := []graphql.HandlerExtension{&resolvers.Preflight{Seals: seals}, resolvers.Scopes{Inbox: service, Checkpoint: p.hub.Checkpoint, Used: func(inbox.Principal) {}}, resolvers.NewContactGuard(service)}
	var served http.Handler
	if useStock {
		served = stockServer(schema, extensions)
	} else {
		p.transport = sharedServer(schema, service, p.hub, extensions)
		served = p.transport
	}
	go func() { _ = http.Serve(listener, served) }() // for the benchmark's own clients
	return p
}

// asManager makes every caller the manager.
func asManager(ctx context.Context) context.Context {
	return auth.NewContext(ctx, inbox.Principal{Workspace: desk, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(manager)}})
}

type anybody struct{}

// Authenticate takes everybody for the manager.
func (anybody) Authenticate(context.Context, string) (guard.Identity, error) {
	return guard.Identity{Key: "manager", Context: asManager}, nil
}

func sharedServer(
	schema graphql.ExecutableSchema, service *services.Services, hub *feed.Hub, extensions []graphql.HandlerExtension,
) *transport.Server {
	sharing := resolvers.NewSharing(service, hub)
	server, err := transport.New(schema, transport.Options{
		Authenticator: anybody{}, Extensions: extensions, Logger: slog.New(slog.DiscardHandler),
		Socket: transport.SocketOptions{ConnectionsByPrincipal: 1 << 20, ConnectionsByAddress: 1 << 20, PingInterval: time.Hour, QueueBytes: 64 << 10},
		Share: func(_ context.Context, operation *graphql.OperationContext) fanout.Shared {
			if shared := sharing.Share(operation); shared != nil {
				return shared
			}
			return nil
		},
	})
	check(err)
	return server
}

func stockServer(schema graphql.ExecutableSchema, extensions []graphql.HandlerExtension) http.Handler {
	server := handler.New(schema)
	server.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	for _, extension := range extensions {
		server.Use(extension)
	}
	server.AddTransport(stock.Websocket{
		InitFunc: func(ctx context.Context, _ stock.InitPayload) (context.Context, *stock.InitPayload, error) {
			return asManager(ctx), nil, nil
		},
	})
	return server
}

func people() workspace.Directory {
	return workspace.Directory{
		Workspace: workspace.Workspace{ID: desk, Name: "Desk", Plan: "enterprise", TimeZone: "UTC", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{manager: {ID: manager, Workspace: desk, Name: "Mara Lindqvist", Email: "m@example.test", Roles: []workspace.RoleName{"manager"}, Rev: 1}},
		Teams:     map[workspace.TeamID]workspace.Team{}, Agents: map[workspace.AgentID]workspace.AIAgent{},
	}
}

func (p *program) joined() int {
	if p.transport == nil {
		return int(p.hub.Joined())
	}
	return int(p.transport.Stats().Joined)
}

func (p *program) slow() int {
	if p.transport == nil {
		return 0
	}
	return int(p.transport.Stats().Slow)
}

// publish publishes a takeover.
func (p *program) publish() {
	p.told++
	now := time.Now().UTC().Truncate(time.Millisecond)
	c := inbox.Conversation{
		ID: "01JZ0000000000000000000000", Workspace: desk, Kind: workspace.Livechat, Subject: "A late parcel", Channel: "web", Ownership: inbox.Ownership{Assignee: manager, Status: inbox.Open},
		Contact: "visitor", ContactName: "Vera Visitor", Version: p.told, Epoch: p.told, CreatedAt: now, LastActivityAt: now,
	}
	p.hub.Publish(port.FeedItem{Position: fmt.Sprintf("%032d", p.told), Event: inbox.Event{
		ID: inbox.EventID(rand.Text()), Workspace: desk, Type: inbox.OwnershipEvent, Kind: inbox.EventTakenOver, Conversation: c.ID,
		Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(manager)}, From: inbox.Ownership{Status: inbox.Open},
		To: inbox.Ownership{Assignee: manager, Status: inbox.Open}, Version: p.told, Epoch: p.told, At: now, After: &c,
	}})
}
