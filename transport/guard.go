package transport

import (
	"context"
	"fmt"

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
}

func (l Limits) withDefaults() Limits {
	for _, field := range []struct {
		value    *int
		fallback int
	}{
		{&l.Bytes, 64 << 10}, {&l.Tokens, 4000}, {&l.Depth, 20}, {&l.Selections, 2000},
		{&l.Repeats, 50}, {&l.RootFields, 20}, {&l.Aliases, 100}, {&l.Directives, 100},
	} {
		if *field.value <= 0 {
			*field.value = field.fallback
		}
	}
	return l
}

// guard refuses documents over the limits. A document in the cache has passed
// both the guard and validation, and is not looked at again.
type guard struct {
	limits Limits
	cache  graphql.Cache[*ast.QueryDocument]
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = guard{}

// ExtensionName names the guard in gqlgen's list of extensions.
func (guard) ExtensionName() string { return "DocumentLimits" }

// Validate accepts every schema: the limits do not depend on it.
func (guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters changes nothing; it refuses. It runs before gqlgen
// parses, and each step bounds the cost of the next.
func (g guard) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if len(params.Query) > g.limits.Bytes {
		return overLimit("bytes", g.limits.Bytes)
	}
	if _, known := g.cache.Get(ctx, params.Query); known {
		return nil
	}
	source := &ast.Source{Input: params.Query}
	if countTokens(source, g.limits.Tokens) > g.limits.Tokens {
		return overLimit("tokens", g.limits.Tokens)
	}
	doc, err := parser.ParseQuery(source)
	if err != nil {
		refused := asGraphQL(err)
		errcode.Set(refused, errcode.ParseFailed)
		return refused
	}
	return measure(doc, g.limits)
}

func overLimit(limit string, most int) *gqlerror.Error {
	err := coded(CodeLimitExceeded, fmt.Sprintf("the document exceeds the limit on %s: at most %d", limit, most))
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
