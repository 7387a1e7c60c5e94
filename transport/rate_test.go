package transport_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
	"switchboard/transport/guard"
)

// rated serves callers that may ask for 100 at once, visitors for 20, and for next to
// nothing more.
func rated(t *testing.T) *env {
	t.Helper()
	return start(t, func(o *transport.Options) {
		o.Limits.Cost, o.Quota.CostPerSecond, o.Quota.CostBurst = 50, 1, 100
		o.Classes = map[string]guard.Class{"visitor": {Cost: 20, CostPerSecond: 1, CostBurst: 20}}
	})
}

// told are what the headers say of the rate.
func told(t *testing.T, h http.Header) (limit, remaining, reset int) {
	t.Helper()
	read := func(name string) int {
		n, err := strconv.Atoi(h.Get(name))
		require.NoError(t, err, name)
		return n
	}
	return read("RateLimit-Limit"), read("RateLimit-Remaining"), read("RateLimit-Reset")
}

// Every answer over HTTP to a caller who is known says the rate, also a refusal, so that a
// client need not be refused to learn it.
func TestAnswersSayTheRate(t *testing.T) {
	e := rated(t)
	for caller, most := range map[string]int{"good:a": 100, "visitor:a:v": 20} {
		bearer := "Bearer " + caller
		limit, before, _ := told(t, e.post(document(`{hello}`), "Authorization", bearer).header)
		require.Equal(t, most, limit)
		require.Less(t, before, most)
		for name, header := range map[string]http.Header{
			"a GET":           e.do(e.request("GET", "query={hello}", "", "Authorization", bearer)).header,
			"not validated":   e.post(document(`{nothing}`), "Authorization", bearer).header,
			"not JSON":        e.post(`{`, "Authorization", bearer).header,
			"an event stream": e.events(e.request("POST", "", document(`{hello}`), "Authorization", bearer)).resp.Header,
		} {
			limit, after, reset := told(t, header)
			require.Equal(t, most, limit, name)
			require.LessOrEqual(t, after, before, name)
			require.InDelta(t, most-after, reset, 1, "%s: seconds, at one a second", name)
		}
		refused := answer{}
		for refused.status != 429 {
			refused = e.post(document(`{hello}`), "Authorization", bearer)
		}
		require.Equal(t, codes.RateLimited, refused.code())
		_, left, _ := told(t, refused.header)
		require.Zero(t, left)
	}
	require.Empty(t, e.post(document(`{hello}`), "Authorization", "Bearer bad").header.Get("RateLimit-Limit"), "nobody is known")
	unbounded := start(t, nil)
	require.Empty(t, unbounded.post(document(`{hello}`)).header.Get("RateLimit-Limit"), "there is nothing to tell")
}

// costed is what extensions.cost of a response says.
type costed struct {
	Requested, Limit, Remaining int
	ResetAt                     time.Time
}

func costIn(t *testing.T, payload string) *costed {
	t.Helper()
	var body struct{ Extensions struct{ Cost *costed } }
	require.NoError(t, json.Unmarshal([]byte(payload), &body), payload)
	return body.Extensions.Cost
}

// The cost of an operation comes with its response if the request asks, over each
// protocol, and never unasked: the bytes of an answer are the same without it.
func TestTheCostIsToldToWhoAsks(t *testing.T) {
	e := rated(t)
	const asking = `"extensions":{"cost":true}`
	body := func(query, extensions string) string {
		return strings.TrimSuffix(`{"query":`+quoted(query)+`,`+extensions, ",") + "}"
	}
	data := func(event string) string {
		_, text, _ := strings.Cut(event, "data: ")
		return text
	}
	doors := map[string]func(caller, query, extensions string) string{
		"HTTP": func(caller, query, extensions string) string {
			return e.post(body(query, extensions), "Authorization", "Bearer "+caller).text
		},
		"an event stream": func(caller, query, extensions string) string {
			return data(e.events(e.request("POST", "", body(query, extensions), "Authorization", "Bearer "+caller)).next())
		},
		"a socket": func(caller, query, extensions string) string {
			c := e.connect(caller)
			c.send(`{"id":"1","type":"subscribe","payload":` + body(query, extensions) + `}`)
			return string(c.next().Payload)
		},
	}
	n := 0
	for door, ask := range doors {
		for class, most := range map[string]int{"good:": 100, "visitor:a:": 20} {
			n++
			caller := fmt.Sprint(class, n)
			cost := costIn(t, ask(caller, `{hello}`, asking))
			require.NotNil(t, cost, door)
			require.Equal(t, most, cost.Limit, door)
			require.Positive(t, cost.Requested, door)
			require.Equal(t, most-cost.Requested, cost.Remaining, "%s: what it cost is taken, and no more", door)
			require.InDelta(t, cost.Requested, time.Until(cost.ResetAt).Seconds(), 1.5, door)
			require.NotNil(t, costIn(t, ask(caller, `mutation{set(value:1)}`, asking)), door)
			for i, other := range []string{"", `"extensions":{"cost":false}`, `"extensions":{"cost":1}`, `"extensions":{"Cost":true}`} {
				require.Equal(t, `{"data":{"hello":"hello \u003cnil\u003e"}}`, strings.TrimSpace(ask(fmt.Sprintf("%s-%d", caller, i), `{hello}`, other)), door)
			}
		}
	}
	s := e.single("good:single")
	status, text := e.plain("POST", "", `{"query":"{hello}","extensions":{"cost":true,"operationId":"1"}}`, streamToken, s.token, "Authorization", "Bearer good:single")
	require.Equal(t, 202, status, text)
	require.Contains(t, s.stream.next(), `"cost":{"limit":100`)
}
