package transport_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
)

const (
	plainJSON = "application/json"
	newJSON   = "application/graphql-response+json"
)

func TestHTTPStatusOfADocument(t *testing.T) {
	e := start(t, nil)
	for _, test := range []struct {
		name, body       string
		plain, newer     int
		code             string
		executed, noData bool
	}{
		{"fine", document(`{hello}`), 200, 200, "", true, false},
		{"partly failed", document(`{hello fail}`), 200, 200, "", true, false},
		{"does not parse", document(`{`), 200, 400, "GRAPHQL_PARSE_FAILED", false, true},
		{"does not validate", document(`{nothing}`), 200, 400, "GRAPHQL_VALIDATION_FAILED", false, true},
		{"wrong variable", `{"query":"query($n:Int!){big(bytes:$n)}","variables":{"n":"x"}}`, 200, 400, "GRAPHQL_VALIDATION_FAILED", false, true},
		{"unknown operation", `{"query":"query A{hello}","operationName":"B"}`, 200, 400, "GRAPHQL_VALIDATION_FAILED", false, true},
		{"subscription", document(`subscription{feed}`), 400, 400, codes.BadRequest, false, true},
		{"mutation", document(`mutation{set(value:1)}`), 200, 200, "", true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			for accept, status := range map[string]int{plainJSON: test.plain, newJSON: test.newer} {
				before := e.schema.executed.Load()
				a := e.post(test.body, "Accept", accept)
				require.Equal(t, status, a.status, a.text)
				require.Equal(t, accept+"; charset=utf-8", a.header.Get("Content-Type"))
				require.Equal(t, test.executed, e.schema.executed.Load() > before)
				require.Equal(t, test.noData, !strings.Contains(a.text, `"data"`), a.text)
				if test.code != "" {
					require.Equal(t, test.code, a.code())
				}
			}
		})
	}
}

func TestHTTPRefusals(t *testing.T) {
	e := start(t, func(o *transport.Options) { o.MaxBody = 1000 })
	fine := document(`{hello}`)
	get := url.Values{"query": {`{hello}`}}.Encode()
	for _, test := range []struct {
		name, method, query, body string
		header                    []string
		status                    int
		code                      string
	}{
		{"put", "PUT", "", fine, nil, 405, codes.MethodNotAllowed},
		{"delete", "DELETE", get, "", nil, 405, codes.MethodNotAllowed},
		{"mutation by get", "GET", url.Values{"query": {`mutation{set(value:1)}`}}.Encode(), "", nil, 405, codes.MethodNotAllowed},
		{"accepts html", "POST", "", fine, []string{"Accept", "text/html"}, 406, codes.NotAcceptable},
		{"accepts nothing we have", "POST", "", fine, []string{"Accept", "application/json;q=0"}, 406, codes.NotAcceptable},
		{"form", "POST", "", "query={hello}", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, codes.UnsupportedMediaType},
		{"no content type", "POST", "", fine, []string{"Content-Type", ""}, 415, codes.UnsupportedMediaType},
		{"latin", "POST", "", fine, []string{"Content-Type", "application/json; charset=latin1"}, 415, codes.UnsupportedMediaType},
		{"compressed", "POST", "", fine, []string{"Content-Encoding", "gzip"}, 415, codes.UnsupportedMediaType},
		{"too large", "POST", "", document("{hello #" + strings.Repeat("x", 1000) + "\n}"), nil, 413, codes.PayloadTooLarge},
		{"empty", "POST", "", "", nil, 400, codes.BadRequest},
		{"null", "POST", "", "null", nil, 400, codes.BadRequest},
		{"a string", "POST", "", `"{hello}"`, nil, 400, codes.BadRequest},
		{"broken", "POST", "", `{"query":`, nil, 400, codes.BadRequest},
		{"batch", "POST", "", " [" + fine + "]", nil, 400, codes.BadRequest},
		{"trailing text", "POST", "", fine + "x", nil, 400, codes.BadRequest},
		{"two objects", "POST", "", fine + fine, nil, 400, codes.BadRequest},
		{"not utf-8", "POST", "", "{\"query\":\"{hello}\",\"x\":\"\xff\"}", nil, 400, codes.BadRequest},
		{"no query", "POST", "", `{}`, nil, 400, codes.BadRequest},
		{"empty query", "POST", "", `{"query":""}`, nil, 400, codes.BadRequest},
		{"query in another case", "POST", "", `{"Query":"{hello}"}`, nil, 400, codes.BadRequest},
		{"query is a number", "POST", "", `{"query":1}`, nil, 400, codes.BadRequest},
		{"operation name is a number", "POST", "", `{"query":"{hello}","operationName":1}`, nil, 400, codes.BadRequest},
		{"variables are a list", "POST", "", `{"query":"{hello}","variables":[1]}`, nil, 400, codes.BadRequest},
		{"variables are text", "POST", "", `{"query":"{hello}","variables":"{}"}`, nil, 400, codes.BadRequest},
		{"extensions are text", "POST", "", `{"query":"{hello}","extensions":"x"}`, nil, 400, codes.BadRequest},
		{"get without query", "GET", "", "", nil, 400, codes.BadRequest},
		{"get with odd variables", "GET", get + "&variables=[]", "", nil, 400, codes.BadRequest},
		{"get with trailing text", "GET", get + "&variables={}{}", "", nil, 400, codes.BadRequest},
		{"get with odd extensions", "GET", get + "&extensions=1", "", nil, 400, codes.BadRequest},
		{"get with broken escape", "GET", "query=%zz", "", nil, 400, codes.BadRequest},
		{"get subscription", "GET", url.Values{"query": {`subscription{feed}`}}.Encode(), "", nil, 400, codes.BadRequest},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := e.do(e.request(test.method, test.query, test.body, test.header...))
			require.Equal(t, test.status, a.status, a.text)
			require.Equal(t, test.code, a.code(), a.text)
			require.NotEmpty(t, a.body.Errors[0].Message)
			require.NotContains(t, a.text, `"data"`)
			require.Zero(t, e.schema.executed.Load())
		})
	}
}

