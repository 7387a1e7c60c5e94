package webhook

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// again is how long to wait before an endpoint is begun anew, after the store failed or
// another server was at it; twice as long each time that it fails at once, up to longestAgain.
const (
	again        = time.Second
	longestAgain = 15 * time.Second
)

// serve sends to one endpoint as long as it is to be sent to.
func (e *Engine) serve(ctx context.Context, id endpointID) {
	poke := make(chan struct{}, 1)
	e.mu.Lock()
	e.pokes[id] = poke
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		delete(e.pokes, id)
		e.mu.Unlock()
	}()
	for failed := time.Duration(0); ctx.Err() == nil; {
		began := time.Now()
		w, err := e.webhook(ctx, id)
		if inbox.IsNotFound(err) || err == nil && e.standing(ctx, w) != sends {
			return
		}
		if err == nil {
			err = e.sendTo(ctx, w, poke, failed > 0)
		}
		if err == nil || time.Since(began) > longestAgain {
			failed = 0
		}
		if err != nil && ctx.Err() == nil {
			e.Log.Warn("a webhook is begun anew", slog.String("webhook", string(id.id)), slog.Any("error", err))
			failed = min(max(again, 2*failed), longestAgain)
			sleep(ctx, failed)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

var (
	// errChanged ends the lines of an endpoint that is sent nothing more, at once.
	errChanged = errors.New("webhook: the endpoint changed")
	// errLeft ends a line that had the time to finish what was on its way.
	errLeft = errors.New("webhook: the line was left")
)

// sendTo runs the line of the endpoint's log and that of its next replay, until the
// endpoint changes, a line fails or ctx ends. If it failed before, nothing is sent unless
// something can be stored: what cannot be kept would be sent again and again.
func (e *Engine) sendTo(ctx context.Context, w workspace.Webhook, poke <-chan struct{}, failed bool) error {
	led, err := openLedger(ctx, e.Store, webhooks.Begun(w), w.AddressAt)
	if err == nil && failed {
		err = led.save(ctx, func(*webhooks.Progress) {}, alone)
	}
	if err != nil {
		return err
	}
	signs, err := e.Vault.signers(w.Signing(time.Now()))
	if err != nil || len(signs) == 0 {
		e.end(ctx, w, webhooks.EndSecretLost)
		sleep(ctx, again) // it may not have been stored, or not be known to this server yet
		return nil
	}
	by := e.Transport()
	defer closeIdle(by)
	ctx, stop := context.WithCancelCause(ctx)
	var lines, watching sync.WaitGroup
	run := func(among *sync.WaitGroup, do func(ctx context.Context) error) {
		among.Go(func() {
			if err := do(ctx); err != nil && !errors.Is(err, errLeft) {
				stop(err)
			}
		})
	}
	s := &sender{
		Engine: e, w: w, by: by, ledger: led, signers: signs, ordered: make(chan struct{}, 1), leaves: make(chan struct{}),
	}
	s.now.Store(&w)
	s.tries.Store(true) // until the log was read
	run(&lines, func(ctx context.Context) error { return newLine(s, nil, connections).run(ctx) })
	run(&lines, func(ctx context.Context) error { return s.replays(ctx) })
	run(&watching, func(ctx context.Context) error { return s.watch(ctx, poke) })
	lines.Wait()
	stop(nil)
	watching.Wait()
	if err := context.Cause(ctx); !errors.Is(err, errChanged) && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func closeIdle(by http.RoundTripper) {
	if t, ok := by.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

// sender is one endpoint while it is sent to.
type sender struct {
	*Engine
	w workspace.Webhook
	// now is w, or w with another name and other orders, of which ordered tells.
	now     atomic.Pointer[workspace.Webhook]
	ordered chan struct{}
	by      http.RoundTripper
	ledger  *ledger
	signers []signer
	// tries says that something new waits or is on its way. A replay of a failing endpoint is
	// tried only while there is nothing that could find out whether the endpoint is back.
	tries atomic.Bool
	// leaves is closed when the lines are to begin nothing more, and to end with what is on
	// its way: an answer that is cut off is an event that is sent again.
	leaves chan struct{}
}

// left reports whether the lines are to end.
func (s *sender) left() bool {
	select {
	case <-s.leaves:
		return true
	default:
		return false
	}
}

// watch has the lines end when the endpoint or the plan is no longer what they began with.
// Another name or another order of a replay is none of that. It ends with errChanged, which
// cuts what is on its way, when the endpoint or its key is gone.
func (s *sender) watch(ctx context.Context, poke <-chan struct{}) error {
	tick := time.NewTicker(recheck)
	defer tick.Stop()
	for {
		select {
		case <-poke:
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		w, err := s.webhook(ctx, endpointID{s.w.Workspace, s.w.ID})
		if inbox.IsNotFound(err) {
			return errChanged
		}
		if err != nil {
			return err
		}
		switch now := s.standing(ctx, w); {
		case now == over:
			return errChanged
		case now == sends && alike(w, s.w):
			s.now.Store(&w)
			nudge(s.ordered)
		case !s.left():
			close(s.leaves)
		}
	}
}

// alike reports whether two states of an endpoint are sent the same in the same way.
func alike(a, b workspace.Webhook) bool {
	a.Name, a.Replays, a.Rev = b.Name, b.Replays, b.Rev
	return reflect.DeepEqual(a, b)
}

// replays runs those that are not over, one after the other, and waits for more.
func (s *sender) replays(ctx context.Context) error {
	for ctx.Err() == nil {
		r := s.nextReplay()
		if r == nil {
			select {
			case <-s.ordered:
			case <-s.leaves:
				return nil
			case <-ctx.Done():
			}
			continue
		}
		if err := newLine(s, r, replayConnections).run(ctx); err != nil || ctx.Err() != nil {
			return err
		}
		if err := s.ledger.save(ctx, func(p *webhooks.Progress) { endReplay(p, r.ID) }, alone); err != nil {
			return err
		}
	}
	return nil
}

// nextReplay is the oldest that is not over; nil for none.
func (s *sender) nextReplay() *workspace.WebhookReplay {
	p, _ := s.ledger.look()
	for _, r := range s.now.Load().Replays {
		if !slices.Contains(p.Ended, r.ID) {
			return &r
		}
	}
	return nil
}
