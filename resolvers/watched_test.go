package resolvers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/feed"
	"switchboard/inbox/services"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/store"
)

// watchedStore counts the calls of each method and fails those that a test
// wants to fail.
type watchedStore struct {
	store.Engine
	mu    sync.Mutex
	calls map[string]int
	fails map[string]error
	// administered, if set, is called when an act of administration was just committed.
	administered func()
	// read is how many single conversations were read to the end.
	read atomic.Int64
	// reading is called before conversations are read by their ids, and what it returns after
	// that; nil for nothing.
	reading atomic.Pointer[func() (after func())]
}

var _ services.Store = (*watchedStore)(nil)

func (w *watchedStore) called(method string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calls == nil {
		w.calls = map[string]int{}
	}
	w.calls[method]++
	if errors.Is(w.fails[method], errPanic) {
		panic(errPanic)
	}
	return w.fails[method]
}

// fail makes a method fail until the test ends.
func (w *watchedStore) fail(t *testing.T, method string, err error) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fails = map[string]error{method: err}
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.fails = nil
	})
}

// during tells which methods were called how often while f ran.
func (w *watchedStore) during(f func()) map[string]int {
	w.mu.Lock()
	w.calls = map[string]int{}
	w.mu.Unlock()
	f()
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.calls)
}

func (w *watchedStore) CommitEach(ctx context.Context, changes []commit.Change) []error {
	if err := w.called("CommitEach"); err != nil {
		return slices.Repeat([]error{err}, len(changes))
	}
	return w.Engine.CommitEach(ctx, changes)
}

func (w *watchedStore) Commit(ctx context.Context, c commit.Change) error {
	if err := w.called("Commit"); err != nil {
		return err
	}
	return w.Engine.Commit(ctx, c)
}

func (w *watchedStore) Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error) {
	if err := w.called("Conversation"); err != nil {
		return inbox.Conversation{}, err
	}
	defer w.read.Add(1)
	return w.Engine.Conversation(ctx, ws, id)
}

func (w *watchedStore) Conversations(
	ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID,
) (map[inbox.ConversationID]inbox.Conversation, error) {
	if err := w.called("Conversations"); err != nil {
		return nil, err
	}
	if wait := w.reading.Load(); wait != nil {
		defer (*wait)()()
	}
	return w.Engine.Conversations(ctx, ws, ids)
}

func (w *watchedStore) ConversationByExternalID(ctx context.Context, ws workspace.WorkspaceID, id string) (inbox.Conversation, error) {
	if err := w.called("ConversationByExternalID"); err != nil {
		return inbox.Conversation{}, err
	}
	return w.Engine.ConversationByExternalID(ctx, ws, id)
}

func (w *watchedStore) ListConversations(ctx context.Context, q access.ConversationQuery) (inbox.Page[inbox.Conversation], error) {
	if err := w.called("ListConversations"); err != nil {
		return inbox.Page[inbox.Conversation]{}, err
	}
	return w.Engine.ListConversations(ctx, q)
}

func (w *watchedStore) CountConversations(ctx context.Context, q access.ConversationQuery, limit int) (int, error) {
	if err := w.called("CountConversations"); err != nil {
		return 0, err
	}
	return w.Engine.CountConversations(ctx, q, limit)
}

func (w *watchedStore) QueuePosition(ctx context.Context, c inbox.Conversation) (int, error) {
	if err := w.called("QueuePosition"); err != nil {
		return 0, err
	}
	return w.Engine.QueuePosition(ctx, c)
}

func (w *watchedStore) WebhookConditions(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.WebhookID) (map[workspace.WebhookID]webhooks.Condition, error) {
	if err := w.called("WebhookConditions"); err != nil {
		return nil, err
	}
	return w.Engine.WebhookConditions(ctx, ws, ids)
}

func (w *watchedStore) Message(ctx context.Context, ws workspace.WorkspaceID, id inbox.MessageID) (inbox.Message, error) {
	if err := w.called("Message"); err != nil {
		return inbox.Message{}, err
	}
	return w.Engine.Message(ctx, ws, id)
}

func (w *watchedStore) ListMessages(ctx context.Context, q desk.MessageQuery) (inbox.Page[inbox.Message], error) {
	if err := w.called("ListMessages"); err != nil {
		return inbox.Page[inbox.Message]{}, err
	}
	return w.Engine.ListMessages(ctx, q)
}

func (w *watchedStore) ListHistory(ctx context.Context, q desk.HistoryQuery) (inbox.Page[inbox.Event], error) {
	if err := w.called("ListHistory"); err != nil {
		return inbox.Page[inbox.Event]{}, err
	}
	return w.Engine.ListHistory(ctx, q)
}

func (w *watchedStore) Event(ctx context.Context, ws workspace.WorkspaceID, id inbox.EventID) (inbox.Event, error) {
	if err := w.called("Event"); err != nil {
		return inbox.Event{}, err
	}
	return w.Engine.Event(ctx, ws, id)
}

func (w *watchedStore) EventByKey(ctx context.Context, ws workspace.WorkspaceID, actor workspace.Actor, key string) (inbox.Event, error) {
	if err := w.called("EventByKey"); err != nil {
		return inbox.Event{}, err
	}
	return w.Engine.EventByKey(ctx, ws, actor, key)
}

func (w *watchedStore) Contacts(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ContactID) (map[inbox.ContactID]inbox.Contact, error) {
	if err := w.called("Contacts"); err != nil {
		return nil, err
	}
	return w.Engine.Contacts(ctx, ws, ids)
}

