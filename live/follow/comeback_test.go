package follow_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/streamcheck"
	"switchboard/live/feed"
	"switchboard/live/follow"
)

// subscriber follows one stream through all of its connections, and records what it
// received.
type subscriber struct {
	name string
	// connect opens the stream at a server and runs it until ctx ends.
	connect func(ctx context.Context, sub *subscriber, at *server) error
	want    streamcheck.Stream

	mu    sync.Mutex
	token *string
	got   []streamcheck.Item
	gaps  []feed.GapReason
	// stalled, while set, holds deliveries up.
	stalled chan struct{}
	// begun is how much was committed when what it got began, -1 before that; records
	// are of what it got before gaps. first is how much was at the position of its first
	// token: that does not move with what the subscriber may not see, so that who comes
	// back with it, before anything else came, is told what it names, too.
	begun int
	first int
	// joined is how much its server had heard of when it connected last.
	joined  int
	records []record
	cancel  context.CancelFunc
	ended   chan error
}

// following makes a subscriber of the streams that open gives, each item of which is
// recorded as text.
func following[T any](w *world, name string, who workspace.MemberID, want streamcheck.Stream,
	open func(context.Context, *server, follow.Request) (*follow.Stream[T], error), text func(T) string,
) *subscriber {
	return &subscriber{name: name, want: want, begun: -1, connect: func(ctx context.Context, sub *subscriber, at *server) error {
		st, err := open(ctx, at, w.request(member(who), sub.token))
		if err != nil {
			return err
		}
		begins, _ := st.Begins()
		if sub.token == nil {
			sub.token, sub.first = textOf(begins), behind(begins.Position)
		}
		return st.Run(ctx, func(ctx context.Context, d follow.Delivery[T]) error {
			return sub.receive(ctx, d.Gap, text(d.Body), textOf(d.Token))
		})
	}}
}

