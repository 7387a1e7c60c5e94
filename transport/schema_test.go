package transport_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/transport/exec"
)

const sdl = `
type Query {
  hello(name: String): String!
  viewer: String!
  big(bytes: Int!): String!
  fail: String
  boom: String
  wait: String
  node: Node
  nodes(ids: [ID!]!): [Node]
  people(first: Int, last: Int): People
}
type Node { name: String node: Node teams: [Node!] people(first: Int): People }
type People { nodes: [Node!] edges: [Edge!] total: Int }
type Edge { cursor: String node: Node }
type Mutation { set(value: Int!): Int! }
type Subscription {
  "count numbers, then done"
  ticks(count: Int!): Int!
  "long texts, when there is room for them"
  patient(count: Int!): String!
  "whatever the test broadcasts"
  feed: String!
  "has no source"
  failing: Int!
  "one number, then an error"
  dying: Int!
  "does not listen to its context until the test lets go"
  stubborn: Int!
  "has its source when the test lets go"
  late: Int!
  boom: Int!
  "numbers, as of now or behind a cursor"
  journal(after: String): Int!
}`

// fakeSchema executes the schema above by hand, with the habits of gqlgen's
// generated code that matter to a transport: one response and then nil for a
// query, a buffer that is used again for each event.
type fakeSchema struct {
	schema   *ast.Schema
	executed atomic.Int64  // operations that were dispatched
	waiting  chan struct{} // gets one for each wait or stubborn that blocks
	stopped  chan string   // gets the name of each subscription whose context ended
	letGo    chan struct{} // ends stubborn subscriptions
	journal  *journal

	mu    sync.Mutex
	feeds map[*fakeFeed]struct{}
}

var _ graphql.ExecutableSchema = (*fakeSchema)(nil)

func newFakeSchema() *fakeSchema {
	return &fakeSchema{
		schema:  gqlparser.MustLoadSchema(&ast.Source{Input: sdl}),
		waiting: make(chan struct{}, 1000), stopped: make(chan string, 1000), letGo: make(chan struct{}),
		feeds: map[*fakeFeed]struct{}{}, journal: newJournal(),
	}
}

func (f *fakeSchema) Schema() *ast.Schema { return f.schema }

func (f *fakeSchema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (f *fakeSchema) Exec(ctx context.Context) graphql.ResponseHandler {
	f.executed.Add(1)
	op := graphql.GetOperationContext(ctx)
	if op.Operation.Operation == ast.Subscription {
		return f.subscribe(ctx, op)
	}
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		return &graphql.Response{Data: f.fields(ctx, op)}
	}
}

func (f *fakeSchema) fields(ctx context.Context, op *graphql.OperationContext) []byte {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, field := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query", "Mutation"}) {
		if i > 0 {
			out.WriteByte(',')
		}
		value, err := f.field(ctx, field.Name, field.ArgumentMap(op.Variables))
		if err != nil {
			graphql.AddError(ctx, err)
		}
		data, _ := json.Marshal(value)
		fmt.Fprintf(&out, "%q:%s", field.Alias, data)
	}
	out.WriteByte('}')
	return out.Bytes()
}

type principalKey struct{}

var errSourceDied = errors.New("the source died")

func (f *fakeSchema) field(ctx context.Context, name string, args map[string]any) (any, error) {
	switch name {
	case "__typename":
		return "Query", nil
	case "hello":
		return fmt.Sprint("hello ", args["name"]), nil
	case "viewer":
		return ctx.Value(principalKey{}), nil
	case "big":
		return strings.Repeat("x", number(args["bytes"])), nil
	case "fail":
		return nil, errors.New("it failed")
	case "boom":
		panic("boom")
	case "wait":
		f.waiting <- struct{}{}
		<-ctx.Done()
		f.stopped <- "wait"
		return nil, ctx.Err()
	case "set":
		return number(args["value"]), nil
	}
	return nil, nil
}

func number(v any) int {
	var n int
	_, _ = fmt.Sscan(fmt.Sprint(v), &n)
	return n
}

func (f *fakeSchema) subscribe(ctx context.Context, op *graphql.OperationContext) graphql.ResponseHandler {
	field := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Subscription"})[0]
	var buffer bytes.Buffer
	event := func(value any) *graphql.Response {
		buffer.Reset()
		data, _ := json.Marshal(value)
		fmt.Fprintf(&buffer, "{%q:%s}", field.Alias, data)
		return &graphql.Response{Data: buffer.Bytes()}
	}
	switch field.Name {
	case "ticks":
		n, count := 0, number(field.ArgumentMap(op.Variables)["count"])
		return func(context.Context) *graphql.Response {
			if n++; n > count {
				f.stopped <- "ticks"
				return nil
			}
			return event(n)
		}
	case "patient":
		return f.patient(ctx, number(field.ArgumentMap(op.Variables)["count"]), event)
	case "feed":
		return f.feed(ctx, event)
	case "journal":
		after, _ := field.ArgumentMap(op.Variables)["after"].(string)
		return f.journal.subscribe(ctx, after, event)
	case "dying":
		sent := false
		return func(context.Context) *graphql.Response {
			if sent {
				exec.EndWithError(ctx, errSourceDied)
				return nil
			}
			sent = true
			return event(1)
		}
	case "stubborn":
		return func(context.Context) *graphql.Response {
			f.waiting <- struct{}{}
			<-f.letGo
			return event(1)
		}
	case "late":
		f.waiting <- struct{}{}
		<-f.letGo
		return func(context.Context) *graphql.Response { return nil }
	case "boom":
		return func(context.Context) *graphql.Response { panic("boom") }
	}
	graphql.AddError(ctx, errors.New("no such source"))
	return nil
}

// patient waits for room before each text, and says when it does.
func (f *fakeSchema) patient(ctx context.Context, count int, event func(any) *graphql.Response) graphql.ResponseHandler {
	n := 0
	context.AfterFunc(ctx, func() { f.stopped <- "patient" })
	return func(context.Context) *graphql.Response {
		for room := exec.Room(ctx); room != nil; room = exec.Room(ctx) {
			select {
			case f.waiting <- struct{}{}:
			default:
			}
			select {
			case <-room:
			case <-ctx.Done():
				return nil
			}
		}
		if n++; n > count {
			return nil
		}
		return event(strings.Repeat("x", 64<<10))
	}
}

// listening returns how many feeds are open.
func (f *fakeSchema) listening() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.feeds)
}
