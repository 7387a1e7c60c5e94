package marks

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/attention"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// States reads conversations of a workspace as they are committed, whoever may see them.
// Ids that do not exist have no entry.
type States func(
	ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID,
) (map[inbox.ConversationID]inbox.Conversation, error)

// Marks are those of all servers, as far as this one knows. It is safe for concurrent
// use.
type Marks struct {
	server    string
	states    States
	bulletins port.Bulletins
	log       *slog.Logger
	// Both hold one, so that nobody waits: changed wakes who tells other servers, unread
	// who reads conversations.
	changed, unread chan struct{}

	mu sync.Mutex
	// live says that the feed brings every change; lives counts how often that changed.
	live  bool
	lives uint64
	// clock grows with each change of a place.
	clock uint64
	rooms map[workspace.WorkspaceID]*room
	// blank are the places whose conversation is to be read.
	blank map[placeKey]struct{}
	total headcount
	news  news
	stats Stats
}

var (
	_ attention.Marks = (*Marks)(nil)
	_ feed.Follower   = (*Marks)(nil)
)

// New makes Marks of nobody. server is this process among all.
func New(server string, states States, bulletins port.Bulletins, log *slog.Logger) *Marks {
	return &Marks{
		server: server, states: states, bulletins: bulletins, log: log,
		changed: make(chan struct{}, 1), unread: make(chan struct{}, 1),
		rooms: map[workspace.WorkspaceID]*room{}, blank: map[placeKey]struct{}{}, news: newNews(),
	}
}

// Run tells other servers what changes here, ends marks whose time is over, and reads
// the conversations where marks stand, until ctx ends. Call it once.
func (m *Marks) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { m.readStates(ctx) })
	m.tell(ctx)
	running.Wait()
}

// Known returns a conversation where a mark stands as it is now.
func (m *Marks) Known(ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.place(ws, id)
	if p == nil || !p.known {
		return inbox.Conversation{}, false
	}
	return p.state, true
}

// At returns the marks at a conversation, in no order.
func (m *Marks) At(ws workspace.WorkspaceID, id inbox.ConversationID) []attention.Mark {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.place(ws, id); p != nil {
		return p.list()
	}
	return nil
}

// Set lets a mark stand that was said at this server.
func (m *Marks) Set(said attention.Mark) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	if !m.put(said, now.Add(said.Kind.Lasts())) {
		m.stats.Refused++
		return tooMany()
	}
	if m.news.set(said, now) {
		ring(m.changed)
	}
	return nil
}

// Remove ends a mark, whichever server it was said at.
func (m *Marks) Remove(k attention.Key) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.place(k.Workspace, k.Conversation)
	if p == nil {
		return
	}
	if _, stands := p.marks[k]; !stands {
		return
	}
	m.drop(k)
	if m.news.remove(k) {
		ring(m.changed)
	}
}

// ring wakes whoever waits, without waiting.
func ring(wake chan struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}
