package storetest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
)

func logRows() []row {
	return []row{
		{"log/dense in the order of commits, whoever numbers", logDense},
		{"log/what was stored before", logFilled},
		{"log/a feed that was lost", logLost},
		{"log/one of two numbers", logGuarded},
		{"log/nobody writes a number twice", logExtended},
		{"log/what retention removed", logTrimmed},
		{"log/what is emptied", logEmptied},
		{"log/places", logPlaces},
		{"log/how long numbers take", logLag},
	}
}

// numbering is a server that numbers, until stop returns.
type numbering struct {
	cancel context.CancelFunc
	ended  chan error
}

func (d *fixture) number() *numbering {
	ctx, cancel := context.WithCancel(soon(d.t))
	n := &numbering{cancel, make(chan error, 1)}
	go func() { n.ended <- d.numberer().Run(ctx) }()
	return n
}

// begun returns when the feed is followed.
func (d *fixture) begun() {
	d.t.Helper()
	n := d.number()
	require.Eventually(d.t, func() bool {
		p, err := d.LogProgress(soon(d.t))
		return err == nil && p.Position != "" && !p.Filling
	}, patience, time.Millisecond)
	require.NoError(d.t, n.stop())
}

func (d *fixture) numberer() *eventlog.Numberer {
	return eventlog.NewNumberer(d.Engine, d.Engine, func() time.Time { return at(5) }, slog.New(slog.DiscardHandler))
}

// stop ends it, and gives why it had ended before; nil if it had not.
func (n *numbering) stop() error {
	n.cancel()
	return <-n.ended
}

// numbered waits until the log has so many records, and gives them.
func (d *fixture) numbered(n int) []eventlog.Record {
	d.t.Helper()
	var got []eventlog.Record
	require.Eventually(d.t, func() bool {
		var err error
		got, err = d.logs().Read(soon(d.t), d.ws, 0, n+1)
		require.NoError(d.t, err)
		return len(got) >= n
	}, patience, 5*time.Millisecond)
	require.Len(d.t, got, n)
	for i, r := range got {
		require.EqualValues(d.t, i+1, r.Sequence)
	}
	return got
}

func (d *fixture) logs() *eventlog.Service {
	return eventlog.New(d.Engine, func() time.Time { return at(5) })
}

// brought are the ids of the records that events bring, in their order.
func brought(items []feed.FeedItem) []string {
	var out []string
	for _, item := range items {
		for _, n := range eventlog.Of(item.Event) {
			out = append(out, n.ID)
		}
	}
	return out
}

func recordIDs(records []eventlog.Record) []string {
	var out []string
	for _, r := range records {
		out = append(out, r.ID)
	}
	return out
}

// Four writers commit while servers begin and cease to number in any order, also several
// at once: the numbers are dense, and in the order of the feed.
func logDense(t *testing.T, open Opener) {
	d := newDesk(t, open)
	other := &fixture{Engine: d.Engine, t: t, ws: workspace.WorkspaceID(id("ws"))}
	d.begun()
	began := d.watch("").Position()
	over := make(chan struct{})
	var servers sync.WaitGroup
	for range 2 {
		servers.Go(func() { d.holders(over) })
	}
	const writers, each = 4, 12
	all := make([]func() error, writers)
	for w := range all {
		all[w] = func() error { return errors.Join(d.writeLogged(each), other.writeLogged(each/4)) }
	}
	require.NoError(t, errors.Join(together(all...)...))
	close(over)
	servers.Wait()
	last := d.number()
	behind, err := d.WatchWorkspace(soon(t), d.ws, began)
	require.NoError(t, err)
	items := tried(t, behind)
	require.NoError(t, behind.Close(soon(t)))
	want := brought(items)
	require.Len(t, want, writers*each*2)
	got := d.numbered(len(want))
	require.Equal(t, want, recordIDs(got))
	positions := map[inbox.EventID]string{}
	for _, item := range items {
		positions[item.Event.ID] = item.Position
	}
	for _, r := range got {
		require.Equal(t, positions[r.Event], r.Position)
		require.Equal(t, r.Content.ID, r.Event)
	}
	require.NoError(t, last.stop())
}

