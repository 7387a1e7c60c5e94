package blackbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// envAnswers is how many chats are answered as their time is over, instead of 200.
const envAnswers = "SWITCHBOARD_TEST_ANSWERS"

// blink is how long before and behind the deadline the answers of half of the chats are
// sent; those of the others are sent while the rules look for what is due.
const blink = 20 * time.Millisecond

// Chats are answered as their time is over, on four servers: none is taken that was
// answered before, by the order of the commits, no answer that was accepted is lost, and
// each chat has one owner or one place in the queue. Row 2. B:R1
func TestAnswersAtTheLastMoment(t *testing.T) {
	t.Parallel()
	chats := 200
	if text := os.Getenv(envAnswers); text != "" {
		_, err := fmt.Sscan(text, &chats)
		require.NoError(t, err, envAnswers)
	}
	for engine, open := range houses() {
		t.Run(engine, func(t *testing.T) {
			h := open(t, staff("two", 20, func(r *workspace.Rules) { r.ReclaimAfter = 2 * time.Second }))
			s := h.shifts["two"].in(t)
			s.answerEach(chats)
			log := s.sound()
			kinds := map[inbox.EventKind]int{}
			for _, e := range log.Events {
				kinds[e.Kind]++
			}
			taken, back := kinds[inbox.EventReclaimed], kinds[inbox.EventUndone]
			t.Logf("%d chats, %d answers accepted, %d chats taken back, %d of them given back", chats, len(s.said), taken, back)
			require.NotZero(t, taken, "some answers came too late")
			require.Less(t, taken, chats, "and some did not")
		})
	}
}

// answerEach starts chats and lets each be answered by its owner at its deadline.
func (s *shift) answerEach(chats int) {
	var answering sync.WaitGroup
	answers := make(chan error, chats)
	for n := range chats {
		id, _ := s.visit(n)
		by := s.member(n+1, s.owned(n, id))
		due := s.deadline(n, id)
		answering.Go(func() { answers <- s.answerAt(s.t.Context(), by, id, n, due) })
	}
	answering.Wait()
	close(answers)
	for err := range answers {
		require.NoError(s.t, err)
	}
}

// deadline is when the rules may take the conversation, as the server tells its owner; the
// past if they have by now.
func (s *shift) deadline(n int, id string) time.Time {
	s.t.Helper()
	told, _ := dig(s.boss(n).do(`query($id: ID!) { conversation(id: $id) { reclaimAt } }`, object{"id": id}).Data, "conversation", "reclaimAt").(string)
	at, err := time.Parse(time.RFC3339, told)
	if err != nil {
		return time.Now()
	}
	return at
}

// answerAt sends the answer of a member at about the deadline. A refusal is an answer too:
// somebody else may have the chat by then.
func (s *shift) answerAt(ctx context.Context, by *client, id string, n int, due time.Time) error {
	random := rand.New(rand.NewPCG(uint64(n), 3))
	at := due.Add(time.Duration(random.Int64N(int64(2*blink))) - blink)
	if n%2 == 0 {
		at = due.Add(time.Duration(random.Int64N(int64(1200 * time.Millisecond))))
	}
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	a, err := by.try(ctx, `mutation($input: SendMessageInput!) { payload: sendMessage(input: $input) { message { id } userErrors { code } } }`,
		object{"input": object{"conversationId": id, "body": "Here I am."}})
	if err == nil && len(a.Errors) > 0 {
		err = fmt.Errorf("not answered: %s", a.text)
	}
	if message := plainID(dig(a.Data, "payload", "message", "id")); message != "" {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.said = append(s.said, inbox.MessageID(message))
	}
	return err
}
