package webhook_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
	"switchboard/webhook"
)

// While nothing can be stored, as on a disk that is full, an event is sent once more at most: a
// result that cannot be kept is not asked for again and again. B:V12
func TestNothingIsSentAgainAndAgainThatCannotBeStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow(10 * time.Millisecond)
		d := newDesk(t, s)
		d.endpoint("crm")
		d.store.breaks(errors.New("the disk is full"))
		d.happens("a", "b", "c")
		defer d.run()()
		time.Sleep(10 * time.Minute)
		s.hold(func() {
			for n, times := range s.reached {
				require.LessOrEqual(t, times, 1, "%d", n)
			}
		})
		d.store.breaks(nil)
		time.Sleep(time.Minute)
		require.EqualValues(t, 3, d.store.at("crm").Delivered)
		s.hold(func() {
			for n := range int64(3) {
				require.LessOrEqual(t, s.reached[n+1], 2)
			}
		})
	})
}

// An endpoint that cannot be disabled, because nothing can be stored or the directory of this
// server is behind, is looked at again after a pause. B:V12
func TestAnEndThatFailsIsTriedAfterAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, &receiver{})
		tries := 0
		config := d.config()
		config.End = func(ctx context.Context, w workspace.Webhook, reason string) error {
			if tries++; tries < 1000 {
				return errors.New("the disk is full")
			}
			return d.end(ctx, w, reason)
		}
		d.engine = webhook.NewEngine(config)
		d.endpoint("crm", func(w *workspace.Webhook) { w.Secrets[0].Sealed = []byte("damaged") })
		stop := d.run()
		time.Sleep(time.Minute)
		stop()
		require.Less(t, tries, 100)
	})
}