func TestHTTPAllowNamesTheMethodsThatWork(t *testing.T) {
	e := start(t, nil)
	mutation := e.do(e.request("GET", url.Values{"query": {`mutation{set(value:1)}`}}.Encode(), ""))
	require.Equal(t, "POST", mutation.header.Get("Allow"))
	patch := e.do(e.request("PATCH", "", ""))
	require.Equal(t, "GET, POST, PUT, DELETE, OPTIONS", patch.header.Get("Allow"))
	probe := e.do(e.request("OPTIONS", "", "", "Authorization", ""))
	require.Equal(t, 204, probe.status)
	require.Equal(t, "GET, POST, PUT, DELETE, OPTIONS", probe.header.Get("Allow"))
}

func TestHTTPGetRunsAQuery(t *testing.T) {
	e := start(t, nil)
	query := url.Values{
		"query": {`query A($n:String){hello(name:$n)} query B{viewer}`}, "operationName": {"A"}, "variables": {`{"n":"you"}`},
	}
	a := e.do(e.request("GET", query.Encode(), ""))
	require.Equal(t, 200, a.status, a.text)
	require.Equal(t, "hello you", a.body.Data["hello"])
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
}

func TestHTTPNegotiation(t *testing.T) {
	e := start(t, nil)
	for accept, want := range map[string]string{
		"":                    plainJSON,
		"*/*":                 plainJSON,
		"application/*":       plainJSON,
		"text/html, */*;q=.1": plainJSON,
		newJSON:               newJSON,
		newJSON + ", application/graphql+json, application/json, text/event-stream, multipart/mixed": newJSON,
		plainJSON + ", " + newJSON:                       newJSON,
		newJSON + ";q=0.5, " + plainJSON:                 plainJSON,
		newJSON + "; charset=utf-8, */*;q=0.1":           newJSON,
		plainJSON + ";q=0, */*, " + newJSON + ";q=0.001": newJSON,
		"garbage, " + plainJSON:                          plainJSON,
	} {
		a := e.post(document(`{hello}`), "Accept", accept)
		require.Equal(t, 200, a.status, accept)
		require.Equal(t, want+"; charset=utf-8", a.header.Get("Content-Type"), accept)
	}
}