func (sub *subscriber) receive(ctx context.Context, gap feed.GapReason, text string, token *string) error {
	sub.mu.Lock()
	stalled := sub.stalled
	sub.mu.Unlock()
	if stalled != nil {
		select {
		case <-stalled:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	sub.mu.Lock()
	defer sub.mu.Unlock()
	if gap != "" {
		// From a gap on nothing may be missing. Its position may be older than the
		// subscription, like that of the first token.
		sub.got, sub.gaps = append(sub.got, streamcheck.Item{Gap: true}), append(sub.gaps, gap)
		sub.records, sub.got = append(sub.records, sub.record()), nil
		sub.begun, sub.first = max(behind(*token), sub.joined), behind(*token)
	}
	if text != "" {
		sub.got = append(sub.got, streamcheck.Item{Text: text})
	}
	sub.token = token
	return nil
}

// record is what a subscriber got since so much was committed.
type record struct {
	begun, first int
	got          []streamcheck.Item
}

func (sub *subscriber) record() record { return record{sub.begun, sub.first, sub.got} }

// behind is how much was committed at the position of a token.
func behind(token string) (n int) {
	_, _ = fmt.Sscanf(token, "p%d", &n)
	return n
}

// stall holds the next deliveries up, or lets them go.
func (sub *subscriber) stall(on bool) {
	sub.mu.Lock()
	defer sub.mu.Unlock()
	if sub.stalled != nil {
		close(sub.stalled)
		sub.stalled = nil
	}
	if on {
		sub.stalled = make(chan struct{})
	}
}

// online reports whether the subscriber is connected. A connection that ended says
// why: only for reasons for which one comes back.
func (sub *subscriber) online(t require.TestingT) bool {
	if sub.cancel == nil {
		return false
	}
	select {
	case err := <-sub.ended:
		sub.cancel()
		sub.cancel = nil
		require.True(t, errors.Is(err, feed.ErrSlow) || errors.Is(err, feed.ErrBehind), "%s ended: %v", sub.name, err)
		return false
	default:
		return true
	}
}

func (sub *subscriber) goOnline(at *server) {
	if sub.joined = at.heard; sub.begun < 0 {
		sub.begun, sub.first = at.heard, at.heard
	}
	var ctx context.Context
	ctx, sub.cancel = context.WithCancel(context.Background())
	sub.ended = make(chan error, 1)
	go func() { sub.ended <- sub.connect(ctx, sub, at) }()
}

func (sub *subscriber) goOffline() {
	if sub.cancel != nil {
		sub.cancel()
		<-sub.ended
		sub.cancel = nil
	}
}

// subscribers are one of each kind that can come back.
func subscribers(t require.TestingT, w *world) []*subscriber {
	manager, err := w.access(member("manager"))
	require.NoError(t, err)
	seller, err := w.access(member("seller"))
	require.NoError(t, err)
	helper, err := w.access(member("helper"))
	require.NoError(t, err)
	loner, err := w.access(member("loner"))
	require.NoError(t, err)
	view := access.View{Teams: []workspace.TeamID{"sales"}}
	events := func(ctx context.Context, at *server, r follow.Request) (*follow.Stream[follow.OwnershipChange], error) {
		return at.Events(ctx, r, follow.EventFilter{})
	}
	changes := func(ctx context.Context, at *server, r follow.Request) (*follow.Stream[follow.ViewChange], error) {
		return at.View(ctx, r, view)
	}
	updates := func(ctx context.Context, at *server, r follow.Request) (*follow.Stream[follow.ConversationUpdate], error) {
		return at.Conversation(ctx, r, "c0")
	}
	event := func(c follow.OwnershipChange) string { return string(c.Event.ID) }
	change := func(c follow.ViewChange) string {
		switch {
		case c.Change == "":
			return ""
		case c.Reason == access.LeftNoLongerPermitted:
			return streamcheck.ChangeText(string(c.Change), c.Event.Conversation, 0)
		}
		return streamcheck.ChangeText(string(c.Change), c.Event.Conversation, c.Now.Revision)
	}
	update := func(u follow.ConversationUpdate) string {
		var e, m string
		if u.Event != nil {
			e = string(u.Event.ID)
		}
		if u.Message != nil {
			m = string(u.Message.ID)
		}
		return streamcheck.UpdateText(e, m)
	}
	return []*subscriber{
		following(w, "all events", "manager", streamcheck.Events(manager), events, event),
		following(w, "events of a team", "seller", streamcheck.Events(seller), events, event),
		following(w, "events of another team", "helper", streamcheck.Events(helper), events, event),
		following(w, "events of a member without a team", "loner", streamcheck.Events(loner), events, event),
		following(w, "a view of all", "manager", streamcheck.Changes(manager, view), changes, change),
		following(w, "a view of a team", "seller", streamcheck.Changes(seller, view), changes, change),
		following(w, "a conversation", "manager", streamcheck.Updates("c0"), updates, update),
	}
}

// Subscribers that lose their connections, come back to servers that know more or less
// than the last one, and read too slowly, receive everything once and in order. They
// receive a gap where something is missing, for the reason for which it is, and only
// there. B:V3, B:V4, B:V8, B:V10, B:T6
func TestSubscribersComeBack(t *testing.T) {
	policy := newPolicy(t)
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(struct{ rapid.TB }{t}, func(t *rapid.T) { comeBack(t, newWorld(policy)) })
	})
}

