package blackbox_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const rightsQuery = `subscription { viewerChanges { permissions workspace { plan { name label } } } }`

// holds reports whether an item of rightsQuery has a permission.
func holds(item object, permission string) bool {
	all, _ := item["permissions"].([]any)
	return slices.Contains(all, any(permission))
}

// The folder of the policy is followed while the server runs. A change that takes
// something away ends streams, one with a mistake changes nothing. B:Z4 B:Z6
func TestAChangedPolicyFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "policy")
	require.NoError(t, os.CopyFS(dir, os.DirFS("../../authz/policies/default")))
	change := func(file, old, new string) {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, file))
		require.NoError(t, err)
		require.Contains(t, string(data), old)
		written := filepath.Join(dir, "written")
		require.NoError(t, os.WriteFile(written, []byte(strings.Replace(string(data), old, new, 1)), 0o600))
		require.NoError(t, os.Rename(written, filepath.Join(dir, file)))
	}
	s := demo(t, "--memory", "--policy-dir", dir, "--metrics-addr", "127.0.0.1:0")
	d := s.desk(t, "demo")
	rights, watching := d.manager.connect().subscribe(rightsQuery, nil), d.observer.followEvents(d)
	rights.item("the rights now", func(item object) bool { return holds(item, "monitor:livechat:ALL") })
	owned := d.owned(d.agent2)

	change("features.csv", "monitor,            pro", "monitor, no_plan")
	s.until(&s.errors, "the refusal", func(said string) bool { return strings.Contains(said, "the changed policy cannot be used") })
	require.Contains(t, s.errors.String(), "features.csv:9")
	_, metrics := s.console(t, "/metrics")
	require.Contains(t, metrics, "switchboard_policy_refused 1")
	require.Contains(t, metrics, "switchboard_policy_reloads_total 0")

	change("features.csv", "monitor, no_plan", "monitor, pro")
	change("policy.csv", "p, manager, *, monitor, ALL\n", "")
	change("policy.csv", "p, observer, *, view, ALL", "p2, observer, audit.view")
	change("policy.csv", "p, agent, *, reply, TEAM\n", "")
	change("plans.csv", "enterprise, Enterprise", "enterprise, The whole works")
	changed := time.Now()
	s.until(&s.errors, "the new policy", func(said string) bool { return strings.Contains(said, "a changed policy is in force") })
	require.Equal(t, "PERMISSION_DENIED", watching.refused(), "without any event")
	t.Logf("from the change to the end of the stream: %s", time.Since(changed))
	rights.item("what is left", func(item object) bool {
		return !holds(item, "monitor:livechat:ALL") && holds(item, "view:livechat:ALL") && str(t, item, "workspace.plan.label") == "The whole works"
	})
	eventually(t, "what agent2 may no longer answer goes back to the queue", func() bool {
		return at(t, d.owner.read(owned), "assignee") == nil
	})
	_, metrics = s.console(t, "/metrics")
	require.Contains(t, metrics, "switchboard_policy_refused 0")
	require.Regexp(t, `(?m)^switchboard_policy_reloads_total [1-9]`, metrics)
	require.Equal(t, 1, strings.Count(s.errors.String(), "the changed policy cannot be used"))
}
