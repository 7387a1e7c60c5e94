package webhook_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"switchboard/cloudevent"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
	"switchboard/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// partner is the key as which endpoints of the tests are sent events.
const partner workspace.KeyID = "partner"

// desk is a workspace with its log, its endpoints, and what they were sent.
type desk struct {
	t      *testing.T
	w      *world.World
	mu     sync.Mutex
	log    []eventlog.Record
	grown  chan struct{}
	store  *memory
	vault  *webhook.Vault
	engine *webhook.Engine
	by     http.RoundTripper
	ends   []string
	single int    // reads of one record
	shown  string // the secret of the newest endpoint
	feed   lagging
	copied *workspace.Directory // the newest copy of the roster
}

type fixedKey struct{}

func (fixedKey) WebhookKey(context.Context) ([]byte, error) { return make([]byte, 32), nil }

func newDesk(t *testing.T, by http.RoundTripper) *desk {
	t.Helper()
	d := &desk{t: t, w: world.NewWorld(t), grown: make(chan struct{}), store: newMemory(), by: by}
	d.w.Roster.Keys[partner] = workspace.APIKey{ID: partner, Workspace: world.Home, Name: "CRM", Role: workspace.RolePartner, Rev: 1, Permissions: []workspace.Permission{
		{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeAll},
	}}
	d.w.Roster.Webhooks = map[workspace.WebhookID]workspace.Webhook{}
	var err error
	d.vault, err = webhook.OpenVault(t.Context(), fixedKey{})
	require.NoError(t, err)
	d.engine = webhook.NewEngine(d.config())
	return d
}

func (d *desk) config() webhook.Config {
	return webhook.Config{
		Store: d.store, Records: d, Signals: d, Directory: d.Directory, End: d.end, Vault: d.vault, Guard: &webhook.Guard{Mode: webhook.Any},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Jitter: func() float64 { return 0 }, Transport: func() http.RoundTripper { return d.by },
		Access: func(ctx context.Context, p inbox.Principal) (access.Access, error) {
			dir, _ := d.Directory(ctx, p.Workspace)
			a, err := access.NewAccess(p, dir, d.w.Policy)
			if err == nil && a.Key.Expired(time.Now()) { // as access.Callers does
				err = &inbox.Error{Code: inbox.Unauthenticated}
			}
			return a, err
		},
		Renew: func(context.Context, workspace.WorkspaceID) error { return d.catchUp() },
		Render: func(_ context.Context, _ workspace.Webhook, r eventlog.Record) (*webhook.Payload, error) {
			data := json.RawMessage(fmt.Sprintf(`{"version":%d,"conversation":%q}`, r.Content.Version, r.Conversation))
			return &webhook.Payload{Event: cloudevent.Event{ID: r.ID, Type: "conversation.x", Subject: string(r.Conversation), Workspace: "home", At: r.At, Data: data}}, nil
		},
		RenderTest: func(_ workspace.Webhook, r workspace.WebhookReplay) webhook.Payload {
			return webhook.Payload{Event: cloudevent.Event{ID: "test", Type: "webhook.test", At: r.At, Data: json.RawMessage(`{}`)}}
		},
	}
}

func newEngine(d *desk) *webhook.Engine { return webhook.NewEngine(d.config()) }

// Directory is a copy of the roster as it is now.
func (d *desk) Directory(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.feed.behind != nil {
		return d.feed.behind, nil
	}
	return d.roster(), nil
}

// roster is a copy of what is stored of the directory, the same until that is edited: it is
// asked for every fake minute. It needs mu.
func (d *desk) roster() *workspace.Directory {
	if d.copied == nil {
		out := *d.w.Roster
		out.Webhooks, out.Keys = maps.Clone(out.Webhooks), maps.Clone(out.Keys)
		d.copied = &out
	}
	return d.copied
}

// edit changes what is stored of the directory. It needs mu.
func (d *desk) edit(edit func(*workspace.Directory)) {
	edit(d.w.Roster)
	d.copied = nil
}

// change edits the roster, and has the engine hear of it as by the feed.
func (d *desk) change(edit func(*workspace.Directory)) {
	d.mu.Lock()
	d.edit(edit)
	d.mu.Unlock()
	d.engine.Apply(inbox.Event{Type: inbox.DirectoryEvent, Workspace: world.Home, Directory: &workspace.DirectoryChange{Webhook: &workspace.Webhook{}}})
}

func (d *desk) end(_ context.Context, judged workspace.Webhook, reason string) error {
	d.change(func(dir *workspace.Directory) {
		w := dir.Webhooks[judged.ID]
		if w.State == workspace.WebhookDisabled || w.Rev != judged.Rev {
			return
		}
		w.State, w.StateReason = workspace.WebhookDisabled, reason
		w.Rev++
		dir.Webhooks[judged.ID] = w
		d.ends = append(d.ends, reason)
	})
	return nil
}

func (d *desk) ended() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ends
}

