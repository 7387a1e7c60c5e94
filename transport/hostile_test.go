package transport_test

import (
	"context"
	"encoding/json"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"switchboard/transport"
	"switchboard/transport/codes"
)

// part of a hostile text: a text as it is, or one that is repeated, in which #
// stands for the number of the repetition and + for the next.
type part struct {
	text  string
	times int
}

func (p *part) UnmarshalJSON(data []byte) error {
	if p.times = 1; json.Unmarshal(data, &p.text) == nil {
		return nil
	}
	var repeated struct {
		Repeat string
		Times  int
	}
	err := json.Unmarshal(data, &repeated)
	p.text, p.times = repeated.Repeat, repeated.Times
	return err
}

func written(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.times == 1 || !strings.ContainsAny(p.text, "#+") {
			b.WriteString(strings.Repeat(p.text, p.times))
			continue
		}
		for i := range p.times {
			b.WriteString(strings.NewReplacer("#", strconv.Itoa(i), "+", strconv.Itoa(i+1)).Replace(p.text))
		}
	}
	return b.String()
}

// hostileRequest is a row of testdata/hostile/requests.json.
type hostileRequest struct {
	Name                                string
	Document, Body                      []part
	Type, Encoding, Authorization, Code string
	AuthorizationLength, Status         int
	CodeAny                             []string `json:"code_any"`
}

// body is written once: it takes longer than many a refusal of it.
func (h hostileRequest) body() string {
	if h.Document != nil {
		return document(written(h.Document))
	}
	return written(h.Body)
}

func (h hostileRequest) send(e *env, body string) answer {
	header := []string{}
	for name, value := range map[string]string{"Content-Type": h.Type, "Content-Encoding": h.Encoding, "Authorization": h.Authorization} {
		if value != "" {
			header = append(header, name, value+strings.Repeat("x", h.AuthorizationLength))
		}
	}
	return e.post(body, header...)
}

func hostileRequests(t *testing.T) []hostileRequest {
	t.Helper()
	data, err := os.ReadFile("testdata/hostile/requests.json")
	require.NoError(t, err)
	var rows []hostileRequest
	require.NoError(t, json.Unmarshal(data, &rows))
	require.GreaterOrEqual(t, len(rows), 60)
	return rows
}

// A hostile request may take so much memory, whether it is kept or not: some
// bytes for each byte of it, to read it, and what any request takes. A document
// that is worked on would take thousands of times more. Time would tell too, but
// differently on each machine.
const (
	eachByte   = 60
	anyRequest = 4 << 20
)

// Every request of the corpus is refused before anything is executed, with a
// bounded amount of work, and leaves nothing behind.
func TestHostileRequests(t *testing.T) {
	rows := hostileRequests(t)
	// As the command does: no names of the schema are suggested, which takes long.
	e := start(t, func(o *transport.Options) { o.MayIntrospect = func(context.Context) bool { return true } })
	require.NotEmpty(t, e.post(document(`{`)).body.Errors)
	e.http.CloseIdleConnections()
	before := traces(t)
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			executed := e.schema.executed.Load()
			body, best := row.body(), ^uint64(0)
			began := time.Now()
			for range 3 { // what else happens to run is in one of them, not in all
				var a answer
				best = min(best, allocated(func() { a = row.send(e, body) }))
				if row.Status != 0 {
					require.Equal(t, row.Status, a.status, "%.300s", a.text)
				}
				want := row.CodeAny
				if want == nil {
					want = []string{row.Code}
				}
				require.Contains(t, want, a.code(), "%.300s", a.text)
				require.Less(t, len(a.text), 20_000, "a refusal is short: %.300s", a.text)
			}
			require.Equal(t, executed, e.schema.executed.Load(), "it was executed")
			t.Logf("%7d bytes: %8d allocated, %.2f ms", len(body), best, time.Since(began).Seconds()*1000/3)
			require.Less(t, best, uint64(anyRequest+eachByte*len(body)))
		})
	}
	e.http.CloseIdleConnections()
	before.require(t)
}

// What bounds the work would notice work: a document that passes, and is validated
// and executed, takes more than a refused one of its size may.
func TestWorkIsNoticed(t *testing.T) {
	e := start(t, nil)
	body := document(`{big(bytes:20000000)}`)
	require.Greater(t, allocated(func() { e.post(body) }), uint64(anyRequest+eachByte*len(body)))
}

// allocated is how many bytes were allocated meanwhile, freed ones included.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// trace is what a process holds.
type trace struct {
	descriptors int
	heap        uint64
	goroutines  goleak.Option
}

func traces(t *testing.T) trace {
	t.Helper()
	return trace{descriptors: openFiles(t), heap: heap(), goroutines: goleak.IgnoreCurrent()}
}

// require demands that all of it is back where it was.
func (b trace) require(t *testing.T) {
	t.Helper()
	goleak.VerifyNone(t, b.goroutines)
	eventually(t, func() bool { return openFiles(t) <= b.descriptors }, "descriptors are back")
	require.Less(t, heap(), b.heap+64<<20, "memory is back")
}

func openFiles(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	return descriptors(t)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // what finalizers let go of in the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// The corpus is worth its name: each row is refused for what it is, and rows of
// one kind are not all there is.
func TestTheCorpusHasManyKinds(t *testing.T) {
	kinds := map[string]int{}
	for _, row := range hostileRequests(t) {
		kinds[row.Code]++
	}
	for _, code := range []string{codes.LimitExceeded, codes.BadRequest, codes.UnsupportedMediaType, codes.PayloadTooLarge,
		codes.Unauthenticated, "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"} {
		require.Positive(t, kinds[code], "%v", slices.Sorted(func(yield func(string) bool) {
			for k := range kinds {
				if !yield(k) {
					return
				}
			}
		}))
	}
}
