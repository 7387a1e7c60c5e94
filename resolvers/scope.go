package resolvers

import (
	"context"
	"sync"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// scope is the context of one response: the caller, the directory as it was when
// the response began, and the loaders of that response.
type scope struct {
	access access.Access
	// judged is who is told what they may do: the caller, or one of those who receive the
	// response.
	judged  access.Access
	service *services.Services
	loaders *loaders
	// presents are the conversations that the response shows.
	presents shownConversations
	// since is where the feed stood before anything of the response was read.
	since feed.Checkpoint
}

type scopeKey struct{}

// Scopes gives each response its scope: one a request, and one an item of a
// subscription, so that rights and names are never older than the item.
type Scopes struct {
	Inbox *services.Services
	// Used is called for every caller that receives an answer, and must not wait.
	// It may be nil.
	Used func(inbox.Principal)
	// Checkpoint is where a workspace's part of the feed stands.
	Checkpoint func(workspace.WorkspaceID) feed.Checkpoint
}

var (
	_ graphql.HandlerExtension     = Scopes{}
	_ graphql.OperationInterceptor = Scopes{}
	_ graphql.ResponseInterceptor  = Scopes{}
)

// ExtensionName is for gqlgen.
func (Scopes) ExtensionName() string { return "Scopes" }

// Validate is for gqlgen; there is nothing to check.
func (Scopes) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation counts the use of the caller's credential.
func (s Scopes) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if p, ok := auth.FromContext(ctx); ok && s.Used != nil {
		s.Used(p)
	}
	return next(ctx)
}

// InterceptResponse puts a new scope into the context. A caller who is not, or no
// longer, part of the workspace gets an error and no data.
func (s Scopes) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	p, ok := auth.FromContext(ctx)
	if !ok {
		return next(ctx)
	}
	since := s.Checkpoint(p.Workspace)
	made, err := s.begin(ctx, p)
	if err != nil {
		if len(graphql.GetErrors(ctx)) == 0 { // else the stream sends the reason why it ends
			graphql.AddError(ctx, err)
		}
		return &graphql.Response{Errors: graphql.GetErrors(ctx)}
	}
	made.since = since
	ctx = context.WithValue(ctx, feedsOnlyKey{}, p.Actor.Kind == workspace.ActorPartner && made.access.ViewsAny() != nil)
	return next(context.WithValue(ctx, scopeKey{}, s.held(ctx, made, p)))
}

// begin makes the scope of a response: that of the item which it shows has the rights
// by which the item was made.
func (s Scopes) begin(ctx context.Context, p inbox.Principal) (*scope, error) {
	if item := shownIn(ctx); item != nil {
		return item.scope.judging(item.scope.judged), nil
	}
	return newScope(ctx, s.Inbox, p)
}

// held keeps the scope of a response. That of an item of a subscription is made
// anew when the item is there: until then the response only waits for it.
func (s Scopes) held(ctx context.Context, made *scope, p inbox.Principal) func() *scope {
	operation := graphql.GetOperationContext(ctx).Operation // nil for a document that could not be read
	if operation == nil || operation.Operation != ast.Subscription || shownIn(ctx) != nil {
		made.presents.newer = operation != nil && operation.Operation == ast.Mutation
		return func() *scope { return made }
	}
	return sync.OnceValue(func() *scope {
		fresh, err := newScope(ctx, s.Inbox, p)
		if err != nil {
			return made // the item was for the caller; the next one will not be
		}
		return fresh
	})
}

func newScope(ctx context.Context, service *services.Services, p inbox.Principal) (*scope, error) {
	access, err := accessOf(ctx, service, p)
	if err != nil {
		return nil, err
	}
	return scopeWith(access, service, p), nil
}

func scopeWith(a access.Access, service *services.Services, p inbox.Principal) *scope {
	return &scope{access: a, judged: a, service: service, loaders: newLoaders(service, p)}
}

// judging is the scope of one more response with the same item, which tells judged what they
// may do: it has the same rights, and what was loaded for the others.
func (s *scope) judging(judged access.Access) *scope {
	return &scope{access: s.access, judged: judged, service: s.service, loaders: s.loaders}
}

// accessOf is what the caller may do: of an execution for many, what they have in
// common. It waits while a sandbox is put back, as each of them would.
func accessOf(ctx context.Context, service *services.Services, p inbox.Principal) (access.Access, error) {
	a, err := service.Callers.Access(ctx, p)
	of := modeOf(ctx)
	switch {
	case err != nil || of == nil || of.viewpoint == nil:
		return a, err
	case a.Directory.Workspace.Resetting():
		return access.Access{}, inbox.Resetting()
	}
	return a.As(of.viewpoint), nil
}

// scopeOf finds the scope of the response; nil without one, which only a
// missing extension can cause.
func scopeOf(ctx context.Context) *scope {
	if held, ok := ctx.Value(scopeKey{}).(func() *scope); ok {
		return held()
	}
	return nil
}

// principal returns the caller, or UNAUTHENTICATED if there is none.
func principal(ctx context.Context) (inbox.Principal, error) {
	p, ok := auth.FromContext(ctx)
	if !ok {
		return p, &inbox.Error{Code: inbox.Unauthenticated, Message: "Send a token: Authorization: Bearer <token>."}
	}
	return p, nil
}

func (s *scope) isContact() bool { return s.access.Principal.Actor.Kind == workspace.ActorContact }
