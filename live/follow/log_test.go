package follow_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/live/follow"
)

// logged is the log of the world, which another server numbers at once, as a server reads it
// whose feed brings nothing and which knows the directory of before.
type logged struct {
	eventlog.Store
	*world
	behind *workspace.Directory
	renews int
}

func (l *logged) entries() (out []eventlog.Entry) {
	for _, e := range l.world.events(0) {
		for _, n := range eventlog.Of(e) {
			n.Sequence = eventlog.Sequence(len(out) + 1)
			out = append(out, n)
		}
	}
	return out
}

func (l *logged) LogEntries(
	_ context.Context, _ workspace.WorkspaceID, after eventlog.Sequence, _ bool, _ int,
) ([]eventlog.Entry, error) {
	all := l.entries()
	return all[min(int(after), len(all)):], nil
}

func (l *logged) LogEnds(context.Context, workspace.WorkspaceID) ([]eventlog.Entry, error) {
	all := l.entries()
	return all[max(0, len(all)-1):], nil
}

func (l *logged) Events(context.Context, workspace.WorkspaceID, []inbox.EventID) (map[inbox.EventID]inbox.Event, error) {
	out := map[inbox.EventID]inbox.Event{}
	for _, e := range l.world.events(0) {
		out[e.ID] = e
	}
	return out, nil
}

func (l *logged) Conversations(
	ctx context.Context, _ workspace.WorkspaceID, ids []inbox.ConversationID,
) (map[inbox.ConversationID]inbox.Conversation, error) {
	return reader{l.world}.ConversationsByID(ctx, inbox.Principal{}, ids)
}

// Next tells of a new record by the clock.
func (l *logged) Next(workspace.WorkspaceID) <-chan struct{} {
	out := make(chan struct{})
	time.AfterFunc(time.Second, func() { close(out) })
	return out
}

func (l *logged) Heard(_ context.Context, _ workspace.WorkspaceID, _ eventlog.Sequence, within time.Duration) (bool, error) {
	time.Sleep(within)
	return false, nil
}

func (l *logged) Caught(context.Context, workspace.WorkspaceID, time.Duration) error { return nil }

func (l *logged) renew(context.Context, workspace.WorkspaceID) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.renews++
	l.behind = l.directory
	return nil
}

func (l *logged) rights(p inbox.Principal) (access.Access, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return access.NewAccess(p, l.behind, l.policy)
}

// The kind of fault: a reader of the log judges a record by rights that are older than it.
// Whether the right is lost before the stream begins or while it runs, and though no feed
// tells of that, nothing is delivered that was committed after it. B:V12 B:Z4
func TestTheLogIsJudgedByNoOlderRights(t *testing.T) {
	policy := newPolicy(t)
	for name, before := range map[string]bool{"when it begins": true, "while it runs": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(policy)
				w.commit("c", queue("sales"))
				l := &logged{world: w, behind: w.directory}
				s := w.serve()
				defer s.hub.Close()
				s.Logs = follow.LogSource{Service: eventlog.New(l, time.Now), Signals: l, Renew: l.renew}
				r := w.request(member("seller"), nil)
				r.Rights = func(context.Context) (access.Access, error) { return l.rights(r.Principal) }
				loses := func() {
					w.edit("seller", func(m *workspace.Member) { m.Teams = []workspace.TeamID{"support"} })
					w.say("c", false)
				}
				if before {
					loses()
				}
				st, err := s.EventLog(t.Context(), r, eventlog.Filter{}, func(context.Context) (eventlog.Sequence, error) { return 0, nil })
				require.NoError(t, err)
				var seen []eventlog.Sequence
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan error)
				go func() {
					ended <- st.Run(ctx, func(_ context.Context, d follow.Delivery[eventlog.Item]) error {
						seen = append(seen, d.Body.Sequence)
						return nil
					})
				}()
				time.Sleep(time.Minute)
				if !before {
					loses()
				}
				time.Sleep(time.Minute)
				stop()
				<-ended
				require.Equal(t, map[bool][]eventlog.Sequence{true: nil, false: {1}}[before], seen)
				require.LessOrEqual(t, l.renews, 2, "the rights are not read for each record")
			})
		})
	}
}

// busyLog is a log of which every read takes a moment, and notes how many read at once.
type busyLog struct {
	*logged
	now, most atomic.Int64
}

func (l *busyLog) work() (end func()) {
	for now := l.now.Add(1); ; {
		most := l.most.Load()
		if now <= most || l.most.CompareAndSwap(most, now) {
			break
		}
	}
	time.Sleep(time.Millisecond)
	return func() { l.now.Add(-1) }
}

