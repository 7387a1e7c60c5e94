package resolvers

import (
	"context"
	"maps"

	"switchboard/graph"
	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"

	"github.com/99designs/gqlgen/graphql"
)

// execMode is how a subscription is executed that many clients follow: for the whole
// group, as the replay of what some members missed, or for one member that goes on
// alone. It travels in the context of the execution.
type execMode struct {
	// viewpoint is what the members have in common; nil for one of them.
	viewpoint *access.VisibilityClass
	// from replaces the argument after; "" is none.
	from string
	// asked is the member that waits for the replay; nil for no particular one.
	asked *inbox.Principal
	// replay ends where live events begin.
	replay bool
	// begun receives the position at which the execution begins; nil for nobody.
	begun begun
	// among gives those to whom an item is told that differs with their standing; nil where
	// the selection has no such field, and for one caller.
	among among
}

// begun takes the position at which an execution begins.
type begun = func(cursor string, number uint64)

// among calls tell with the contexts of those who receive the item at a cursor.
type among = func(cursor string, tell func(listeners []context.Context) error) error

// itemPosition is where an item stands in its stream.
type itemPosition struct {
	cursor string
	number uint64
	// to are the places of those who receive it among the listeners; nil for all.
	to []int
	// of is the conversation that the item shows, in the state of a revision; empty for none.
	of       string
	revision int
}

// positionOf is that of an item about a conversation; nil for an item about none.
func positionOf(cursor string, number uint64, about *model.Conversation) itemPosition {
	at := itemPosition{cursor: cursor, number: number}
	if about != nil && !about.Hidden {
		at.of, at.revision = about.ID, about.Revision
	}
	return at
}

// itemShown is the item that a response shows. It travels in the context of the response.
type itemShown struct {
	at itemPosition
	// scope is what the item was made in.
	scope *scope
}

type itemShownKey struct{}

func (s itemShown) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, itemShownKey{}, &s)
}

// shownIn is nil for a response that no item caused.
func shownIn(ctx context.Context) *itemShown {
	s, _ := ctx.Value(itemShownKey{}).(*itemShown)
	return s
}

type execModeKey struct{}

func withMode(ctx context.Context, m *execMode) context.Context {
	return context.WithValue(ctx, execModeKey{}, m)
}

// modeOf is nil for an execution that serves its caller alone. All methods of a
// nil mode leave everything as it is.
func modeOf(ctx context.Context) *execMode {
	m, _ := ctx.Value(execModeKey{}).(*execMode)
	return m
}

func (m *execMode) after(given *string) *string {
	switch {
	case m == nil:
		return given
	case m.from == "":
		return nil
	}
	return &m.from
}

// goesOn reports whether it is for one client who was in a group.
func (m *execMode) goesOn() bool { return m != nil && m.viewpoint == nil }

func (m *execMode) ends() bool { return m != nil && m.replay }

// waiting is the subscriber that waits for what it missed: p, unless it is another.
func (m *execMode) waiting(p inbox.Principal) inbox.Principal {
	if m != nil && m.asked != nil {
		return *m.asked
	}
	return p
}

// parts is nil where all receive an item in the same words.
func (m *execMode) parts() among {
	if m == nil {
		return nil
	}
	return m.among
}

func (m *execMode) begins(cursor string, number uint64) {
	if m != nil && m.begun != nil {
		m.begun(cursor, number)
	}
}

// NewExecutableSchema returns the schema that root resolves, as transports serve it: with
// positions, and without the directive @defer, which gqlgen would otherwise offer in the
// introspection although the server refuses it.
func NewExecutableSchema(root *Resolver) graphql.ExecutableSchema {
	served := *graph.NewExecutableSchema(graph.Config{}).Schema()
	served.Directives = maps.Clone(served.Directives)
	delete(served.Directives, "defer")
	return WithPositions(graph.NewExecutableSchema(graph.Config{Resolvers: root, Schema: &served}))
}

// WithPositions makes the responses of schema carry the position of the item that they
// show, where many clients share the execution. An item that yields no response, or
// several, thereby moves no other item's position.
func WithPositions(schema graphql.ExecutableSchema) graphql.ExecutableSchema {
	return positioned{schema}
}

type positioned struct{ graphql.ExecutableSchema }

// positionExtension is the name of a position among the extensions of a response. It
// never reaches a client: Shared.Position takes it out.
const positionExtension = "switchboard.position"

// Exec is that of the schema, with the position of the item in each response of an execution
// for many. A response that does not come from the schema has none, and nobody would take it
// out of that of a client who goes on alone.
func (p positioned) Exec(ctx context.Context) graphql.ResponseHandler {
	responses, mode := p.ExecutableSchema.Exec(ctx), modeOf(ctx)
	if mode == nil || mode.viewpoint == nil {
		return responses
	}
	return func(ctx context.Context) *graphql.Response {
		resp, item := responses(ctx), shownIn(ctx)
		if resp != nil && item != nil && graphql.GetExtension(ctx, positionExtension) == nil {
			graphql.RegisterExtension(ctx, positionExtension, item.at)
		}
		return resp
	}
}
