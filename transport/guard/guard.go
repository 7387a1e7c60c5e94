package guard

import (
	"context"
	"fmt"
	"switchboard/transport/codes"
	"switchboard/transport/exec"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"
)

// Limits bound a document before it is validated, because validation itself can
// be made to take exponential time. Zero fields take the default.
type Limits struct {
	// Bytes is the length of the document. Default 65536.
	Bytes int
	// Tokens counts every word and sign, comments included. Default 4000.
	Tokens int
	// Depth is how deep fields nest, fragments expanded. Default 20, which lets
	// the usual introspection query pass.
	Depth int
	// Selections counts fields, inline fragments and fragment spreads of all
	// operations together, each fragment as often as it is spread. Default 2000.
	Selections int
	// Repeats is how often one response path may be selected. Default 50.
	Repeats int
	// RootFields is the number of fields at the root of one operation. Default 20.
	RootFields int
	// Aliases counts the aliases written in the document. Default 100.
	Aliases int
	// Directives counts the directives written in the document. Default 100.
	Directives int
	// IntrospectionDepth is how deep lists of fields, types and input fields nest
	// below __schema or __type. Default 2.
	IntrospectionDepth int
	// Cost is what one operation may cost, its arguments and variables included:
	// about the objects that it can make the server load. Default 20000.
	Cost int
}

func (l Limits) withDefaults() Limits {
	for _, field := range []struct {
		value    *int
		fallback int
	}{
		{&l.Bytes, 64 << 10}, {&l.Tokens, 4000}, {&l.Depth, 20}, {&l.Selections, 2000},
		{&l.Repeats, 50}, {&l.RootFields, 20}, {&l.Aliases, 100}, {&l.Directives, 100},
		{&l.IntrospectionDepth, 2}, {&l.Cost, 20_000},
	} {
		if *field.value <= 0 {
			*field.value = field.fallback
		}
	}
	return l
}

// Options configure a guard. Observer is required.
type Options struct {
	Limits  Limits
	Quota   Quota
	Classes map[string]Class
	// FieldCosts is what a field costs beside the objects it gives, by Type.field.
	FieldCosts map[string]int
	// ItemCosts are the fields that do something for each item of a list, by Type.field.
	ItemCosts map[string]Items
	// Trusted are documents that clients may name instead of sending them.
	Trusted *TrustedDocuments
	// Introspection lets clients read the schema: those whom MayIntrospect lets, by
	// the context of the operation; everybody when that is nil.
	Introspection bool
	MayIntrospect func(ctx context.Context) bool
	// QueryCache is how many validated documents are kept for those of no class, and
	// for each class. Default 1000.
	QueryCache int
	Observer   Observer
	// Journal writes down what was asked; nil for nobody.
	Journal Journal
}

// New returns the guard of an executor. It must be its first extension, and the
// executor's cache must be Cache: what is in it has passed already.
func New(o Options, running *Running) Guard {
	limits := o.Limits.withDefaults()
	return Guard{
		limits: limits, cache: newQueryCache(o.QueryCache, o.Classes), fields: o.FieldCosts, items: o.ItemCosts, classes: o.Classes,
		rates: newRates(o.Quota, o.Classes, limits.Cost), running: running, trusted: o.Trusted,
		introspection: o.Introspection, mayIntrospect: o.MayIntrospect, observer: o.Observer, journal: orNone(o.Journal),
	}
}

// Cache keeps documents that have passed.
func (g Guard) Cache() graphql.Cache[*ast.QueryDocument] { return g.cache }

// Tokens is the limit on tokens, for the parser.
func (g Guard) Tokens() int { return g.limits.Tokens }

// Guard refuses documents over the limits. A document in the cache has passed
// both the guard and validation, and is not looked at again but for its cost,
// which depends on the variables.
type Guard struct {
	limits        Limits
	cache         graphql.Cache[*ast.QueryDocument]
	fields        map[string]int
	items         map[string]Items
	classes       map[string]Class
	rates         *rates
	running       *Running
	trusted       *TrustedDocuments
	introspection bool
	mayIntrospect func(context.Context) bool
	observer      Observer
	journal       Journal
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = Guard{}

// ExtensionName names the guard in gqlgen's list of extensions.
func (Guard) ExtensionName() string { return "DocumentLimits" }

// Validate accepts every schema: the limits do not depend on it.
func (Guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters puts in the text of a trusted document, and refuses.
// It runs before gqlgen parses, and each step bounds the cost of the next.
func (g Guard) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	// Asking costs one already, whatever comes of it.
	if err := g.rates.take(callerOf(ctx), 1, time.Now()); err != nil {
		return err
	}
	if err := g.trusted.resolve(ctx, params); err != nil {
		return err
	}
	return g.document(ctx, params.Query)
}

func (g Guard) document(ctx context.Context, query string) *gqlerror.Error {
	if len(query) > g.limits.Bytes {
		return overLimit("bytes", g.limits.Bytes)
	}
	if _, known := g.cache.Get(ctx, query); known {
		return nil
	}
	source := &ast.Source{Input: query}
	if countTokens(source, g.limits.Tokens) > g.limits.Tokens {
		return overLimit("tokens", g.limits.Tokens)
	}
	if err := wholeStrings(query, g.limits.Tokens); err != nil {
		return codes.New(errcode.ParseFailed, "the document: "+err.Error())
	}
	doc, err := parser.ParseQuery(source)
	if err != nil {
		refused := exec.AsGraphQL(err)
		errcode.Set(refused, errcode.ParseFailed)
		return refused
	}
	return measure(doc, g.limits)
}

// MutateOperationContext refuses an operation that costs too much, charges the
// caller for it, and says whether it may read the schema. It runs after
// validation, before anything is executed.
func (g Guard) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if err := g.introspect(ctx, operation); err != nil {
		return err
	}
	cost := coster{doc: operation.Doc, vars: operation.Variables, fields: g.fields, items: g.items}.cost(operation.Operation)
	who := callerOf(ctx)
	note(operation, cost)
	if most := min(g.limits.Cost, firstPositive(g.classes[who.class].Cost, g.limits.Cost)); cost > most {
		err := overLimit("cost", most)
		err.Message += fmt.Sprintf(", and this one costs %d: ask for shorter lists", cost)
		err.Extensions["cost"] = cost
		return err
	}
	return g.rates.take(who, cost-1, time.Now())
}

func orNone(j Journal) Journal {
	if j == nil {
		return NoJournal{}
	}
	return j
}

// InterceptOperation bounds how many queries and mutations run, and for how long.
func (g Guard) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	ctx = context.WithValue(dispatched(ctx), rateKey{}, g)
	kind := graphql.GetOperationContext(ctx).Operation.Operation
	if kind == ast.Subscription {
		return next(ctx)
	}
	of, began := OperationOf(ctx, graphql.GetOperationContext(ctx)), time.Now()
	ctx = g.journal.Begin(ctx, of)
	return g.observed(ctx, of, began, g.running.run(ctx, next))
}

func overLimit(limit string, most int) *gqlerror.Error {
	err := codes.New(codes.LimitExceeded, fmt.Sprintf("the document exceeds the limit on %s: at most %d", limit, most))
	err.Extensions["limit"] = limit
	err.Extensions["max"] = most
	return err
}

// countTokens stops beyond most, or where the document is malformed: what
// follows there is never parsed either.
func countTokens(source *ast.Source, most int) int {
	tokens := lexer.New(source)
	for n := 0; ; n++ {
		token, err := tokens.ReadToken()
		if err != nil || token.Kind == lexer.EOF || n > most {
			return n
		}
	}
}