// endpoint adds an endpoint that is sent changes of ownership.
func (d *desk) endpoint(id workspace.WebhookID, edit ...func(*workspace.Webhook)) workspace.Webhook {
	raw := webhooks.DrawMaterial()
	m, _ := webhooks.MaterialOf(raw)
	sealed, err := d.vault.Seal(d.t.Context(), raw)
	require.NoError(d.t, err)
	d.shown = m.Shown()
	w := workspace.Webhook{
		ID: id, Workspace: world.Home, Name: string(id), URL: "https://hooks.example/" + string(id), Key: partner, Records: []workspace.RecordKind{workspace.OwnershipRecord},
		Order: workspace.PerConversation, State: workspace.WebhookActive, Secrets: []workspace.WebhookSecret{m.Secret(sealed, time.Now())}, Rev: 1, Release: "2026-12",
	}
	for _, e := range edit {
		e(&w)
	}
	d.change(func(dir *workspace.Directory) { dir.Webhooks[id] = w })
	return w
}

// happens adds changes of ownership to the log, each the next version of its conversation.
func (d *desk) happens(conversations ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	versions := map[string]int{}
	for _, r := range d.log {
		versions[string(r.Conversation)]++
	}
	for _, c := range conversations {
		versions[c]++
		version := versions[c]
		n := eventlog.Sequence(len(d.log) + 1)
		kind := workspace.Livechat
		if strings.HasPrefix(c, "ticket") {
			kind = workspace.Ticket
		}
		after := inbox.Conversation{ID: inbox.ConversationID(c), Workspace: world.Home, Kind: kind, Version: version}
		id := fmt.Sprintf("e%d", n)
		d.log = append(d.log, eventlog.Record{
			Entry:   eventlog.Entry{Workspace: world.Home, Sequence: n, Kind: eventlog.Ownership, ID: id, Event: inbox.EventID(id), Conversation: after.ID, At: time.Now()},
			Content: inbox.Event{ID: inbox.EventID(id), Workspace: world.Home, Type: inbox.OwnershipEvent, Kind: inbox.EventClaimed, Conversation: after.ID, Version: version, After: &after},
		})
	}
	close(d.grown)
	d.grown = make(chan struct{})
}

// Next is closed when the log grows.
func (d *desk) Next(workspace.WorkspaceID) <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.grown
}

// Read gives the records behind after.
func (d *desk) Read(_ context.Context, _ workspace.WorkspaceID, after eventlog.Sequence, limit int) ([]eventlog.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if limit == 1 {
		d.single++
	}
	from := min(int(after), len(d.log))
	return append([]eventlog.Record(nil), d.log[from:min(from+limit, len(d.log))]...), nil
}

// ReadBack is not used.
func (d *desk) ReadBack(context.Context, workspace.WorkspaceID, eventlog.Sequence, int) ([]eventlog.Record, error) {
	return nil, nil
}

// Present are the conversations as their last changes left them.
func (d *desk) Present(context.Context, workspace.WorkspaceID, []eventlog.Record) (map[inbox.ConversationID]inbox.Conversation, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[inbox.ConversationID]inbox.Conversation{}
	for _, r := range d.log {
		out[r.Conversation] = *r.Content.After
	}
	return out, nil
}

// Bounds are those of the log.
func (d *desk) Bounds(context.Context, workspace.WorkspaceID) (eventlog.Bounds, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return eventlog.Bounds{Oldest: 1, Newest: eventlog.Sequence(len(d.log))}, nil
}

// Sequences is not used.
func (d *desk) Sequences(context.Context, workspace.WorkspaceID, []string) (map[string]eventlog.Sequence, error) {
	return nil, nil
}

// run runs the engine until the returned function is called.
func (d *desk) run() (stop func()) {
	ctx, cancel := context.WithCancel(d.t.Context())
	done, engine := make(chan struct{}), d.engine
	go func() {
		defer close(done)
		_ = engine.Run(ctx)
	}()
	return func() { cancel(); <-done }
}

// memory is a store of progress and deliveries.
type memory struct {
	mu         sync.Mutex
	progress   map[workspace.WebhookID]webhooks.Progress
	deliveries map[place]webhooks.Delivery
	newest     int64 // the last place that has anything
	fail       error
	// takes is how long a save takes, and busy how long all together took.
	takes, busy time.Duration
}

func newMemory() *memory {
	return &memory{progress: map[workspace.WebhookID]webhooks.Progress{}, deliveries: map[place]webhooks.Delivery{}}
}

// place is where a delivery of an endpoint stands.
type place struct {
	id       workspace.WebhookID
	sequence int64
	replay   string
}

func (p place) compare(other place) int {
	return cmp.Or(cmp.Compare(p.id, other.id), cmp.Compare(p.sequence, other.sequence), cmp.Compare(p.replay, other.replay))
}

// WebhookWorkspaces is the one workspace.
func (m *memory) WebhookWorkspaces(context.Context) ([]workspace.WorkspaceID, error) {
	return []workspace.WorkspaceID{world.Home}, nil
}

