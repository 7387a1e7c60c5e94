package dispatch_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// offerEnder notes what is asked of it.
type offerEnder struct {
	mu      sync.Mutex
	listed  int
	checked []workspace.WorkspaceID
	fails   bool
}

func (o *offerEnder) ExpireOffers(context.Context) (time.Time, error) { return time.Time{}, nil }

func (o *offerEnder) Offering(context.Context) ([]workspace.WorkspaceID, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.listed++; o.listed == 1 {
		return nil, errors.New("down")
	}
	return []workspace.WorkspaceID{"a", "b"}, nil
}

func (o *offerEnder) CheckOffers(_ context.Context, ws workspace.WorkspaceID) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.checked = append(o.checked, ws)
	if o.fails && ws == "b" {
		return errors.New("down")
	}
	return nil
}

// The targets of a workspace are looked at only when its directory changed, when events may
// have been missed, and again after a failure. B:T6
func TestOffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		by, duty := &offerEnder{}, dispatch.NewOffers(time.Now)
		ctx, stop := context.WithCancel(t.Context())
		log := slog.New(slog.DiscardHandler)
		var running sync.WaitGroup
		running.Go(func() { dispatch.New(&line{shared: &shared{}}, "holder", log, duty.Duties(by, log)...).Run(ctx) })
		looked := func(within time.Duration, want ...workspace.WorkspaceID) {
			t.Helper()
			time.Sleep(within)
			synctest.Wait()
			by.mu.Lock()
			defer by.mu.Unlock()
			require.Equal(t, want, by.checked)
			by.checked = nil
		}
		fails := func(so bool) {
			by.mu.Lock()
			defer by.mu.Unlock()
			by.fails = so
		}
		looked(0)
		looked(time.Second, "a", "b")
		looked(time.Hour)
		duty.Apply(inbox.Event{Type: inbox.OwnershipEvent, Workspace: "b"})
		looked(time.Hour)
		fails(true)
		duty.Apply(inbox.Event{Type: inbox.DirectoryEvent, Workspace: "b"})
		looked(0, "b")
		looked(2*time.Second, "b", "b")
		fails(false)
		looked(time.Second, "b")
		for _, signal := range []func(){duty.Forget, duty.FeedBack} {
			signal()
			looked(0, "a", "b")
		}
		duty.FeedLost()
		looked(time.Hour)
		require.Equal(t, 4, by.listed)
		stop()
		running.Wait()
	})
}

// deadlined ends offers as the database has them: those of any server, whether or not an
// event told of them.
type deadlined struct {
	offerEnder
	clock  func() time.Time
	stored map[inbox.OfferID]time.Time
	ended  map[inbox.OfferID]time.Time // when
	asked  int
}

func (d *deadlined) ExpireOffers(context.Context) (next time.Time, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	for id, at := range d.stored {
		switch {
		case !at.After(d.clock()):
			d.ended[id] = d.clock()
			delete(d.stored, id)
		case next.IsZero() || at.Before(next):
			next = at
		}
	}
	return next, nil
}

// Offers lapse on time although nobody polls, by a clock of the test's own: what another
// server made, what was made before this one took the lease, and what the feed did not tell
// of. The database is asked each second only while the feed is lost. B:T6
func TestOffersLapseOnTime(t *testing.T) {
	start := time.Date(2030, 1, 1, 9, 0, 0, 0, time.UTC)
	const late = 2 * time.Second
	offered := func(at time.Time) inbox.Event {
		return inbox.Event{After: &inbox.Conversation{Offer: inbox.Offer{Status: inbox.OfferOpen, ExpiresAt: at}}}
	}
	for name, row := range map[string]struct {
		before []time.Duration // when the offers lapse that are stored before the duty begins
		events map[int]func(add func(in time.Duration), o *dispatch.Offers)
		hidden bool // events do not come: the feed is lost when the offer is made
		asked  int  // at most, in a minute and a half
	}{
		"nothing": {asked: 5},
		"before this server had the lease": {
			before: []time.Duration{time.Second, 7 * time.Second, 61 * time.Second}, asked: 8,
		},
		"at another server": {events: map[int]func(func(time.Duration), *dispatch.Offers){
			3: func(add func(time.Duration), _ *dispatch.Offers) { add(time.Second); add(30 * time.Second) },
		}, asked: 8},
		"while the feed is lost": {hidden: true, events: map[int]func(func(time.Duration), *dispatch.Offers){
			5:  func(_ func(time.Duration), o *dispatch.Offers) { o.FeedLost() },
			7:  func(add func(time.Duration), _ *dispatch.Offers) { add(time.Second); add(20 * time.Second) },
			20: func(_ func(time.Duration), o *dispatch.Offers) { o.FeedBack() },
		}, asked: 25},
		"with events that were forgotten": {hidden: true, events: map[int]func(func(time.Duration), *dispatch.Offers){
			31: func(add func(time.Duration), o *dispatch.Offers) { add(time.Second); o.Forget() },
		}, asked: 8},
	} {
		t.Run(name, func(t *testing.T) {
			now := start
			ends := map[inbox.OfferID]time.Time{}
			by := &deadlined{clock: func() time.Time { return now }}
			by.stored, by.ended = map[inbox.OfferID]time.Time{}, map[inbox.OfferID]time.Time{}
			duty := dispatch.NewOffers(by.clock)
			store := func(in time.Duration) {
				id := inbox.OfferID(now.Add(in).String())
				by.stored[id], ends[id] = now.Add(in), now.Add(in)
			}
			add := func(in time.Duration) {
				store(in)
				if !row.hidden {
					duty.Apply(offered(now.Add(in)))
				}
			}
			for _, in := range row.before {
				store(in)
			}
			lapsed := duty.Duties(by, slog.New(slog.DiscardHandler))[0]
			for second := range 90 {
				if happens := row.events[second]; happens != nil {
					happens(add, duty)
				}
				require.NoError(t, lapsed.Do(t.Context()))
				now = now.Add(lapsed.Every)
			}
			require.LessOrEqual(t, by.asked, row.asked)
			require.Len(t, by.ended, len(ends))
			for id, at := range by.ended {
				require.False(t, at.Before(ends[id]), "none before its time")
				require.Less(t, at.Sub(ends[id]), late)
			}
		})
	}
}