func (w *watchedStore) ContactByExternalID(ctx context.Context, ws workspace.WorkspaceID, id string) (inbox.Contact, error) {
	if err := w.called("ContactByExternalID"); err != nil {
		return inbox.Contact{}, err
	}
	return w.Engine.ContactByExternalID(ctx, ws, id)
}

func (w *watchedStore) Loads(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error) {
	if err := w.called("Loads"); err != nil {
		return nil, err
	}
	return w.Engine.Loads(ctx, ws, members)
}

func (w *watchedStore) Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	if err := w.called("Directory"); err != nil {
		return nil, err
	}
	return w.Engine.Directory(ctx, ws)
}

func (w *watchedStore) Member(ctx context.Context, ws workspace.WorkspaceID, id workspace.MemberID) (workspace.Member, error) {
	if err := w.called("Member"); err != nil {
		return workspace.Member{}, err
	}
	return w.Engine.Member(ctx, ws, id)
}

func (w *watchedStore) SaveDirectory(ctx context.Context, e inbox.Event) error {
	if err := w.called("SaveDirectory"); err != nil {
		return err
	}
	return w.Engine.SaveDirectory(ctx, e)
}

func (w *watchedStore) Administer(ctx context.Context, save commit.DirectorySave) error {
	if err := w.called("Administer"); err != nil {
		return err
	}
	err := w.Engine.Administer(ctx, save)
	w.mu.Lock()
	then := w.administered
	w.mu.Unlock()
	if err == nil && then != nil {
		then()
	}
	return err
}

// afterActs calls f after each act of administration, until the test ends.
func (w *watchedStore) afterActs(t *testing.T, f func()) {
	t.Helper()
	set := func(f func()) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.administered = f
	}
	set(f)
	t.Cleanup(func() { set(nil) })
}

func (w *watchedStore) ListAudit(ctx context.Context, q audit.AuditQuery) (inbox.Page[audit.AuditEntry], error) {
	if err := w.called("ListAudit"); err != nil {
		return inbox.Page[audit.AuditEntry]{}, err
	}
	return w.Engine.ListAudit(ctx, q)
}

// logbook keeps what is logged.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// entries gives the lines that hold a word.
func (l *logbook) entries(t *testing.T, word string) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []map[string]any
	for line := range strings.SplitSeq(l.text.String(), "\n") {
		if !strings.Contains(line, word) {
			continue
		}
		var entry map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &entry))
		out = append(out, entry)
	}
	return out
}

// forgetfulFeed is a feed whose database can be made to have lost its history.
type forgetfulFeed struct {
	feed.WorkspaceFeed
	lost atomic.Bool
	// heavy makes every event larger than what may be read for one subscriber.
	heavy atomic.Bool
	held  sync.Map // by workspace: channels that are closed when it goes on
}

// hold lets nobody of the workspace read until the result is called.
func (f *forgetfulFeed) hold(ws workspace.WorkspaceID) (release func()) {
	let := make(chan struct{})
	f.held.Store(ws, let)
	return sync.OnceFunc(func() { close(let) })
}

func (f *forgetfulFeed) forget() { f.lost.Store(true) }

func (f *forgetfulFeed) WatchWorkspace(ctx context.Context, ws workspace.WorkspaceID, position string) (feed.FeedStream, error) {
	if f.lost.Load() {
		return nil, feed.ErrHistoryLost
	}
	if let, held := f.held.Load(ws); held {
		select {
		case <-let.(chan struct{}):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	stream, err := f.WorkspaceFeed.WatchWorkspace(ctx, ws, position)
	return &heavyStream{stream, f}, err
}

type heavyStream struct {
	feed.FeedStream
	feed *forgetfulFeed
}

func (s *heavyStream) TryNext(ctx context.Context) (feed.FeedItem, bool, error) {
	item, ok, err := s.FeedStream.TryNext(ctx)
	if s.feed.heavy.Load() {
		item.Size = 1 << 30
	}
	return item, ok, err
}

// heldFeed is a feed that can be late. It has no past, which on a database that all
// tests share is long, unless the engine is remembered.
type heldFeed struct {
	feed.RecentFeed
	past bool
	mu   sync.Mutex // held while it is late
}

func heldFeedOf(opened store.Engine) *heldFeed {
	_, past := opened.(remembered)
	return &heldFeed{RecentFeed: opened, past: past}
}

// remembered is an engine of whose past a server reads when it starts. It is closed by
// the one who opened it.
type remembered struct{ store.Engine }

func (remembered) Close(context.Context) error { return nil }

func (f *heldFeed) WatchRecent(ctx context.Context, back time.Duration, most int) (feed.FeedStream, error) {
	if !f.past {
		return nil, feed.ErrHistoryLost
	}
	return f.RecentFeed.WatchRecent(ctx, back, most)
}

func (f *heldFeed) Watch(ctx context.Context, position string) (feed.FeedStream, error) {
	stream, err := f.RecentFeed.Watch(ctx, position)
	return &heldStream{stream, f}, err
}

type heldStream struct {
	feed.FeedStream
	feed *heldFeed
}

// OnBulletin lets heard be called for each bulletin.
func (s *heldStream) OnBulletin(heard func(bulletin []byte)) {
	if on, ok := s.FeedStream.(feed.BulletinStream); ok {
		on.OnBulletin(heard)
	}
}

func (s *heldStream) Next(ctx context.Context) (feed.FeedItem, error) {
	item, err := s.FeedStream.Next(ctx)
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	return item, err
}
