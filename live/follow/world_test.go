package follow_test

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	worlds "switchboard/internal/world"
	"switchboard/live/feed"
	"switchboard/live/follow"
)

const ws = workspace.WorkspaceID("w")

// world is a workspace without a database: what was committed, in its order, and the
// state that this left. It answers reads at once.
type world struct {
	policy access.Authorizer

	mu            sync.Mutex
	log           []port.FeedItem
	conversations map[inbox.ConversationID]inbox.Conversation
	directory     *workspace.Directory
	// lost is how many of the first items the database no longer holds; away that it
	// answers nothing.
	lost int
	away bool
}

func newWorld(policy access.Authorizer) *world {
	w := &world{policy: policy, conversations: map[inbox.ConversationID]inbox.Conversation{}, directory: &workspace.Directory{
		Workspace: workspace.Workspace{ID: ws, Plan: "enterprise", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{},
		Teams:     map[workspace.TeamID]workspace.Team{"sales": {ID: "sales", Rev: 1}, "support": {ID: "support", Rev: 1}},
	}}
	for id, role := range map[workspace.MemberID]workspace.RoleName{"manager": "manager", "seller": "agent", "helper": "agent", "loner": "agent"} {
		w.directory.Members[id] = workspace.Member{ID: id, Workspace: ws, Roles: []workspace.RoleName{role}, Availability: workspace.Online, Rev: 1}
	}
	w.edit("seller", func(m *workspace.Member) { m.Teams = []workspace.TeamID{"sales"} })
	w.edit("helper", func(m *workspace.Member) { m.Teams = []workspace.TeamID{"support"} })
	w.log = nil
	return w
}

func newPolicy(t *testing.T) access.Authorizer {
	t.Helper()
	return authz.New(worlds.Preset(t))
}

// append commits an event. It needs mu.
func (w *world) append(e inbox.Event) {
	e.Workspace = ws
	e.ID = inbox.EventID("e" + strconv.Itoa(len(w.log)+1))
	w.log = append(w.log, port.FeedItem{Event: e, Position: place(len(w.log) + 1)})
}

func place(n int) string { return "p" + strconv.Itoa(n) }

// edit changes a member.
func (w *world) edit(id workspace.MemberID, change func(*workspace.Member)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.directory.Members[id]
	m.Rev++
	change(&m)
	c := workspace.DirectoryChange{Member: &m}
	w.directory = w.directory.With(c)
	w.append(inbox.Event{Type: inbox.DirectoryEvent, Directory: &c})
}

// commit changes a conversation, which the first change creates.
func (w *world) commit(id inbox.ConversationID, verb func(inbox.Conversation, inbox.Command) inbox.Move) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, exists := w.conversations[id]
	if !exists {
		c = inbox.Conversation{ID: id, Workspace: ws, Kind: workspace.Ticket, Contact: "contact-" + inbox.ContactID(id), Ownership: inbox.Ownership{Status: inbox.Open}}
	}
	now := time.Unix(int64(len(w.log)), 0).UTC()
	m := verb(c, inbox.Command{By: workspace.System(), At: now, Rules: w.directory.Workspace.Rules})
	m.After.Revision++
	if !exists {
		m.Event.Kind = inbox.EventCreated
	}
	m.Follow(c)
	m.Event.After = &m.After
	w.conversations[id] = m.After
	w.append(m.Event)
}

// say commits a message, which is a note when it is internal.
func (w *world) say(id inbox.ConversationID, internal bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, exists := w.conversations[id]
	if !exists {
		return
	}
	m := inbox.Message{ID: inbox.MessageID(fmt.Sprint("m", len(w.log)+1)), Internal: internal}
	c.Revision++
	c.LastActivityAt = time.Unix(int64(len(w.log)), 0).UTC()
	w.conversations[id] = c
	w.append(inbox.Event{Type: inbox.MessageEvent, Conversation: id, From: c.Ownership, To: c.Ownership, Version: c.Version, After: &c, Messages: []inbox.Message{m}})
}

func give(to workspace.MemberID) func(inbox.Conversation, inbox.Command) inbox.Move {
	return func(c inbox.Conversation, t inbox.Command) inbox.Move { return inbox.Transfer(c, to, t) }
}

