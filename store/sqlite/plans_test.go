package sqlite_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/store/sqlite"
)

// planned is a store that looks at its statements when it is closed.
type planned struct {
	*sqlite.Store
	t    *testing.T
	seen map[string]bool
}

// scans matches a step that reads a table from end to end. Arguments of json_each are
// read so, and what a step before has selected.
var scans = regexp.MustCompile(`^SCAN (?:TABLE )?(\w+)`)

// byState matches a statement that chooses deliveries by their state.
var byState = regexp.MustCompile(`webhook_deliveries' .*\brev (=|IN) `)

// Close checks that every statement finds its rows by an index, and deliveries in a state by
// that of states: an endpoint has many others.
func (p planned) Close(ctx context.Context) error {
	texts, err := p.Prepared(ctx)
	require.NoError(p.t, err)
	for _, text := range texts {
		if p.seen[text] {
			continue
		}
		p.seen[text] = true
		steps, err := p.Plan(ctx, text)
		require.NoError(p.t, err, text)
		if byState.MatchString(text) {
			require.Contains(p.t, strings.Join(steps, "\n"), "deliveries_by_state (rev=? AND id>? AND id<?)", text)
		}
		for _, step := range steps {
			table := scans.FindStringSubmatch(step)
			if table != nil && !slices.Contains(mayBeScanned(), table[1]) {
				p.t.Errorf("%s: %s", text, step)
			}
		}
	}
	return p.Store.Close(ctx)
}

// mayBeScanned are tables that hold few rows, and arguments.
func mayBeScanned() []string {
	return []string{"installation", "log_progress", "sqlite_sequence", "sqlite_schema", "json_each", "f", "o", "CONSTANT", "subquery"}
}