func TestHTTPAuthentication(t *testing.T) {
	e := start(t, nil)
	for _, test := range []struct {
		name, value string
		status      int
		code        any
		challenge   string
		asked       bool
	}{
		{"good", "Bearer good", 200, nil, "", true},
		{"scheme in lower case", "bearer good", 200, nil, "", true},
		{"none", "", 401, codes.Unauthenticated, "Bearer", false},
		{"scheme only", "Bearer ", 401, codes.Unauthenticated, "Bearer", false},
		{"another scheme", "Basic good", 401, codes.Unauthenticated, "Bearer", false},
		{"two words", "Bearer good good", 401, codes.Unauthenticated, "Bearer", false},
		{"invalid", "Bearer bad", 401, codes.Unauthenticated, `Bearer error="invalid_token"`, true},
		{"expired", "Bearer expired", 401, codes.Unauthenticated, `Bearer error="invalid_token"`, true},
		{"longest", "Bearer good:" + strings.Repeat("x", 8<<10-5), 200, nil, "", true},
		{"too long", "Bearer good:" + strings.Repeat("x", 8<<10), 401, codes.Unauthenticated, "Bearer", false},
		{"store down", "Bearer down", 503, codes.Unavailable, "", true},
		{"fault", "Bearer fault", 503, codes.Unavailable, "", true},
		{"panic", "Bearer panic", 503, codes.Unavailable, "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			executed, asked := e.schema.executed.Load(), e.auth.asked.Load()
			// A body that cannot be read shows that nobody looks at it before.
			body := document(`{viewer}`)
			if test.status != 200 {
				body = "not JSON"
			}
			a := e.post(body, "Authorization", test.value)
			require.Equal(t, test.status, a.status, a.text)
			require.Equal(t, test.code, a.code())
			require.Equal(t, test.challenge, a.header.Get("WWW-Authenticate"))
			require.Equal(t, test.asked, e.auth.asked.Load() > asked)
			require.Equal(t, test.status == 200, e.schema.executed.Load() > executed)
			require.NotContains(t, a.text, "secret")
			if test.status == 200 {
				require.Equal(t, test.value[len("Bearer "):], a.body.Data["viewer"])
			}
			if test.status == 503 {
				require.NotEmpty(t, a.header.Get("Retry-After"))
			}
		})
	}
}

func TestHTTPTwoAuthorizationHeadersAreRefused(t *testing.T) {
	e := start(t, nil)
	req := e.request("POST", "", document(`{hello}`))
	req.Header["Authorization"] = []string{"Bearer good", "Bearer good"}
	require.Equal(t, http.StatusUnauthorized, e.do(req).status)
}

func TestHTTPPanicOutsideOfAResolver(t *testing.T) {
	e := start(t, nil)
	a := e.post(document(`{boom}`))
	require.Equal(t, 500, a.status)
	require.Equal(t, "recovered", a.body.Errors[0].Message)
	require.Equal(t, 200, e.post(document(`{hello}`)).status, "the server lives on")
}

func TestHTTPKeepsTheDigitsOfNumbers(t *testing.T) {
	e := start(t, nil)
	a := e.post(`{"query":"mutation($v:Int!){set(value:$v)}","variables":{"v":2147483647}}`)
	require.Contains(t, a.text, "2147483647")
}

func TestIntrospectionSwitch(t *testing.T) {
	for _, on := range []bool{true, false} {
		seen := false
		e := start(t, func(o *transport.Options) {
			o.Introspection = on
			o.Extensions = append(o.Extensions, introspectionProbe{&seen})
		})
		e.post(document(`{hello}`))
		require.Equal(t, on, seen)
		misspelled := e.post(document(`{hallo}`)).text
		require.Equal(t, on, strings.Contains(misspelled, "Did you mean"), misspelled)
	}
}

func TestNewSaysWhatIsMissing(t *testing.T) {
	_, err := transport.New(newFakeSchema(), transport.Options{})
	require.ErrorContains(t, err, "Authenticator")
	_, err = transport.New(newFakeSchema(), transport.Options{
		Authenticator: &tokens{}, Socket: transport.SocketOptions{OriginPatterns: []string{"[x"}},
	})
	require.ErrorContains(t, err, `"[x"`)
}
