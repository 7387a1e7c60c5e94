package transport_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
)

func deep(levels int) string {
	return "{" + strings.Repeat("node{", levels-1) + "name" + strings.Repeat("}", levels)
}

// doubling returns fragments of which each spreads the next twice.
func doubling(n int, leaf string) string {
	var b strings.Builder
	b.WriteString("{node{...F0}}")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Node{...F%d ...F%d}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Node{%s}", n, leaf)
	return b.String()
}

func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
	}
	return b.String()
}

func TestHostileDocumentsAreRefusedUnread(t *testing.T) {
	e := start(t, nil)
	for _, test := range []struct{ name, document, limit string }{
		{"long", "{hello #" + strings.Repeat("x", 64<<10) + "\n}", "bytes"},
		{"many tokens", "{" + strings.Repeat("a ", 4000) + "}", "tokens"},
		{"many comments", "{hello\n" + strings.Repeat("#\n", 4001) + "}", "tokens"},
		{"long list", "{hello(name:[" + strings.Repeat("1 ", 4000) + "])}", "tokens"},
		{"deep", deep(21), "depth"},
		{"deep through fragments", "{" + strings.Repeat("node{", 19) + "...F" + strings.Repeat("}", 20) + " fragment F on Node{node{name}}", "depth"},
		{"doubling fragments", doubling(40, "name"), "selections"},
		{"doubling to a missing fragment", doubling(40, "...missing"), "selections"},
		{"doubling, used by nobody", strings.Replace(doubling(40, "name"), "...F0", "name", 1), "selections"},
		{"nested doubling", "{node{...A ...A}} fragment A on Node{node{...B ...B}} fragment B on Node{node{...C ...C}}" +
			" fragment C on Node{" + strings.Repeat("... on Node{name} ", 300) + "}", "selections"},
		{"repeats", "{" + strings.Repeat("hello ", 51) + "}", "root fields"},
		{"repeats below", "{node{" + strings.Repeat("name ", 51) + "}}", "repeats of one response path"},
		{"repeats in branches", "{" + strings.Repeat("node{name name name} ", 17) + "}", "repeats of one response path"},
		{"repeats by fragments", "{node{" + strings.Repeat("...F ", 26) + "}} fragment F on Node{name ...G} fragment G on Node{name}", "repeats of one response path"},
		{"root fields", "{" + many(21, "f#:hello ") + "}", "root fields"},
		{"root fields by fragment", "{...F ...F ...F} fragment F on Query{" + many(7, "f#:hello ") + "}", "root fields"},
		{"aliases", "{node{" + many(101, "f#:name ") + "}}", "aliases"},
		{"directives", "{node{name" + strings.Repeat(" @include(if:true)", 101) + "}}", "directives"},
		{"directives spread out", "query($a:Int" + strings.Repeat("@x", 50) + ")" + strings.Repeat("@x", 50) + "{hello @x}", "directives"},
		{"many operations", many(200, "query Q#{node{node{node{node{node{node{node{node{node{name}}}}}}}}}} "), "tokens"},
		{"operations that share a fragment", many(150, "query Q#{node{...F}} ") + "fragment F on Node{" + many(20, "name ") + "}", "selections"},
	} {
		t.Run(test.name, func(t *testing.T) {
			executed := e.schema.executed.Load()
			a := e.post(document(test.document))
			require.Equal(t, 200, a.status)
			require.Equal(t, codes.LimitExceeded, a.code(), "%.300s", a.text)
			require.Equal(t, test.limit, a.body.Errors[0].Extensions["limit"])
			require.Contains(t, a.body.Errors[0].Message, fmt.Sprintf("limit on %s: at most %v", test.limit, a.body.Errors[0].Extensions["max"]))
			require.Equal(t, executed, e.schema.executed.Load())
			require.Equal(t, 400, e.post(document(test.document), "Accept", newJSON).status)
		})
	}
}

func TestMalformedDocumentsWithoutASize(t *testing.T) {
	e := start(t, nil)
	for name, query := range map[string]string{
		"cycle":             `{node{...A}} fragment A on Node{node{...B}} fragment B on Node{...A}`,
		"cycle of one":      `{node{...A}} fragment A on Node{...A}`,
		"cycle of nobody's": `{hello} fragment A on Node{...A}`,
		"same name":         `{node{...A}} fragment A on Node{name} fragment A on Node{node{name}}`,
		"missing fragment":  `{node{...A}}`,
		"defer":             `{...@defer{hello}}`,
		"defer a fragment":  `{...A @defer(label:"x")} fragment A on Query{hello}`,
	} {
		a := e.post(document(query))
		require.Equal(t, "GRAPHQL_VALIDATION_FAILED", a.code(), name)
		require.Zero(t, e.schema.executed.Load(), name)
	}
	nested := "{hello(name:" + strings.Repeat("[", 1500) + strings.Repeat("]", 1500) + ")}"
	require.Equal(t, "GRAPHQL_PARSE_FAILED", e.post(document(nested)).code())
}

func TestOrdinaryDocumentsPass(t *testing.T) {
	e := start(t, nil)
	for name, query := range map[string]string{
		"at the depth":           deep(20),
		"at the root":            "{" + many(20, "f#:hello ") + "}",
		"at the aliases":         "{node{" + many(100, "f#:name ") + "}}",
		"at the repeats":         "{node{" + strings.Repeat("name ", 50) + "}}",
		"fragments used often":   "{" + many(10, "n#:node{...F} ") + "} fragment F on Node{name node{name}}",
		"graphiql introspection": introspectionQuery,
	} {
		for range 2 { // the second time from the cache
			a := e.post(document(query))
			require.Equal(t, 200, a.status)
			require.Empty(t, a.body.Errors, name)
		}
	}
}

func TestLimitsCanBeSet(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.Limits.Depth = 2 })
	require.Nil(t, e.post(document(deep(2))).code())
	require.Equal(t, codes.LimitExceeded, e.post(document(deep(3))).code())
	get := e.do(e.request("GET", url.Values{"query": {deep(3)}}.Encode(), ""))
	require.Equal(t, codes.LimitExceeded, get.code())
}

// introspectionQuery is as deep as the one that playgrounds send.
const introspectionQuery = `query IntrospectionQuery { __schema {
  queryType { name } mutationType { name } subscriptionType { name }
  types { ...FullType }
  directives { name description locations args { ...InputValue } } } }
fragment FullType on __Type { kind name description
  fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`
