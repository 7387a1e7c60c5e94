package world

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// Inbox is a world with the use cases over a store in memory, and a clock that the
// test moves.
type Inbox struct {
	*World
	*Memory
	*services.Services
	mu  sync.Mutex
	now time.Time
	ids int
}

// New returns an inbox of the world's directory. edit may change the configuration of
// its services.
func New(t *testing.T, edit ...func(*services.Config)) *Inbox {
	t.Helper()
	w := NewWorld(t)
	d := &Inbox{World: w, Memory: openMemory(w.Roster), now: Start()}
	d.Services = d.Serve(d.Memory, edit...)
	return d
}

// Serve makes services over the same store, as another server would be.
func (d *Inbox) Serve(directories access.Directories, edit ...func(*services.Config)) *services.Services {
	c := services.Config{
		Store: d.Memory, Directories: directories, Policy: d.Policy, Now: d.Clock, NewID: d.NewID, Pick: rand.IntN,
	}
	for _, e := range edit {
		e(&c)
	}
	return services.New(c)
}

// Clock is the time of the inbox: Start, and what passed since.
func (d *Inbox) Clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// Pass moves the clock.
func (d *Inbox) Pass(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(t)
}

// NewID makes ids in order, the same in every run.
func (d *Inbox) NewID() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids++
	return fmt.Sprintf("id%06d", d.ids)
}

// Put stores c as if it had always been there.
func (d *Inbox) Put(c inbox.Conversation) inbox.Conversation {
	d.Memory.Mu.Lock()
	defer d.Memory.Mu.Unlock()
	d.Threads[c.ID] = c
	for _, l := range inbox.LoadChanges(inbox.Conversation{Kind: c.Kind}, c) {
		d.Counts[l.Member] = Moved(d.Counts[l.Member], l)
	}
	if c.Offer.ID != "" {
		d.offers = append(d.offers, c.Offer)
	}
	return c
}

// Begin puts a state of States, "mine" being Me's, and returns the request for it.
func (d *Inbox) Begin(t *testing.T, state string) desk.Request {
	t.Helper()
	c, known := States(Me)[state]
	require.True(t, known, state)
	return desk.Request{Conversation: d.Put(c).ID}
}

// Stored reads a conversation as the store has it.
func (d *Inbox) Stored(t *testing.T, id inbox.ConversationID) inbox.Conversation {
	t.Helper()
	c, err := d.Memory.Conversation(context.Background(), Home, id)
	require.NoError(t, err)
	return c
}

// Busy gives a member n open chats.
func (d *Inbox) Busy(id workspace.MemberID, n int) {
	d.Memory.Mu.Lock()
	defer d.Memory.Mu.Unlock()
	d.Counts[id] = workspace.Load{Livechats: n}
}

// Alone leaves only these members online.
func (d *Inbox) Alone(ids ...workspace.MemberID) {
	for id := range d.World.Roster.Members {
		d.Member(id, func(m *workspace.Member) { m.Availability = workspace.Offline })
	}
	for _, id := range ids {
		d.Member(id, func(m *workspace.Member) { m.Availability = workspace.Online })
	}
}

// Refused demands an error of this code and returns it.
func Refused(t *testing.T, err error, code inbox.Code) *inbox.Error {
	t.Helper()
	var refusal *inbox.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, code, refusal.Code, refusal.Message)
	require.NotEmpty(t, refusal.Message)
	return refusal
}

// Ptr returns a pointer to v.
func Ptr[T any](v T) *T { return &v }

// Long is a text of n characters, two bytes each.
func Long(n int) string { return strings.Repeat("é", n) }

// MeanwhileDo lets somebody else act between the load and the commit.
func (d *Inbox) MeanwhileDo(t *testing.T, act func(ctx context.Context) error) {
	t.Helper()
	d.Meanwhile = func() { require.NoError(t, act(context.Background())) }
}
