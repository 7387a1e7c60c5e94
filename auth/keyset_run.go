package auth

import (
	"context"
	"time"
)

// Run fetches the keys at once and then keeps them fresh until ctx ends. It
// never gives up: a provider that is away is asked again after KeyRetry, then
// more seldom. Call it once; it returns nil.
func (k *KeySet) Run(ctx context.Context) error {
	pause, failures := time.Duration(0), 0
	for k.sleep(ctx, pause) {
		k.begin()
		found, err := k.fetch(ctx)
		if ctx.Err() != nil {
			break
		}
		if pause = KeyRefresh; err == nil {
			failures = 0
		} else {
			pause = min(KeyRetry<<min(failures, 10), MaxKeyRetry)
			failures++
		}
		k.finish(found, err, pause)
	}
	return nil
}

// sleep waits for pause to pass, or for a request to ask and KeyGap to pass. It
// reports whether ctx still lives.
func (k *KeySet) sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-k.asked:
		k.mu.Lock()
		due := min(max(k.untilAllowed(), 0), pause)
		k.mu.Unlock()
		gap := time.NewTimer(due)
		defer gap.Stop()
		select {
		case <-ctx.Done():
		case <-gap.C:
		case <-timer.C:
		}
	}
	return ctx.Err() == nil
}

// begin counts a fetch, which answers every call that was made before it.
func (k *KeySet) begin() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.begun++
	select {
	case <-k.asked:
	default:
	}
}

// finish replaces the keys, wakes the waiting callers, and logs if fetching began
// to fail or works again. A set without a usable key is a fault, not an order to
// forget all keys.
func (k *KeySet) finish(found keyDocument, err error, next time.Duration) {
	if err == nil && len(found.keys) == 0 {
		err = errNoKeys
	}
	k.mu.Lock()
	before, recovered := k.published, err == nil && !k.healthy
	k.healthy, k.last = err == nil, time.Now()
	if err == nil {
		k.published, k.answered = found, k.begun
	}
	close(k.attempt)
	k.attempt = make(chan struct{})
	k.mu.Unlock()
	found.logNews(k.log, before)
	switch {
	case err != nil:
		k.log.Warn("the identity provider's keys could not be loaded; tokens signed with unknown keys are answered with UNAVAILABLE",
			"error", cause(err), "retry_in", next)
	case recovered:
		k.log.Info("the identity provider's keys are loaded", "keys", found.count)
	}
}
