package webhooks_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// Every state, reason and condition of an endpoint has one row of the table, which says
// what is warned of. B:V12
func TestWhatIsWarnedOfWebhooks(t *testing.T) {
	rows := readRows(t, "testdata/warnings.csv")
	met, rests := make([]int, len(rows)), []string{"", webhooks.RestKeyExpired, webhooks.RestPlan}
	for _, state := range []workspace.WebhookState{workspace.WebhookActive, workspace.WebhookPaused, workspace.WebhookDisabled} {
		for _, reason := range append(webhooks.EndReasons(), "", "A REASON OF A LATER VERSION") {
			for flags := range 12 {
				rest, now := rests[flags%3], webhooks.Condition{Failing: flags/3%2 > 0, Parked: flags/6 > 0}
				if state != workspace.WebhookActive {
					rest = ""
				}
				got := webhooks.Warnings(workspace.Webhook{State: state, StateReason: reason}, rest, now)
				i := rowOf(t, rows, []string{string(state), yesNo(reason != ""), rest, yesNo(now.Failing), yesNo(now.Parked)})
				met[i]++
				require.Equal(t, rows[i][5], words(got), "%s %q %q %+v", state, reason, rest, now)
			}
		}
	}
	require.NotContains(t, met, 0, "a row that nothing meets")
}

func readRows(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	return rows[1:]
}

// rowOf is the only row whose cells are those, or *.
func rowOf(t *testing.T, rows [][]string, cells []string) int {
	t.Helper()
	found := -1
	for i, row := range rows {
		fits := true
		for n, cell := range cells {
			fits = fits && (row[n] == "*" || row[n] == cell)
		}
		if fits {
			require.Negative(t, found, "two rows for %v", cells)
			found = i
		}
	}
	require.GreaterOrEqual(t, found, 0, "no row for %v", cells)
	return found
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func words(all []inbox.Warning) string {
	var out []string
	for _, w := range all {
		out = append(out, string(w))
	}
	return strings.Join(out, " ")
}
