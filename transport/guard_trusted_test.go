package transport_test

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/transport"
	"switchboard/transport/codes"
	"switchboard/transport/guard"
)

const trustedText = `query Greeting($n: String) { hello(name: $n) }`

// trusting serves with one trusted document, under a name and under its hash.
func trusting(t *testing.T, only bool) *env {
	t.Helper()
	file, err := json.Marshal(map[string]string{"greeting": trustedText, "sha256:" + guard.DocumentHash(trustedText): trustedText})
	require.NoError(t, err)
	documents, err := guard.NewTrustedDocuments(gqlparser.MustLoadSchema(&ast.Source{Input: sdl}), file)
	require.NoError(t, err)
	require.Equal(t, 2, documents.Len())
	documents.Only = only
	documents.Exempt = func(ctx context.Context) bool { return ctx.Value(principalKey{}) == "good:exempt" }
	return start(t, func(o *transport.Options) { o.Trusted = documents })
}

func TestTrustedDocuments(t *testing.T) {
	const variables = `,"variables":{"n":"Ann"}`
	hash := func(text string) string {
		return `"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + guard.DocumentHash(text) + `"}}`
	}
	const free, other = `"query":"{hello}"`, `{viewer}`
	rows := []struct {
		name, body        string
		off, prefer, only string // the code; empty for an answer
	}{
		{"by id", `"documentId":"greeting"` + variables, guard.CodePersistedNotSupported, "", ""},
		{"by hash", hash(trustedText) + variables, guard.CodePersistedNotSupported, "", ""},
		{"by id of a hash", `"documentId":"sha256:` + guard.DocumentHash(trustedText) + `"` + variables, guard.CodePersistedNotSupported, "", ""},
		{"by its whole text", `"query":` + quoted(trustedText) + variables, "", "", ""},
		{"by its text, printed differently", `"query":` + quoted("# A comment\nquery Greeting($n: String,) {\n  hello(name:$n)\n}") + variables, "", "", ""},
		{"by its text and more", `"query":` + quoted(trustedText+" query Other{viewer}") + `,"operationName":"Greeting"` + variables, "", "", guard.CodeTrustedRequired},
		{"an id that is none", `"documentId":"gone"`, guard.CodePersistedNotSupported, guard.CodePersistedNotFound, guard.CodePersistedNotFound},
		{"a hash that is none", hash(other), guard.CodePersistedNotSupported, guard.CodePersistedNotFound, guard.CodePersistedNotFound},
		{"a free document", free, "", "", guard.CodeTrustedRequired},
		{"a free document that does not parse", `"query":"{"`, "GRAPHQL_PARSE_FAILED", "GRAPHQL_PARSE_FAILED", guard.CodeTrustedRequired},
		{"a free document with a hash to learn", free + "," + hash("{hello}"), "", "", guard.CodeTrustedRequired},
		{"neither", `"variables":{}`, codes.BadRequest, codes.BadRequest, codes.BadRequest},
		{"an id that is no string", `"documentId":7`, codes.BadRequest, codes.BadRequest, codes.BadRequest},
		{"a hash that is no string", `"extensions":{"persistedQuery":{"sha256Hash":7}}`, codes.BadRequest, codes.BadRequest, codes.BadRequest},
	}
	off, prefer, only := start(t, nil), trusting(t, false), trusting(t, true)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			for e, want := range map[*env]string{off: row.off, prefer: row.prefer, only: row.only} {
				executed := e.schema.executed.Load()
				for range 2 { // nothing is learned from the first
					a := e.post("{" + row.body + "}")
					if want == "" {
						require.Nil(t, a.code(), a.text)
						continue
					}
					require.Equal(t, want, a.code(), a.text)
					require.Equal(t, executed, e.schema.executed.Load())
				}
			}
		})
	}
	t.Run("who is exempt", func(t *testing.T) {
		a := only.post("{"+free+"}", "Authorization", "Bearer good:exempt")
		require.Nil(t, a.code(), a.text)
	})
	t.Run("by GET", func(t *testing.T) {
		a := only.do(only.request("GET", url.Values{"documentId": {"greeting"}, "variables": {`{"n":"Ann"}`}}.Encode(), ""))
		require.Equal(t, "hello Ann", a.body.Data["hello"], a.text)
		a = only.do(only.request("GET", url.Values{"query": {"{hello}"}}.Encode(), ""))
		require.Equal(t, guard.CodeTrustedRequired, a.code())
	})
	t.Run("on a socket", func(t *testing.T) {
		c := only.connect("good")
		c.send(`{"id":"1","type":"subscribe","payload":{"documentId":"greeting","variables":{"n":"Ann"}}}`)
		require.Contains(t, c.next().String(), "hello Ann")
		require.Equal(t, "complete", c.next().Type)
		c.subscribe("2", `{hello}`)
		require.Contains(t, c.next().String(), guard.CodeTrustedRequired)
	})
}

func quoted(text string) string {
	data, _ := json.Marshal(text)
	return string(data)
}

