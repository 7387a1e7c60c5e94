package dispatch_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// installed is what the duties of an installation have to do: each act takes a while, and
// those in a busy workspace an hour. It notes when each was begun.
type installed struct {
	cluster.Presences
	mu     sync.Mutex
	begun  map[string][]time.Time
	beats  map[string]int64
	lost   []cluster.Presence
	spaces []workspace.WorkspaceID
}

func (i *installed) does(ctx context.Context, what string, takes time.Duration) error {
	i.mu.Lock()
	i.begun[what] = append(i.begun[what], time.Now())
	i.mu.Unlock()
	select {
	case <-time.After(takes):
	case <-ctx.Done():
	}
	return ctx.Err()
}

func (i *installed) in(ctx context.Context, what string, ws workspace.WorkspaceID) error {
	takes := 50 * time.Millisecond
	if ws == "busy" {
		takes = time.Hour
	}
	return i.does(ctx, what+string(ws), takes)
}

// ExpireOffers knows no other offer than those of which events told.
func (i *installed) ExpireOffers(ctx context.Context) (time.Time, error) {
	return time.Time{}, i.does(ctx, "lapsed", 0)
}

func (i *installed) CheckOffers(ctx context.Context, ws workspace.WorkspaceID) error {
	return i.in(ctx, "check ", ws)
}

func (i *installed) Offering(context.Context) ([]workspace.WorkspaceID, error) { return i.spaces, nil }

func (i *installed) Reclaiming(context.Context) ([]workspace.WorkspaceID, error) {
	return i.spaces, nil
}

func (i *installed) Reclaim(ctx context.Context, ws workspace.WorkspaceID) error {
	return i.in(ctx, "reclaim ", ws)
}

func (i *installed) QueuesOf(ctx context.Context, ws workspace.WorkspaceID) ([]inbox.Queue, error) {
	return []inbox.Queue{chats}, i.in(ctx, "queues ", ws)
}

func (i *installed) Drain(ctx context.Context, ws workspace.WorkspaceID, _ inbox.Queue) (desk.DrainResult, error) {
	return desk.DrainBlocked, i.in(ctx, "drain ", ws)
}

func (i *installed) Servers(context.Context) (map[string]int64, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.beats, nil
}

func (i *installed) ExpireServer(ctx context.Context, server string, _ int64, _ time.Time) error {
	return i.does(ctx, "dead "+server, 0)
}

func (i *installed) LostPresences(context.Context, time.Time, int) ([]cluster.Presence, error) {
	return i.lost, nil
}

func (i *installed) all(context.Context) (out []workspace.Workspace, err error) {
	for _, ws := range i.spaces {
		out = append(out, workspace.Workspace{ID: ws})
	}
	return out, nil
}

// soonest is how long after a moment something was begun; an hour for never.
func (i *installed) soonest(what string, from time.Time) time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, at := range i.begun[what] {
		if !at.Before(from) {
			return at.Sub(from)
		}
	}
	return time.Hour
}

// The kind of fault: something that has to be done within a time stands behind something of
// which there may be much. Every promise of a time holds in an installation in which each
// other duty has more to do than it can: thousands of workspaces to be looked at because
// events were missed, one of them for an hour, and thousands of members of a dead server.
func TestPromisesOfTimeHold(t *testing.T) {
	for name, row := range map[string]struct {
		busy   bool // one workspace is busy, and nothing else is to be looked at
		happen func(*dispatch.Offers, *dispatch.Drainer)
		what   string
		within time.Duration
	}{
		"an offer lapses":                             {happen: lapses, what: "lapsed", within: 2 * time.Second},
		"an offer lapses beside a busy workspace":     {busy: true, happen: lapses, what: "lapsed", within: 2 * time.Second},
		"a target changes":                            {happen: changes, what: "check last", within: 2 * time.Second},
		"a target changes beside a busy workspace":    {busy: true, happen: changes, what: "check last", within: 2 * time.Second},
		"nobody answers beside a busy workspace":      {busy: true, what: "reclaim last", within: 2 * time.Second},
		"a second server is dead":                     {what: "dead second", within: 15 * time.Second},
		"a member becomes free":                       {happen: frees, what: "queues last", within: time.Second},
		"a member becomes free beside a busy one":     {busy: true, happen: frees, what: "drain last", within: time.Second},
		"an offer lapses after a change of any place": {happen: changesAndLapses, what: "lapsed", within: 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &installed{begun: map[string][]time.Time{}, beats: map[string]int64{"second": 1}}
				i.spaces = append(i.spaces, "busy")
				for n := range 2_000 {
					i.lost = append(i.lost, cluster.Presence{Member: workspace.MemberID(fmt.Sprint(n))})
					if !row.busy {
						i.spaces = append(i.spaces, workspace.WorkspaceID(fmt.Sprint(n)))
					}
				}
				i.spaces = append(i.spaces, "last")
				ctx, stop := context.WithCancel(t.Context())
				log := slog.New(slog.DiscardHandler)
				offers, reclaims, drainer := dispatch.NewOffers(time.Now), dispatch.NewReclaims(time.Now), dispatch.NewDrainer(i.all, log)
				presences := dispatch.NewPresenceMonitor(i, func(ctx context.Context, _ cluster.Presences, _ cluster.Presence) error {
					return i.does(ctx, "end", 50*time.Millisecond)
				}, time.Now)
				duties := []dispatch.Duty{{Name: "sweep", Every: dispatch.SweepInterval, Do: drainer.Sweep}}
				for _, some := range [][]dispatch.Duty{offers.Duties(i, log), reclaims.Duties(i, log), presences.Duties()} {
					duties = append(duties, some...)
				}
				var running sync.WaitGroup
				running.Go(func() { drainer.Run(ctx, i) })
				running.Go(func() { dispatch.New(&line{shared: &shared{}}, "holder", log, duties...).Run(ctx) })
				time.Sleep(3 * time.Second)
				offers.Apply(inbox.Event{Type: inbox.DirectoryEvent, Workspace: "busy"})
				time.Sleep(time.Second)
				from := time.Now()
				if row.happen != nil {
					row.happen(offers, drainer)
				}
				time.Sleep(20 * time.Second)
				require.LessOrEqual(t, i.soonest(row.what, from), row.within)
				stop()
				running.Wait()
			})
		})
	}
}

func changes(o *dispatch.Offers, _ *dispatch.Drainer) {
	o.Apply(inbox.Event{Type: inbox.DirectoryEvent, Workspace: "last"})
}

// lapses is that an offer ends now.
func lapses(o *dispatch.Offers, _ *dispatch.Drainer) {
	o.Apply(inbox.Event{After: &inbox.Conversation{Offer: inbox.Offer{Status: inbox.OfferOpen, ExpiresAt: time.Now()}}})
}

func changesAndLapses(o *dispatch.Offers, d *dispatch.Drainer) {
	changes(o, d)
	lapses(o, d)
}

// frees is that a member comes online.
func frees(_ *dispatch.Offers, d *dispatch.Drainer) { d.Committed(comesOnline("last")) }