func queue(team workspace.TeamID) func(inbox.Conversation, inbox.Command) inbox.Move {
	return func(c inbox.Conversation, t inbox.Command) inbox.Move { return inbox.TransferToTeam(c, team, "", t) }
}

// offer offers what is owned.
func offer(terms inbox.OfferTerms) func(inbox.Conversation, inbox.Command) inbox.Move {
	return func(c inbox.Conversation, t inbox.Command) inbox.Move {
		if !c.Owned() {
			return inbox.Transfer(c, "seller", t)
		}
		terms.ID, terms.Timeout = inbox.OfferID(fmt.Sprint("o", t.At.Unix())), time.Minute
		return inbox.MakeOffer(c, terms, t)
	}
}

func accept(by workspace.MemberID) func(inbox.Conversation, inbox.Command) inbox.Move {
	return onOffer(func(c inbox.Conversation, t inbox.Command) inbox.Move {
		t.By = member(by).Actor
		return inbox.AcceptOffer(c, t)
	})
}

func expire(next workspace.MemberID) func(inbox.Conversation, inbox.Command) inbox.Move {
	return onOffer(func(c inbox.Conversation, t inbox.Command) inbox.Move {
		return inbox.ExpireOffer(c, next, inbox.OfferEndedByTimer, t)
	})
}

// onOffer is a step of an open offer. Without one it sets the status.
func onOffer(step func(inbox.Conversation, inbox.Command) inbox.Move) func(inbox.Conversation, inbox.Command) inbox.Move {
	return func(c inbox.Conversation, t inbox.Command) inbox.Move {
		if !c.Offer.Open() {
			return inbox.SetStatus(c, inbox.Unset, t)
		}
		return step(c, t)
	}
}

func member(id workspace.MemberID) inbox.Principal {
	return inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(id)}}
}

// access are the rights of now.
func (w *world) access(p inbox.Principal) (access.Access, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away {
		return access.Access{}, errAway
	}
	return access.NewAccess(p, w.directory, w.policy)
}

var errAway error = &inbox.Error{Code: inbox.Unavailable, Message: "no primary"}

// leave makes the database answer nothing, or again.
func (w *world) leave(away bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.away = away
}

// events are what was committed since the first n.
func (w *world) events(n int) (out []inbox.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, item := range w.log[n:] {
		out = append(out, item.Event)
	}
	return out
}

// reader is the world as the streams read it.
type reader struct{ *world }

var _ follow.Reader = reader{}