func comeBack(t *rapid.T, w *world) {
	w.commit("c0", queue("sales"))
	servers := []*server{
		w.serve(feed.WithBuffer(4), feed.WithRing(rapid.IntRange(1, 8).Draw(t, "ring"))), w.serve(feed.WithBuffer(256)),
	}
	all := subscribers(t, w)
	defer func() {
		for _, sub := range all {
			sub.stall(false)
			sub.goOffline()
		}
		for _, s := range servers {
			s.hub.Close()
		}
	}()
	allowed := map[feed.GapReason]bool{feed.GapServerBehind: true}
	anyOf := func(what string, n int) int { return rapid.IntRange(0, n-1).Draw(t, what) }
	id := func() inbox.ConversationID { return inbox.ConversationID(fmt.Sprint("c", anyOf("conversation", 4))) }
	actions := map[string]func(){
		"give": func() {
			w.commit(id(), give(workspace.MemberID([]string{"seller", "helper", "manager"}[anyOf("to", 3)])))
		},
		"offer": func() {
			w.commit(id(), offer(inbox.OfferTerms{Member: []workspace.MemberID{"seller", "helper", "loner"}[anyOf("to", 3)]}))
		},
		"ask": func() {
			w.commit(id(), offer(inbox.OfferTerms{Team: []workspace.TeamID{"sales", "support"}[anyOf("team", 2)]}))
		},
		"accept": func() { w.commit(id(), accept([]workspace.MemberID{"seller", "helper", "loner"}[anyOf("by", 3)])) },
		"lapse":  func() { w.commit(id(), expire([]workspace.MemberID{"", "loner", "helper"}[anyOf("next", 3)])) },
		"queue":  func() { w.commit(id(), queue([]workspace.TeamID{"sales", "support"}[anyOf("team", 2)])) },
		"say":    func() { w.say(id(), rapid.Bool().Draw(t, "internal")) },
		"edit":   func() { w.edit("helper", func(m *workspace.Member) { m.Name += "." }) },
		"hear":   func() { servers[anyOf("server", 2)].hear(1 + anyOf("items", 6)) },
		"connect": func() {
			if sub := all[anyOf("subscriber", len(all))]; !sub.online(t) {
				sub.goOnline(servers[anyOf("server", 2)])
			}
		},
		"cut":   func() { all[anyOf("subscriber", len(all))].goOffline() },
		"stall": func() { all[anyOf("subscriber", len(all))].stall(rapid.Bool().Draw(t, "on")) },
		"wait":  func() { time.Sleep(time.Duration(anyOf("seconds", 4)) * time.Second) },
		"lose": func() {
			if anyOf("rarely", 4) == 0 {
				allowed[feed.GapHistoryLost] = true
				servers[anyOf("server", 2)].lose(anyOf("items", 3))
			}
		},
		"forget": func() {
			if anyOf("rarely", 4) == 0 {
				allowed[feed.GapHistoryLost] = true
				w.lost = anyOf("items", len(w.log)+1)
			}
		},
		"expire": func() {
			if sub := all[anyOf("subscriber", 2)]; !sub.online(t) && sub.token != nil {
				allowed[feed.GapCursorExpired] = true
				expired := strings.ReplaceAll(*sub.token, " ", "")
				sub.token = &expired
			}
		},
	}
	t.Repeat(map[string]func(*rapid.T){"": func(*rapid.T) { synctest.Wait() }, "act": func(*rapid.T) {
		actions[rapid.SampledFrom(names()).Draw(t, "action")]()
	}})
	for _, s := range servers {
		s.hear(len(w.log))
	}
	for _, sub := range all {
		sub.stall(false)
		for range 3 { // one that stalled may have been ended meanwhile
			synctest.Wait()
			if sub.begun >= 0 && !sub.online(t) {
				sub.goOnline(servers[1])
			}
		}
		sub.goOffline()
		for _, reason := range sub.gaps {
			require.True(t, allowed[reason], "%s received a gap for %s", sub.name, reason)
		}
		for _, r := range append(sub.records, sub.record()) {
			if r.begun < 0 {
				continue
			}
			want := sub.want.Want(w.events(r.begun))
			fault, ok := streamcheck.Record{Subscriber: sub.name, Want: want, Got: r.got}.Check()
			if !ok {
				_, ok = streamcheck.Record{Subscriber: sub.name, Want: sub.want.Want(w.events(r.first)), Got: r.got}.Check()
			}
			require.True(t, ok, "%s: wants %v, got %v, gaps %v", fault, want, r.got, sub.gaps)
		}
	}
}

// names are the actions, the frequent ones several times.
func names() []string {
	return strings.Fields("offer offer offer ask accept lapse give give give give queue queue say say say edit hear hear hear hear connect connect connect connect cut cut stall wait lose forget expire")
}
