package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/attention"
)

// What members say to do costs no command each: a server writes one bulletin for all of
// it, five a second at most, and reads a conversation when somebody comes to it.
func TestStatementsCostFewCommands(t *testing.T) {
	s, wire := onCounted(t)
	w := s.newSpace(t, "enterprise", nil)
	var at []inbox.Conversation
	for range 10 {
		at = append(at, w.ticket("team support"))
	}
	st := w.as("observer").follow(followAttention, vars{"of": object{"view": object{}}}).begun()
	say := func(n int, kind attention.Kind) {
		who := []string{"agent1", "agent2", "senior", "away", "offline"}[n%5]
		_, _, err := s.service.Attention.Show(t.Context(), w.principal(who), attention.Statement{Conversation: at[n%10].ID, Kind: kind})
		require.NoError(t, err)
	}
	for n := range 50 { // everybody comes
		say(n, attention.Viewing)
	}
	for len(st.attended()) == 0 {
	}
	w.settle()
	before, began := wire.Counts(), time.Now()
	const statements = 2_500
	paced := time.NewTicker(time.Millisecond)
	defer paced.Stop()
	for n := range statements {
		<-paced.C
		say(n, attention.Kinds()[n%3])
	}
	took, updates, finds, all := time.Since(began), 0, 0, 0
	for command, count := range wire.Counts() {
		sent := count.Commands - before[command].Commands
		switch {
		case command.Name == "update" && command.Collection == "events":
			updates += sent
		case command.Name == "find":
			finds += sent
		}
		if command.Name != "hello" && command.Name != "ping" {
			all += sent
		}
	}
	require.Positive(t, updates)
	require.LessOrEqual(t, updates, int(took/(200*time.Millisecond))+2, "bulletins for %d statements in %s", statements, took)
	require.LessOrEqual(t, finds, 5, "nothing is read of what is known")
	t.Logf("%d statements in %s: %d bulletins, %d finds, %d commands in all, %.1f a second", statements, took.Round(time.Millisecond), updates, finds, all, float64(all)/took.Seconds())
}