func (l *busyLog) LogEntries(ctx context.Context, ws workspace.WorkspaceID, after eventlog.Sequence, backward bool, limit int) ([]eventlog.Entry, error) {
	defer l.work()()
	return l.logged.LogEntries(ctx, ws, after, backward, limit)
}

func (l *busyLog) LogEnds(ctx context.Context, ws workspace.WorkspaceID) ([]eventlog.Entry, error) {
	defer l.work()()
	return l.logged.LogEnds(ctx, ws)
}

func (l *busyLog) renew(ctx context.Context, ws workspace.WorkspaceID) error {
	defer l.work()()
	return l.logged.renew(ctx, ws)
}

// The kind of fault: what one stream may do is bounded, and what a caller does by many is
// not. Whatever the streams of one caller do to open, to find their places, to judge and to
// deliver, two of them do it at a time, and each hears all. B:V12
func TestManyStreamsOfALogWorkInTurns(t *testing.T) {
	policy := newPolicy(t)
	synctest.Test(t, func(t *testing.T) {
		const streams, records = 50, 3
		w := newWorld(policy)
		w.commit("c", queue("sales"))
		l := &busyLog{logged: &logged{world: w, behind: w.directory}}
		s := w.serve()
		defer s.hub.Close()
		s.Logs = follow.LogSource{Service: eventlog.New(l, time.Now), Signals: l, Renew: l.renew}
		ctx, stop := context.WithCancel(t.Context())
		var ended sync.WaitGroup
		var heard atomic.Int64
		follows := func() {
			r := w.request(member("seller"), nil)
			st, err := s.EventLog(ctx, r, eventlog.Filter{}, func(ctx context.Context) (eventlog.Sequence, error) {
				_, err := l.LogEnds(ctx, r.Principal.Workspace)
				return 0, err
			})
			if !assert.NoError(t, err) {
				return
			}
			_ = st.Run(ctx, func(context.Context, follow.Delivery[eventlog.Item]) error {
				defer l.work()()
				heard.Add(1)
				return nil
			})
		}
		for range streams {
			ended.Go(follows)
		}
		for range records - 1 {
			time.Sleep(time.Minute)
			w.say("c", false)
		}
		time.Sleep(time.Minute)
		stop()
		ended.Wait()
		require.EqualValues(t, streams*records, heard.Load())
		require.EqualValues(t, 2, l.most.Load())
	})
}

// Subscribers who do not keep up are waited for, without a turn: others of the same caller
// hear all meanwhile, and they themselves hear it once they have room. B:V12
func TestALogWaitsForWhoReadsSlowly(t *testing.T) {
	policy := newPolicy(t)
	synctest.Test(t, func(t *testing.T) {
		const records, slow = 5, 4
		w := newWorld(policy)
		w.commit("c", queue("sales"))
		for range records - 1 {
			w.say("c", false)
		}
		l := &logged{world: w, behind: w.directory}
		s := w.serve()
		defer s.hub.Close()
		s.Logs = follow.LogSource{Service: eventlog.New(l, time.Now), Signals: l, Renew: l.renew}
		ctx, stop := context.WithCancel(t.Context())
		var ended sync.WaitGroup
		follows := func(room <-chan struct{}) *atomic.Int64 {
			heard, r := &atomic.Int64{}, w.request(member("seller"), nil)
			r.Room = func() <-chan struct{} {
				select {
				case <-room:
					return nil
				default:
				}
				if heard.Load() < 2 {
					return nil
				}
				return room
			}
			st, err := s.EventLog(ctx, r, eventlog.Filter{}, func(context.Context) (eventlog.Sequence, error) { return 0, nil })
			require.NoError(t, err)
			ended.Go(func() {
				_ = st.Run(ctx, func(context.Context, follow.Delivery[eventlog.Item]) error {
					heard.Add(1)
					return nil
				})
			})
			return heard
		}
		reads, free := make(chan struct{}), make(chan struct{})
		close(free)
		var behind []*atomic.Int64
		for range slow {
			behind = append(behind, follows(reads))
		}
		quick := follows(free)
		time.Sleep(time.Minute)
		require.EqualValues(t, records, quick.Load())
		for _, heard := range behind {
			require.EqualValues(t, 2, heard.Load())
		}
		close(reads)
		time.Sleep(time.Minute)
		for _, heard := range behind {
			require.EqualValues(t, records, heard.Load())
		}
		stop()
		ended.Wait()
	})
}
