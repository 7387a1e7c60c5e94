package live

import (
	"context"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// rememberedIssues bounds the memory, which is about 150 bytes for each
// conversation.
const rememberedIssues = 100_000

// TokenIssues remembers the issue number that the contact tokens of a conversation
// must name. Each operation of a contact asks for it, and each subscription of a
// contact once a second, which would be too much for the database.
//
// The feed keeps it right: an event of a conversation with another number than the
// one remembered makes the next caller read. While the feed is down nothing is
// remembered. It is safe for concurrent use.
type TokenIssues struct {
	read access.TokenIssues

	mu     sync.Mutex
	live   bool
	issues *simplelru.LRU[conversationKey, int]
	// changes counts what made a number unknown. A read that began before the last
	// one is not remembered.
	changes uint64
}

type conversationKey struct {
	workspace workspace.WorkspaceID
	id        inbox.ConversationID
}

var (
	_ access.TokenIssues = (*TokenIssues)(nil)
	_ feed.Follower      = (*TokenIssues)(nil)
)

// NewTokenIssues makes an empty memory that reads with read.
func NewTokenIssues(read access.TokenIssues) *TokenIssues {
	// The only error of NewLRU is a size that is not positive.
	issues, _ := simplelru.NewLRU[conversationKey, int](rememberedIssues, nil)
	return &TokenIssues{read: read, issues: issues}
}

// TokenIssue answers from memory while the feed is up, else reads.
func (t *TokenIssues) TokenIssue(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (int, error) {
	key := conversationKey{ws, id}
	issue, known, began := t.recall(key)
	if known {
		return issue, nil
	}
	issue, err := t.read.TokenIssue(ctx, ws, id)
	if err == nil {
		t.remember(key, issue, began)
	}
	return issue, err
}

func (t *TokenIssues) recall(key conversationKey) (issue int, known bool, changes uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	issue, known = t.issues.Get(key)
	return issue, known, t.changes
}

// remember keeps what a read found, unless something changed since it began.
func (t *TokenIssues) remember(key conversationKey, issue int, began uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.live && t.changes == began {
		t.issues.Add(key, issue)
	}
}

// Committed is Apply for what this process committed itself, before the feed
// brings it.
func (t *TokenIssues) Committed(e inbox.Event) { t.Apply(e) }

// Apply forgets the number of a conversation when e shows another one. The event
// may be older than the number, so it is never taken over from there.
func (t *TokenIssues) Apply(e inbox.Event) {
	if e.After == nil {
		return
	}
	key := conversationKey{e.Workspace, e.Conversation}
	t.mu.Lock()
	defer t.mu.Unlock()
	issue, known := t.issues.Peek(key)
	if known && issue == e.After.TokenIssue || !known && e.After.TokenIssue == 0 {
		return // a number only grows, so that 0 never follows another one
	}
	t.changes++
	t.issues.Remove(key)
}

// FeedLost forgets everything: what other servers do no longer arrives.
func (t *TokenIssues) FeedLost() { t.reset(false) }

// FeedBack remembers again from here on.
func (t *TokenIssues) FeedBack() { t.reset(true) }

// Forget forgets everything, because events were lost.
func (t *TokenIssues) Forget() { t.reset(true) }

func (t *TokenIssues) reset(live bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.live = live
	t.changes++
	t.issues.Purge()
}
