package desk_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// slowStore holds commits back until it is told to write them, and counts what is read.
type slowStore struct {
	*world.Memory
	reads   atomic.Int64
	writing chan struct{}
}

func (s *slowStore) Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error) {
	s.reads.Add(1)
	return s.Memory.Conversation(ctx, ws, id)
}

func (s *slowStore) Commit(ctx context.Context, c commit.Change) error {
	<-s.writing
	return s.Memory.Commit(ctx, c)
}

// More load makes callers wait, and those beyond a bound are refused at once
// with the time to come back; the database reads no more than what is at work. Each verb
// of which many may go to the same conversation, member or team. The bounds are those of
// newGate.
func TestMoreLoadReadsNoMore(t *testing.T) {
	const atWork, waiting, offered = 64, 256, 400
	for name, hot := range map[string]struct {
		begin string
		same  bool // the conversation
		do    func(context.Context, *services.Services, inbox.Principal, desk.Request) error
	}{
		"messages into one conversation": {"chat: mine", true, func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) error {
			_, err := s.Messages.Send(ctx, p, desk.SendRequest{Conversation: r.Conversation, Body: "note", Internal: true})
			return err
		}},
		"takeovers of one conversation": {"chat: mine", true, func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) error {
			_, err := s.Desk.TakeOver(ctx, p, r, nil, "")
			return err
		}},
		"assigns to one member": {"chat: queued in my team", false, func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) error {
			_, err := s.Desk.Assign(ctx, p, r, access.Owner{Member: world.Mate}, "")
			return err
		}},
		"transfers to one team": {"chat: queued in my team", false, func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) error {
			_, err := s.Desk.Assign(ctx, p, r, access.Owner{Team: world.Billing}, "")
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := world.New(t)
				first := d.Begin(t, hot.begin)
				store := &slowStore{Memory: d.Memory, writing: make(chan struct{})}
				s := d.Serve(d.Memory, func(c *services.Config) { c.Store = store })
				var refused, done atomic.Int64
				var all sync.WaitGroup
				for n := range offered {
					r := first
					if !hot.same {
						c := d.Stored(t, first.Conversation)
						c.ID = inbox.ConversationID(fmt.Sprint("hot", n))
						r.Conversation = d.Put(c).ID
					}
					all.Go(func() {
						err := hot.do(t.Context(), s, world.AsMember([]workspace.MemberID{world.Senior, world.Manager, world.Owner}[n%3]), r)
						var typed *inbox.Error
						if errors.As(err, &typed) && typed.Code == inbox.Unavailable && typed.RetryAfter >= time.Second {
							refused.Add(1)
							return
						}
						done.Add(1) // or lost a race
					})
				}
				synctest.Wait()
				require.EqualValues(t, offered-atWork-waiting, refused.Load())
				require.LessOrEqual(t, store.reads.Load(), int64(atWork))
				now, ever := s.Desk.Crowd()
				require.Equal(t, waiting, now)
				require.EqualValues(t, refused.Load(), ever)
				close(store.writing)
				all.Wait()
				require.EqualValues(t, offered, refused.Load()+done.Load())
				now, _ = s.Desk.Crowd()
				require.Zero(t, now)
			})
		})
	}
}
