package blackbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/logcheck"
)

// logHook is another system with a webhook endpoint, which verifies and writes down
// whatever is posted to it, and fails as it is told.
type logHook struct {
	name    string
	records []logcheck.Kind
	order   logcheck.Order
	key     workspace.KeyID
	// sees are the conversations that the key may see.
	sees func(inbox.Conversation) bool
	// fails and hangs are so many of a hundred calls. Of one event these are mercy at most:
	// later attempts come minutes after one another.
	fails, hangs, mercy int
	// dead never answers.
	dead bool

	server   *httptest.Server
	mu       sync.Mutex
	id       string // of the endpoint, as the API has it
	secret   string
	random   *rand.Rand
	down     bool
	refused  map[string]int
	got      []logcheck.Delivery
	stamps   []int64 // of the attempts, by the clock of the program
	bad      []string
	mended   chan struct{} // closed when nothing fails any more
	released chan struct{} // closed when the test is over
}

// open lets a hook be called until the test ends.
func (h *logHook) open(t *testing.T, seed uint64) {
	t.Helper()
	h.random, h.refused = rand.New(rand.NewPCG(seed, uint64(len(h.name)))), map[string]int{}
	h.mended, h.released = make(chan struct{}), make(chan struct{})
	h.server = httptest.NewServer(h)
	t.Cleanup(func() { close(h.released); h.server.Close() })
}

// hookBody is what is posted, with the default payload.
type hookBody struct {
	Sequence, Previous int64
	Data               struct {
		Version int
		To      struct{ Assignee, Status string }
	}
}

// ServeHTTP takes, refuses or holds a call.
func (h *logHook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return // whoever called is dead
	}
	switch h.take(r.Header, raw) {
	case http.StatusNoContent:
		w.WriteHeader(http.StatusNoContent)
	case http.StatusBadGateway:
		w.WriteHeader(http.StatusBadGateway)
	default:
		h.hold(r)
		panic(http.ErrAbortHandler)
	}
}

// hold keeps a call without an answer.
func (h *logHook) hold(r *http.Request) {
	mended := h.mended
	if h.dead {
		mended = nil
	}
	select {
	case <-r.Context().Done():
	case <-mended:
	case <-h.released:
	}
}

// take writes a call down, and gives the status of the answer; 0 for none.
func (h *logHook) take(header http.Header, raw []byte) (status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var body hookBody
	wh, err := standardwebhooks.NewWebhook(h.secret)
	if err == nil {
		err = wh.Verify(raw, header)
	}
	if err == nil {
		err = json.Unmarshal(raw, &body)
	}
	if err != nil {
		h.bad = append(h.bad, fmt.Sprintf("%v: %s", err, raw))
		return http.StatusBadRequest
	}
	d := logcheck.Delivery{ID: plainID(header.Get("Webhook-Id")), Sequence: body.Sequence, Previous: body.Previous, Replay: header.Get("Webhook-Replay")}
	if body.Data.Version > 0 {
		d.State = &logcheck.State{Owner: plainID(body.Data.To.Assignee), Status: body.Data.To.Status, Version: body.Data.Version}
	}
	status = h.verdict(d.ID)
	d.Refused = status != http.StatusNoContent
	var stamp int64
	_, _ = fmt.Sscan(header.Get("Webhook-Timestamp"), &stamp) // it is signed
	h.got, h.stamps = append(h.got, d), append(h.stamps, stamp)
	return status
}

func (h *logHook) verdict(id string) (status int) {
	switch n := h.random.IntN(100); {
	case h.dead:
		return 0
	case h.isMended():
		return http.StatusNoContent
	case h.down:
		return http.StatusBadGateway
	case h.refused[id] >= h.mercy, n >= h.hangs+h.fails:
		return http.StatusNoContent
	case n >= h.hangs:
		status = http.StatusBadGateway
	}
	h.refused[id]++
	return status
}

func (h *logHook) isMended() bool {
	select {
	case <-h.mended:
		return true
	default:
		return false
	}
}

func (h *logHook) setDown(down bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.down = down
}

// receiver is what the hook got so far, of the log that these events made.
func (h *logHook) receiver(events []inbox.Event) logcheck.Receiver {
	h.mu.Lock()
	defer h.mu.Unlock()
	sight := logcheck.Sight(events, h.sees)
	return logcheck.Receiver{
		Name: h.name, Order: h.order, Chained: true, Got: slices.Clone(h.got),
		Wants: func(r logcheck.Record) logcheck.Want {
			if r.Internal || !slices.Contains(h.records, r.Kind) {
				return logcheck.Never
			}
			return sight(r)
		},
	}
}

// latest is when the last attempt began, by the clock of the program.
func (h *logHook) latest() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Unix(slices.Max(h.stamps), 0)
}

// wrong is what could not be verified.
func (h *logHook) wrong() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.bad)
}

// create makes the endpoint, which begins with the first record of the log.
func (h *logHook) create(c *client) {
	c.t.Helper()
	h.mu.Lock() // what comes before the secret is known waits
	defer h.mu.Unlock()
	made := c.do(`mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { id } userErrors { code message } } }`, object{"input": object{
		"name": h.name, "url": h.server.URL, "apiKeyId": globalID("ApiKey", string(h.key)), "records": h.records, "order": h.order, "from": object{"sequence": "1"},
	}})
	require.Empty(c.t, made.at("createWebhook.userErrors"), made.text)
	h.secret, h.id = str(c.t, made.Data, "createWebhook.secret"), str(c.t, made.Data, "createWebhook.webhook.id")
}
