package transport_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
)

// halves are escapes of which decoders make U+FFFD.
func halves() []string {
	return []string{`\ud800`, `\udfff`, `\uD83D`, `a\ud83d b`, `\ud83d\ud83d\ude00`, `\ude00\ud83d`, `\ud83d\\ude00`, `\\\ud83d`, `\ud83d\u0061`, `\uDBFF\n`}
}

// wholes are escapes that mean what they say.
func wholes() []string {
	return []string{`\ud83d\ude00`, `\uD83D\uDE00!`, `\\ud800`, `\\\\ud83d`, `é\u00e9`, `\ufffd`, `\n\t\"`, `😀`, `\uE000`}
}

// Wherever a client can put a text, half of a character is refused, and not made
// into another one.
func TestHalfASurrogatePairIsRefused(t *testing.T) {
	e := start(t, func(*transport.Options) {})
	ask := func(text string) map[string]answer {
		return map[string]answer{
			"a variable":       e.post(`{"query":"query($n: String){hello(name: $n)}","variables":{"n":"` + text + `"}}`),
			"a name":           e.post(`{"query":"{hello}","variables":{"` + text + `":1}}`),
			"an extension":     e.post(`{"query":"{hello}","extensions":{"x":"` + text + `"}}`),
			"an operation":     e.post(`{"query":"{hello}","x":"` + text + `"}`),
			"the document":     e.post(document(`{hello(name: "` + text + `")}`)),
			"the query string": e.do(e.request("GET", "query="+url.QueryEscape(`query($n: String){hello(name: $n)}`)+"&variables="+url.QueryEscape(`{"n":"`+text+`"}`), "")),
		}
	}
	for _, text := range halves() {
		for where, got := range ask(text) {
			require.Contains(t, got.text, "surrogate pair", "%s in %s", text, where)
			require.Nil(t, got.body.Data, "%s in %s", text, where)
		}
	}
	for _, text := range wholes() {
		for where, got := range ask(text) {
			require.NotContains(t, got.text, "surrogate", "%s in %s", text, where)
		}
	}
	for _, written := range []string{`{hello # \ud800` + "\n}", `{hello(name: """\ud800""")}`, `{hello(name: "\u{1F600}")}`} {
		require.NotContains(t, e.post(document(written)).text, "surrogate", written)
	}
	_, _, err := transport.ParseMessage([]byte(`{"type":"subscribe","id":"\ud800","payload":{"query":"{hello}"}}`))
	require.ErrorContains(t, err, "surrogate pair")
	require.LessOrEqual(t, len(err.Error()), 123, "it must fit into a close frame")
}