func (w reader) Conversation(_ context.Context, p inbox.Principal, id inbox.ConversationID) (inbox.Conversation, error) {
	a, err := w.access(p)
	if err != nil {
		return inbox.Conversation{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	c, exists := w.conversations[id]
	if !exists || !a.Sees(c) {
		return c, &inbox.Error{Code: inbox.PermissionDenied, Message: "out of sight"}
	}
	return c, nil
}

func (w reader) ConversationsByID(_ context.Context, _ inbox.Principal, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[inbox.ConversationID]inbox.Conversation{}
	for _, id := range ids {
		out[id] = w.conversations[id]
	}
	return out, nil
}

func (w reader) CountUpTo(ctx context.Context, ws workspace.WorkspaceID, v access.View, r access.VisibilityFilter, limit int) (int, error) {
	all, err := w.OwnershipSnapshots(ctx, ws, v, r, limit)
	return len(all), err
}

func (w reader) OwnershipSnapshots(_ context.Context, _ workspace.WorkspaceID, v access.View, r access.VisibilityFilter, limit int) (out []desk.OwnershipSnapshot, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away {
		return nil, errAway
	}
	for _, c := range w.conversations {
		if v.Holds(r, c, nil) && len(out) < limit {
			out = append(out, desk.OwnershipSnapshot{ID: c.ID, Version: c.Version})
		}
	}
	return out, nil
}

func (w reader) QueuePosition(_ context.Context, c inbox.Conversation) (position int, waits bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, other := range w.conversations {
		if other.Waiting() && other.Team == c.Team && !other.WaitingSince.After(c.WaitingSince) {
			position++
		}
	}
	return position, w.conversations[c.ID].Waiting(), nil
}

func (w reader) Loads(_ context.Context, _ inbox.Principal, ids []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away {
		return nil, errAway
	}
	out := map[workspace.MemberID]workspace.Load{}
	for _, id := range ids {
		for _, c := range w.conversations {
			if c.Assignee == id {
				load := out[id]
				load.Tickets++
				out[id] = load
			}
		}
	}
	return out, nil
}

func (w reader) QueueDepth(_ context.Context, _ inbox.Principal, team workspace.TeamID) (out desk.QueueDepth, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conversations {
		if c.Waiting() && (team == "" || c.Team == team) {
			out.Waiting++
		}
	}
	return out, nil
}

// WatchWorkspace reads the log behind a position.
func (w *world) WatchWorkspace(_ context.Context, _ workspace.WorkspaceID, position string) (port.FeedStream, error) {
	at, err := strconv.Atoi(strings.TrimPrefix(position, "p"))
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err != nil:
		return nil, port.ErrBadPosition
	case at < w.lost:
		return nil, port.ErrHistoryLost
	}
	return &logStream{w, at}, nil
}

type logStream struct {
	*world
	at int
}

func (s *logStream) Next(context.Context) (port.FeedItem, error) { panic("nobody waits here") }

func (s *logStream) TryNext(context.Context) (item port.FeedItem, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == len(s.log) {
		return item, false, nil
	}
	s.at++
	return s.log[s.at-1], true, nil
}

func (s *logStream) Position() string            { return place(s.at) }
func (s *logStream) Close(context.Context) error { return nil }

// server is one of those that the world's subscribers connect to, as far as its feed
// has come.
type server struct {
	*follow.Streams
	world *world
	hub   *feed.Hub
	heard int
}

// serve starts a server whose feed is open and stands at the present end.
func (w *world) serve(options ...feed.HubOption) *server {
	s := &server{world: w, hub: feed.NewHub(options...), heard: len(w.log)}
	s.hub.Gap(place(s.heard))
	s.Streams = &follow.Streams{
		Source: feed.Source{Hub: s.hub, CatchUp: feed.NewCatchUp(w, feed.DefaultBounds())}, Reader: reader{w}, Gaps: feed.NewGaps(), Log: slog.New(slog.DiscardHandler),
		OpenToken: func(_ workspace.WorkspaceID, text string) (follow.ResumeToken, bool, error) {
			position, rights, ok := strings.Cut(text, " ")
			return follow.ResumeToken{Position: position, Rights: rights}, !ok, nil
		},
	}
	return s
}

// hear publishes the next n items.
func (s *server) hear(n int) {
	for n = min(n, len(s.world.log)-s.heard); n > 0; n-- {
		s.hub.Publish(s.world.log[s.heard])
		s.heard++
	}
}

// lose skips the next n items, as a feed does that could not go on where it stood.
func (s *server) lose(n int) {
	s.heard = min(s.heard+n, len(s.world.log))
	s.hub.Gap(place(s.heard))
}

// request is p as a new subscriber, or as one that comes back with a token.
func (w *world) request(p inbox.Principal, after *string) follow.Request {
	return follow.Request{
		Keep: func(int) error { return nil },
		Name: "test", Principal: p, Waiting: p, After: after,
		Rights: func(context.Context) (access.Access, error) { return w.access(p) },
	}
}

func textOf(t follow.ResumeToken) *string {
	text := t.Position + " " + t.Rights
	return &text
}

// got runs a stream in the background and returns what it delivered until end is
// called, and then why it ended.
func got[T any](t *testing.T, st *follow.Stream[T], err error) (delivered func() []follow.Delivery[T], end func() error) {
	t.Helper()
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var mu sync.Mutex
	var all []follow.Delivery[T]
	ended := make(chan error, 1)
	go func() {
		ended <- st.Run(ctx, func(_ context.Context, d follow.Delivery[T]) error {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, d)
			return nil
		})
	}()
	delivered = func() []follow.Delivery[T] {
		mu.Lock()
		defer mu.Unlock()
		out := all
		all = nil
		return out
	}
	return delivered, func() error { cancel(); return <-ended }
}
