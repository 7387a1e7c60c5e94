package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/internal/world"
)

// Each action says of each state why it is not possible in words of their own: the
// table has all of them, and nothing else is said. What plan and permission refuse is
// not in it. B:C4, B:A6
func TestRefusalTexts(t *testing.T) {
	want := map[string]bool{}
	for _, r := range world.ReadTable(t, "refusals.csv") {
		want[r.Get(t, "action")+": "+r.Get(t, "text")] = false
	}
	w := world.NewWorld(t)
	for name := range world.States(world.Mate) {
		for _, channel := range []string{"web", "whatsapp"} {
			for who, p := range world.Callers() {
				own := world.Mate
				if m := p.Actor.Member(); m != "" {
					own = m
				}
				c := world.States(own)[name]
				c.Channel = channel
				a := w.Access(t, p)
				for _, action := range access.Actions() {
					var refusal *inbox.Error
					if err := a.Refusal(c, a.Can(c, action)); !errors.As(err, &refusal) || refusal.Code == inbox.PermissionDenied {
						continue
					}
					text := refusal.Message
					for _, m := range w.Roster.Members {
						text = strings.ReplaceAll(text, m.Name, "NAME")
					}
					key := string(action) + ": " + text
					if _, known := want[key]; !known {
						t.Errorf("%s of %q by %s is not in the table: %s,%q", action, name, who, action, text)
					}
					want[key] = true
					require.Equal(t, refusal.Hint == inbox.ActionClaim, strings.Contains(text, "Claim it first"), "%s of %q by %s", action, name, who)
				}
			}
		}
	}
	for row, met := range want {
		require.True(t, met, "nobody is told: %s", row)
	}
}
