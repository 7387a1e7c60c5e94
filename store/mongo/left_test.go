package mongo_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/mongo"

	"switchboard/internal/testdb"
)

// The kind of fault: who does not wait any longer writes into what others still write. Callers
// leave while their changes are written together with those of others, at any moment; the
// others are told what became of theirs, and what is left to itself is done or not. It is
// the race detector that judges.
func TestCallersLeaveATransactionOfMany(t *testing.T) {
	s := open(t, mongo.Config{URI: testdb.URI(t), Database: testdb.Database(t)})
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	const many, rounds = 24, 4
	var owned []inbox.Conversation
	for i := range many * rounds {
		c := newConversation(fmt.Sprint("left", i))
		c.Contact, c.Event.Key = nil, inbox.IdempotencyKey{}
		c.Conversation.ExternalID, c.Conversation.Contact, c.Event.Messages = "", "ada", nil
		require.NoError(t, s.Commit(t.Context(), c))
		owned = append(owned, *c.Event.After)
	}
	for round := range rounds {
		ctx, leave := context.WithCancel(t.Context())
		var working sync.WaitGroup
		for i := range many {
			change, of := takenOver(owned[round*many+i], fmt.Sprint("left", round, i)), t.Context()
			change.Conversation.Assignee, change.Loads = "mia", []inbox.LoadChange{{Member: "mia", Kind: workspace.Livechat, Delta: 1}}
			if leaves := i%2 == 0 || round%2 == 0; leaves { // some, or all, so that nobody needs the transaction
				of = ctx
			}
			working.Go(func() {
				err := s.Commit(of, change)
				leave() // others are in the midst
				if of != ctx {
					require.NoError(t, err)
				}
			})
		}
		working.Wait()
		leave()
	}
}
