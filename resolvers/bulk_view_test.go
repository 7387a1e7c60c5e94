package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A call that acts refuses an empty choice, which a list would take for no choice at all: in
// each list that a view has. Nothing is done. B:G1
func TestACallDoesNotTakeAnEmptyChoiceForAll(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		tried := 0
		for _, f := range schema.Types["InboxView"].Fields {
			if f.Type.Elem == nil {
				continue
			}
			tried++
			in := object{"selection": object{"view": object{f.Name: []any{}}}, "verb": object{"unassign": true}}
			a := w.as("manager").do(`mutation($in: BulkInput!) { payload: actOnConversations(input: $in) {
				results { conversationId } userErrors { code field message } } }`, vars{"in": in})
			code, field := a.verdict()
			require.Equal(t, "INVALID_INPUT", code, f.Name)
			require.Equal(t, []any{"selection", "view", f.Name}, field)
		}
		require.Greater(t, tried, 8)
		require.Equal(t, c.Version, w.stored(c.ID).Version)
	})
}
