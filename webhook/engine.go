package webhook

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// Config is what an Engine needs. Every field is required but Transport, Observer and Jitter.
type Config struct {
	Store   webhooks.Store
	Records eventlog.Records
	Signals eventlog.Hearer
	// Directory returns a workspace's directory as this server knows it.
	Directory func(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error)
	// Access resolves the key of an endpoint, as it is now.
	Access func(ctx context.Context, p inbox.Principal) (access.Access, error)
	// Renew makes all that decides on the rights of a workspace's callers, as this server
	// knows it, as new as what is stored.
	Renew func(ctx context.Context, ws workspace.WorkspaceID) error
	// Render makes the payload of a record, with what the key may see of it now. Nil without
	// an error is a record that it may not see after all.
	Render func(ctx context.Context, w workspace.Webhook, r eventlog.Record) (*Payload, error)
	// RenderTest makes that of a test.
	RenderTest func(w workspace.Webhook, r workspace.WebhookReplay) Payload
	// End disables an endpoint for a reason, unless it changed since it was as w.
	End   func(ctx context.Context, w workspace.Webhook, reason string) error
	Vault *Vault
	Guard *Guard
	Log   *slog.Logger
	// Transport replaces the connections of an endpoint, in tests.
	Transport func() http.RoundTripper
	// Observe hears of each attempt; nil for nobody.
	Observe func(o webhooks.Outcome, replay bool)
	// Jitter gives numbers from -1 to 1; random ones when nil.
	Jitter func() float64
}

// Engine sends to all endpoints of an installation.
type Engine struct {
	Config

	mu      sync.Mutex
	changed map[workspace.WorkspaceID]bool
	wake    chan struct{}
	pokes   map[endpointID]chan struct{}
}

type endpointID struct {
	ws workspace.WorkspaceID
	id workspace.WebhookID
}

// NewEngine makes an engine that stands still. It follows the feed, to hear of changed
// endpoints and rights.
func NewEngine(c Config) *Engine {
	if c.Jitter == nil {
		c.Jitter = func() float64 { return 2*rand.Float64() - 1 }
	}
	if c.Observe == nil {
		c.Observe = func(webhooks.Outcome, bool) {}
	}
	if c.Transport == nil {
		c.Transport = func() http.RoundTripper { return transport(c.Guard) }
	}
	return &Engine{Config: c, changed: map[workspace.WorkspaceID]bool{}, wake: make(chan struct{}, 1), pokes: map[endpointID]chan struct{}{}}
}

// Apply notices that endpoints, keys, rights or the plan of a workspace may have changed.
func (e *Engine) Apply(ev inbox.Event) {
	if ev.Type != inbox.DirectoryEvent || ev.Directory == nil {
		return
	}
	if d := ev.Directory; d.Webhook == nil && d.Key == nil && d.Workspace == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.changed[ev.Workspace] = true
	for id, poke := range e.pokes {
		if id.ws == ev.Workspace {
			nudge(poke)
		}
	}
	nudge(e.wake)
}

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// FeedLost does nothing.
func (e *Engine) FeedLost() {}

// Forget has every endpoint looked at again: what was known may be old.
func (e *Engine) Forget() { e.FeedBack() }

// FeedBack has every endpoint looked at again: changes may have been missed.
func (e *Engine) FeedBack() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, poke := range e.pokes {
		nudge(poke)
	}
	e.changed[""] = true
	nudge(e.wake)
}

// recheck is how often all endpoints are looked at, should a change have been missed.
const recheck = time.Minute

// Run sends until ctx ends, and returns when nothing is being sent. It is a duty of the
// lease holder: two that run at once notice it, and one of them starts over.
func (e *Engine) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan endpointID)
	alive := map[endpointID]bool{}
	all := []workspace.WorkspaceID{""}
	tick := time.NewTicker(recheck)
	defer tick.Stop()
	for ctx.Err() == nil {
		wanted, err := e.wanted(ctx, all)
		if err != nil {
			return err
		}
		for _, id := range wanted {
			if !alive[id] {
				alive[id] = true
				running.Go(func() { e.serve(ctx, id); report(ctx, ended, id) })
			}
		}
		select {
		case <-e.wake:
			all = e.takeChanged()
		case id := <-ended:
			delete(alive, id)
			all = []workspace.WorkspaceID{id.ws}
		case <-tick.C:
			all = []workspace.WorkspaceID{""}
		case <-ctx.Done():
		}
	}
	return nil
}

func report(ctx context.Context, to chan<- endpointID, id endpointID) {
	select {
	case to <- id:
	case <-ctx.Done():
	}
}

func (e *Engine) takeChanged() (out []workspace.WorkspaceID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for ws := range e.changed {
		out = append(out, ws)
	}
	e.changed = map[workspace.WorkspaceID]bool{}
	return out
}

// wanted are the endpoints of workspaces that are to be sent to; an empty id stands for
// all workspaces.
func (e *Engine) wanted(ctx context.Context, in []workspace.WorkspaceID) (out []endpointID, err error) {
	for _, ws := range in {
		if ws == "" {
			if in, err = e.Store.WebhookWorkspaces(ctx); err != nil {
				return nil, err
			}
			break
		}
	}
	for _, ws := range in {
		d, err := e.Directory(ctx, ws)
		if inbox.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, w := range d.SortedWebhooks() {
			if e.standing(ctx, w) == sends {
				out = append(out, endpointID{ws, w.ID})
			}
		}
	}
	return out, nil
}

// standing is whether an endpoint is sent anything now.
type standing int

const (
	sends standing = iota
	// rests is an endpoint that is paused, disabled, of a key that has expired, or of a plan or
	// workspace that stands still. Nothing is lost: it goes on where it was.
	rests
	// over is an endpoint whose key was revoked, whatever else it is.
	over
)

func (e *Engine) standing(ctx context.Context, w workspace.Webhook) standing {
	if w.State != workspace.WebhookActive {
		if e.revoked(ctx, w) { // and another look at it, or another server, may have disabled it for that
			return over
		}
		return rests
	}
	a, err := e.Access(ctx, webhooks.Principal(w))
	if inbox.CodeOf(err) == inbox.Unauthenticated && e.revoked(ctx, w) {
		e.end(ctx, w, webhooks.EndKeyRevoked)
		return over
	}
	if err != nil || webhooks.Included(a, a.Key, w.Records) != nil {
		return rests
	}
	return sends
}

// revoked tells an endpoint whose key was revoked, which is final, from one whose key has
// expired.
func (e *Engine) revoked(ctx context.Context, w workspace.Webhook) bool {
	d, err := e.Directory(ctx, w.Workspace)
	if err != nil {
		return false
	}
	_, valid := d.Key(w.Key)
	return !valid
}

func (e *Engine) end(ctx context.Context, w workspace.Webhook, reason string) {
	if err := e.End(ctx, w, reason); err != nil && ctx.Err() == nil {
		e.Log.Warn("a webhook was not disabled and will be looked at again", slog.String("webhook", string(w.ID)), slog.Any("error", err))
	}
}

func (e *Engine) webhook(ctx context.Context, id endpointID) (workspace.Webhook, error) {
	d, err := e.Directory(ctx, id.ws)
	if err != nil {
		return workspace.Webhook{}, err
	}
	w, ok := d.Webhook(id.id)
	if !ok {
		return w, inbox.Missing("webhook")
	}
	return w, nil
}
