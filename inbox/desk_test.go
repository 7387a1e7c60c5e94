package inbox_test

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

// desk is a world with a Service over a store in memory and a clock that the
// test moves.
type deskWorld struct {
	*world
	*memory
	*services.Services
	mu  sync.Mutex
	now time.Time
	ids int
}

func newDesk(t *testing.T, edit ...func(*services.Config)) *deskWorld {
	t.Helper()
	w := newWorld(t)
	d := &deskWorld{world: w, memory: newMemory(w.directory), now: start()}
	d.Services = d.serve(d.memory, edit...)
	return d
}

// serve makes another Service over the same store, as another server would be.
func (d *deskWorld) serve(directories access.Directories, edit ...func(*services.Config)) *services.Services {
	c := services.Config{Store: d.memory, Directories: directories, Policy: d.policy, Now: d.clock, NewID: d.newID, Pick: rand.IntN}
	for _, e := range edit {
		e(&c)
	}
	return services.New(c)
}

func (d *deskWorld) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *deskWorld) pass(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(t)
}

func (d *deskWorld) newID() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids++
	return fmt.Sprintf("id%06d", d.ids)
}

// put stores c as if it had always been there.
func (d *deskWorld) put(c inbox.Conversation) inbox.Conversation {
	d.memory.mu.Lock()
	defer d.memory.mu.Unlock()
	d.conversations[c.ID] = c
	for _, l := range inbox.LoadChanges(inbox.Conversation{Kind: c.Kind}, c) {
		load := d.loads[l.Member]
		if c.Kind == workspace.Livechat {
			load.Livechats++
		} else {
			load.Tickets++
		}
		d.loads[l.Member] = load
	}
	return c
}

// begin puts a state of states, "mine" being me's.
func (d *deskWorld) begin(t *testing.T, state string) desk.Request {
	t.Helper()
	c, known := states(me)[state]
	require.True(t, known, state)
	return desk.Request{Conversation: d.put(c).ID}
}

// now reads a conversation as the store has it.
func (d *deskWorld) stored(t *testing.T, id inbox.ConversationID) inbox.Conversation {
	t.Helper()
	c, err := d.memory.Conversation(context.Background(), home, id)
	require.NoError(t, err)
	return c
}

// busy gives a member n open chats.
func (d *deskWorld) busy(id workspace.MemberID, n int) {
	d.memory.mu.Lock()
	defer d.memory.mu.Unlock()
	d.loads[id] = workspace.Load{Livechats: n}
}

// alone leaves only these members online.
func (d *deskWorld) alone(ids ...workspace.MemberID) {
	for id := range d.world.directory.Members {
		d.member(id, func(m *workspace.Member) { m.Availability = workspace.Offline })
	}
	for _, id := range ids {
		d.member(id, func(m *workspace.Member) { m.Availability = workspace.Online })
	}
}

// refused demands an error of this code and gives it.
func refused(t *testing.T, err error, code inbox.Code) *inbox.Error {
	t.Helper()
	var refusal *inbox.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, code, refusal.Code, refusal.Message)
	require.NotEmpty(t, refusal.Message)
	return refusal
}

func ptr[T any](v T) *T { return &v }

func long(n int) string { return strings.Repeat("é", n) }