// holders numbers for random times, one server after the other.
func (d *fixture) holders(over <-chan struct{}) {
	for {
		n := d.number()
		select {
		case <-time.After(rand.N(40 * time.Millisecond)):
		case err := <-n.ended:
			if !errors.Is(err, commit.ErrStale) && !errors.Is(err, commit.ErrDuplicateKey) {
				d.t.Errorf("a server that numbers ended: %v", err)
			}
			n.cancel()
			continue
		case <-over:
			_ = n.stop() // another may have been faster
			return
		}
		_ = n.stop()
	}
}

// writeLogged commits to conversations of its own: a creation with a message, then changes and
// messages. Each round brings two records for each of n.
func (d *fixture) writeLogged(n int) error {
	ctx := soon(d.t)
	c := d.conversation()
	change := creation(c)
	for i := range n {
		change.Event.Messages = []inbox.Message{message(c, fmt.Sprint("message ", i))}
		if err := d.Commit(ctx, change); err != nil {
			return err
		}
		c = change.Conversation
		change = takeover(c, "")
		change.Loads = nil
	}
	return nil
}

// What was committed before anybody numbered is numbered in the order in which it is
// stored, also by a second server where the first one stopped; and what is committed
// meanwhile comes behind it.
func logFilled(t *testing.T, open Opener) {
	d := newDesk(t, open)
	var want []string
	c := d.conversation()
	change := creation(c)
	for i := range 20 {
		change.Event.ID = inbox.EventID(fmt.Sprintf("e%06d", i))
		c = d.commit(change)
		want = append(want, string(change.Event.ID))
		change = takeover(c, "")
		change.Loads = nil
	}
	first := d.number()
	got := d.numbered(len(want))
	require.Equal(t, want, recordIDs(got))
	require.Empty(t, got[0].Position)
	require.NoError(t, first.stop())
	change.Event.ID = "a comes first, as it is stored"
	d.commit(change)
	second := d.number()
	got = d.numbered(len(want) + 1)
	require.Equal(t, append(want, string(change.Event.ID)), recordIDs(got))
	require.NotEmpty(t, got[len(want)].Position)
	require.NoError(t, second.stop())
}

// After the data was moved, or the database gave up the feed, the log goes on: what has no
// number gets one, and nothing has two.
func logLost(t *testing.T, open Opener) {
	d := newDesk(t, open)
	first := d.number()
	require.NoError(t, d.writeLogged(3))
	d.numbered(6)
	require.NoError(t, first.stop())
	require.NoError(t, d.writeLogged(4))
	for _, position := range []string{"0123456789abcdef.1", strange()} {
		p, err := d.LogProgress(soon(t))
		require.NoError(t, err)
		p.Rev, p.Position = p.Rev+1, position
		require.NoError(t, d.AppendLog(soon(t), p, nil))
		require.NoError(t, d.numberer().Run(soon(t)), "it begins again")
		again := d.number()
		d.numbered(14)
		require.NoError(t, again.stop())
	}
	last := d.number()
	require.NoError(t, d.writeLogged(1))
	d.numbered(16)
	require.NoError(t, last.stop())
}

// strange is a position of the other engine.
func strange() string { return "ABEAAAACX2RhdGEAAQAAAAA" }

// The server that numbers says how long the newest events waited, by the times that they
// have, and nothing when it has stopped.
func logLag(t *testing.T, open Opener) {
	d := newDesk(t, open)
	d.begun()
	ctx, cancel := context.WithCancel(soon(t))
	n, ended := d.numberer(), make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	change := creation(d.conversation())
	change.Event.At = at(3)
	require.NoError(t, d.Commit(soon(t), change))
	d.numbered(len(eventlog.Of(change.Event)))
	require.Eventually(t, func() bool { return n.Lag() == at(5).Sub(at(3)) }, patience, time.Millisecond)
	cancel()
	require.NoError(t, <-ended)
	require.Zero(t, n.Lag())
}
