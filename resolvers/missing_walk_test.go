package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/walk"
)

// A mutation that does not find something says which argument named it, whichever of its
// ids it is.
func TestWalkWhatIsNotFoundNamesItsArgument(t *testing.T) {
	walk.Alone(t)
	s := onEmbedded(t)
	schema := loadSchema(t)
	w := s.newSpace(t, "enterprise", nil)
	missed := 0
	for _, row := range readTable[idRow](t, "ids.json") {
		a := argumentNamed(t, schema, row.Argument)
		if a.root != schema.Mutation || row.Wants == "*" {
			continue
		}
		t.Run(row.Argument, func(t *testing.T) {
			st := row.stageFor(w.in(t), schema)
			base, _ := st.fill(row.With).(map[string]any)
			got := a.ask(st.client(orElse(row.As, "owner")), schema, a.put(t, schema, base, made(row.Wants)))
			code, field := got.verdict()
			if a.field.Name == "actOnConversations" && field == nil {
				results, _ := got.at("payload.results").([]any)
				if len(results) > 0 && code == "NOT_FOUND" {
					field, _ = dig(t, results[0], "error.field").([]any)
				}
			}
			if code != "NOT_FOUND" || a.field.Name == "actOnConversations" && a.path[len(a.path)-1] == "conversationId" {
				return // a target has a code of its own, a filter finds nothing, and a result names its conversation
			}
			missed++
			require.NotEmpty(t, field, got.text)
			require.Equal(t, a.path[len(a.path)-1], field[len(field)-1])
		})
	}
	require.Greater(t, missed, 40, "the walk has to find something")
}
