package resolvers_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Every kind of caller may ask for its own rate, for next to nothing.
func TestEveryCallerMayAskForItsRate(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	_, contact := w.visit()
	_, key := w.newKey("Site")
	for name, c := range map[string]*client{"a member": w.as("agent1"), "an AI agent": w.as("ai"), "a contact": contact, "an API key": key} {
		answer := c.do(`{ rateLimit { limit remaining resetAt } }`, nil)
		require.Equal(t, fmt.Sprint(math.MaxInt32), fmt.Sprint(answer.at("rateLimit.limit")), name)
		require.Equal(t, fmt.Sprint(math.MaxInt32), fmt.Sprint(answer.at("rateLimit.remaining")), name)
		at, err := time.Parse(time.RFC3339, answer.at("rateLimit.resetAt").(string))
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), at, time.Hour)
	}
}
