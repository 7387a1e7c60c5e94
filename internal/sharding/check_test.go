package sharding_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/internal/sharding"
)

// A command without the workspace on a sharded collection is refused, in whatever form
// the driver sends it.
func TestCheck(t *testing.T) {
	text, err := os.ReadFile("testdata/commands.json")
	require.NoError(t, err)
	var table map[string]map[string]bson.Raw
	require.NoError(t, bson.UnmarshalExtJSON(text, false, &table))
	for verdict, commands := range table {
		for name, command := range commands {
			t.Run(name+" "+verdict, func(t *testing.T) {
				checker, err := sharding.New()
				require.NoError(t, err)
				require.Equal(t, verdict == "is refused", checker.Check(command) != nil)
			})
		}
	}
}