// WebhookProgress reads the progress.
func (m *memory) WebhookProgress(_ context.Context, ws workspace.WorkspaceID, id workspace.WebhookID) (webhooks.Progress, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p, ok := m.progress[id]; ok {
		return p, nil
	}
	return webhooks.Progress{Workspace: ws, Webhook: id}, nil
}

// SaveWebhookProgress replaces the progress.
func (m *memory) SaveWebhookProgress(_ context.Context, p webhooks.Progress, all ...webhooks.Delivery) error {
	time.Sleep(m.takes)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.busy += m.takes
	if m.fail != nil {
		return m.fail
	}
	if m.progress[p.Webhook].Rev != p.Rev-1 {
		return commit.ErrStale
	}
	m.progress[p.Webhook] = p
	for _, d := range all {
		m.deliveries[place{d.Webhook, d.Place(), d.Replay}] = d
		m.newest = max(m.newest, d.Place())
	}
	return nil
}

// DeliveriesBehind lists deliveries.
func (m *memory) DeliveriesBehind(_ context.Context, _ workspace.WorkspaceID, id workspace.WebhookID, replay string, behind int64, limit int) (out []webhooks.Delivery, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for n := behind + 1; n <= m.newest && len(out) < limit; n++ {
		if d, ok := m.deliveries[place{id, n, replay}]; ok {
			out = append(out, d)
		}
	}
	return out, nil
}

// WebhookConditions is not used.
func (m *memory) WebhookConditions(context.Context, workspace.WorkspaceID, []workspace.WebhookID) (map[workspace.WebhookID]webhooks.Condition, error) {
	return nil, nil
}

// ListDeliveries gives one page, newest first.
func (m *memory) ListDeliveries(_ context.Context, q webhooks.DeliveryQuery) (page inbox.Page[webhooks.Delivery], _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := slices.SortedFunc(maps.Keys(m.deliveries), place.compare)
	for _, k := range slices.Backward(keys) {
		d := m.deliveries[k]
		before := q.Page.After == nil || k.compare(place{q.Webhook, int64(q.Page.After.Sequence), q.Page.After.ID}) < 0
		if d.Webhook == q.Webhook && before && (q.State == "" || q.State == d.State) && len(page.Items) < q.Page.Limit {
			page.Items = append(page.Items, d)
		}
	}
	return page, nil
}

// ForgetDeliveries removes what went well.
func (m *memory) ForgetDeliveries(_ context.Context, _ workspace.WorkspaceID, id workspace.WebhookID, before int64, limit int) (n int, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	oldest := slices.SortedFunc(maps.Keys(m.deliveries), func(a, b place) int {
		return cmp.Compare(m.deliveries[a].Place(), m.deliveries[b].Place())
	})
	for _, k := range oldest {
		d := m.deliveries[k]
		went := d.State == webhooks.Delivered || d.State == webhooks.Skipped || d.State == webhooks.Parked && d.Replay != ""
		if d.Webhook == id && d.Place() < before && n < limit && went {
			delete(m.deliveries, k)
			n++
		}
	}
	return n, nil
}

func (m *memory) kept() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.deliveries)
}

func (m *memory) at(id workspace.WebhookID) webhooks.Progress {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.progress[id]
}

func (m *memory) breaks(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

func (m *memory) stored(id workspace.WebhookID, sequence int64) webhooks.Delivery {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.deliveries[place{id, sequence, ""}]
}

// of is a delivery by a replay or a test, by its place.
func (m *memory) of(id workspace.WebhookID, at int64, replay string) webhooks.Delivery {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.deliveries[place{id, at, replay}]
}

// got is one request as a receiver has it.
type got struct {
	header http.Header
	raw    []byte
	url    string
	at     time.Time
	body   struct {
		Type               string
		ID                 string
		Sequence, Previous int64
		Truncated          bool
		Data               struct {
			Version      int
			Conversation string
		}
	}
}

// receiver answers in memory, as answer says; 200 when that is nil.
type receiver struct {
	answering sync.Mutex
	mu        sync.Mutex
	all       []got
	answer    func(r *http.Request, one got) (status int, header http.Header)
}

// RoundTrip is one request.
func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	one := got{header: req.Header, url: req.URL.String(), at: time.Now()}
	one.raw, _ = io.ReadAll(req.Body)
	if err := json.Unmarshal(one.raw, &one.body); err != nil {
		return nil, err
	}
	status, header := http.StatusOK, http.Header{}
	if r.answer != nil {
		r.hold(func() { status, header = r.answer(req, one) })
		if status == 0 {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}
	}
	if status == http.StatusOK {
		r.mu.Lock()
		r.all = append(r.all, one)
		r.mu.Unlock()
	}
	rec := httptest.NewRecorder()
	for k, v := range header {
		rec.Header()[k] = v
	}
	rec.WriteHeader(status)
	return rec.Result(), nil
}

// hold runs do while no answer is being made.
func (r *receiver) hold(do func()) {
	r.answering.Lock()
	defer r.answering.Unlock()
	do()
}

func (r *receiver) received() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]got(nil), r.all...)
}

func sequences(all []got) (out []int64) {
	for _, g := range all {
		out = append(out, g.body.Sequence)
	}
	return out
}