func TestTrustedDocumentsThatAreNone(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: sdl})
	for name, test := range map[string]struct{ file, says string }{
		"no JSON":           {`{"a":`, "JSON object of ids and documents"},
		"a list":            {`["{hello}"]`, "JSON object of ids and documents"},
		"no text":           {`{"a":{"query":"{hello}"}}`, "JSON object of ids and documents"},
		"does not parse":    {`{"a":"{"}`, `document "a"`},
		"of another schema": {`{"a":"{hello}","b":"{nothing}"}`, `document "b"`},
		"too deep":          {`{"a":` + quoted(deep(21)) + `}`, "limit on depth"},
		"another version":   {`{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}`, "version 2"},
		"an id twice":       {`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a","body":"{hello}"},{"id":"a","body":"{viewer}"}]}`, "operation 2"},
		"no id":             {`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"body":"{hello}"}]}`, "operation 1"},
		"a wrong one in it": {`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a","body":"{nothing}"}]}`, `document "a"`},
		"too long":          {`{"a":` + quoted("{hello #"+many(9000, "xxxxxxxx")+"\n}") + `}`, "limit on bytes"},
	} {
		_, err := guard.NewTrustedDocuments(schema, []byte(test.file))
		require.ErrorContains(t, err, test.says, name)
	}
}

func TestWhoMayReadTheSchema(t *testing.T) {
	reading := []string{`{__schema{queryType{name}}}`, `{__type(name:"Node"){name}}`, `{...F} fragment F on Query{... on Query{__schema{queryType{name}}}}`}
	off := start(t, func(o *transport.Options) { o.Introspection = false })
	some := start(t, func(o *transport.Options) {
		o.MayIntrospect = func(ctx context.Context) bool { return ctx.Value(principalKey{}) == "good:member" }
	})
	for _, query := range reading {
		require.Equal(t, guard.CodeIntrospectionDisabled, off.post(document(query)).code(), query)
		require.Equal(t, guard.CodeIntrospectionDisabled, some.post(document(query)).code(), query)
		require.Nil(t, some.post(document(query), "Authorization", "Bearer good:member").code(), query)
		require.Equal(t, guard.CodeIntrospectionDisabled, some.post(document(query)).code(), "the cache knows it by now")
	}
	require.Nil(t, off.post(document(`{__typename hello}`)).code())
	for _, e := range []*env{off, some} {
		require.NotContains(t, e.post(document(`{helo}`)).text, "Did you mean")
	}
}

// The documents may be replaced while the server runs; a file that is wrong changes nothing.
func TestTrustedDocumentsAreReplacedWhole(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: sdl})
	const manifest = `{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"b","name":"B","type":"query","body":"query B{viewer}"}]}`
	documents, err := guard.NewTrustedDocuments(schema, []byte(`{"a":"{hello}"}`))
	require.NoError(t, err)
	documents.Only = true
	e := start(t, func(o *transport.Options) { o.Trusted = documents })
	code := func(body string) any { return e.post(body).code() }
	require.Nil(t, code(`{"documentId":"a"}`))
	require.Error(t, documents.Replace(schema, []byte(manifest), []byte(`{"c":"{nothing}"}`)))
	require.Nil(t, code(`{"documentId":"a"}`), "the old stays")
	require.Equal(t, guard.CodePersistedNotFound, code(`{"documentId":"b"}`))
	require.NoError(t, documents.Replace(schema, []byte(manifest)))
	require.Nil(t, code(`{"documentId":"b"}`))
	require.Nil(t, code(document("query B { viewer }")))
	require.Equal(t, guard.CodePersistedNotFound, code(`{"documentId":"a"}`))
	require.Equal(t, guard.CodeTrustedRequired, code(document(`{hello}`)), "also from the cache")
}

// Only the answer to a trusted document that a GET names may be kept, by that caller
// alone: nothing else, and nothing with errors.
func TestAnswersThatMayBeKept(t *testing.T) {
	file := `{"hello":"{hello}","viewer":"{viewer}","fail":"{fail}","set":"mutation{set(value:1)}"}`
	documents, err := guard.NewTrustedDocuments(gqlparser.MustLoadSchema(&ast.Source{Input: sdl}), []byte(file))
	require.NoError(t, err)
	e := start(t, func(o *transport.Options) { o.Trusted = documents })
	get := func(query string, header ...string) answer { return e.do(e.request("GET", query, "", header...)) }
	for name, a := range map[string]answer{
		"a POST": e.post(`{"documentId":"hello"}`), "a free document": get("query={hello}"), "errors": get("documentId=fail"), "none": get("documentId=gone"),
		"both": get("documentId=hello&query={hello}"), "a mutation": get("documentId=set"), "nobody": get("documentId=hello", "Authorization", ""),
	} {
		require.Equal(t, "no-store", a.header.Get("Cache-Control"), name)
		require.Empty(t, a.header.Get("ETag"), name)
	}
	first := get("documentId=viewer")
	tag := first.header.Get("ETag")
	require.Regexp(t, `^W/"[0-9a-f]{32}"$`, tag)
	require.Equal(t, "private, no-cache", first.header.Get("Cache-Control"))
	require.Contains(t, strings.Join(first.header.Values("Vary"), ","), "Authorization")
	for match, status := range map[string]int{tag: 304, strings.TrimPrefix(tag, "W/"): 304, `"x", ` + tag: 304, "*": 304, `"x"`: 200, "": 200} {
		again := get("documentId=viewer", "If-None-Match", match)
		require.Equal(t, status, again.status, match)
		require.Equal(t, status == 304, again.text == "", match)
		require.Equal(t, tag, again.header.Get("ETag"))
		require.Equal(t, "private, no-cache", again.header.Get("Cache-Control"))
	}
	other := get("documentId=viewer", "If-None-Match", tag, "Authorization", "Bearer good:other")
	require.Equal(t, 200, other.status, "another caller has another answer")
	require.Equal(t, "good:other", other.body.Data["viewer"])
}
