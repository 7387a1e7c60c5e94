package webhook_test

import (
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/cloudevent"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/webhook"
)

func stamp(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

func material(t *testing.T) webhooks.Material {
	t.Helper()
	m, ok := webhooks.MaterialOf(webhooks.DrawMaterial())
	require.True(t, ok)
	return m
}

// delivered is one attempt, as receivers in other languages are given it.
type delivered struct {
	Secret  string            `json:"secret"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// The public libraries accept what is sent, by both secrets of a rotation, and refuse what
// was changed. B:V12
func TestReceiversInOtherLanguages(t *testing.T) {
	for language, find := range map[string]func(*testing.T) (program, script string){
		"JavaScript": func(t *testing.T) (string, string) { return nodeProgram(t), "webhooks.mjs" },
		"Python":     func(t *testing.T) (string, string) { return pythonProgram(t), "webhooks.py" },
	} {
		t.Run(language, func(t *testing.T) {
			program, script := find(t)
			run := exec.CommandContext(t.Context(), program, script, rotated(t))
			run.Dir = "../transport/interop"
			said, err := run.CombinedOutput()
			require.NoError(t, err, string(said))
			require.Equal(t, "2 verified, 6 refused\n", string(said))
		})
	}
}

// rotated is one attempt amid a rotation, for a receiver with each of the two secrets.
func rotated(t *testing.T) string {
	t.Helper()
	one, other := material(t), material(t)
	now, body := time.Now(), `{"type":"conversation.claimed","data":{"subject":"Grüße"}}`
	var all []delivered
	for _, m := range []webhooks.Material{one, other} {
		all = append(all, delivered{m.Shown(), map[string]string{
			"webhook-id": "e1", "webhook-timestamp": stamp(now), "webhook-signature": webhook.Signatures([]webhooks.Material{one, other}, "e1", now, []byte(body)),
		}, body})
	}
	input, err := json.Marshal(all)
	require.NoError(t, err)
	return string(input)
}

// nodeProgram is Node.js. Without it the test is skipped, or fails if it is required.
func nodeProgram(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "SWITCHBOARD_TEST_REQUIRE_NODE", "there is no Node.js")
	}
	return node
}

// pythonProgram is the Python that scripts/python-client made, with the library.
func pythonProgram(t *testing.T) string {
	t.Helper()
	cache := cmp.Or(os.Getenv(testdb.EnvCache), ".cache")
	if !filepath.IsAbs(cache) {
		cache = filepath.Join("..", cache)
	}
	python, err := filepath.Abs(filepath.Join(cache, "bin/python-client"))
	require.NoError(t, err)
	if err := exec.CommandContext(t.Context(), python, "-c", "import standardwebhooks").Run(); err != nil {
		missing(t, "SWITCHBOARD_TEST_REQUIRE_PYTHON", "there is no Python with standardwebhooks: run scripts/python-client")
	}
	return python
}

func missing(t *testing.T, variable, what string) {
	t.Helper()
	require.Empty(t, os.Getenv(variable), what)
	t.Skip("NOT TESTED: " + what)
}

// A body has 20 KB at most: data that is longer is replaced by ids, and the body says so.
// B:V12
func TestLongBodies(t *testing.T) {
	for _, size := range []int{10, 19 << 10, 21 << 10} {
		data, err := json.Marshal(map[string]string{"text": longText(size)})
		require.NoError(t, err)
		body, err := webhook.BodyOf(webhook.Payload{Event: cloudevent.Event{ID: "e1", Type: "message.created", Data: json.RawMessage(`{"id":"e1"}`)}, Selected: data}, workspace.Webhook{}, 7, 0)
		require.NoError(t, err)
		var read struct {
			Truncated          bool
			Sequence, Previous *int64
			Data               map[string]string
		}
		require.NoError(t, json.Unmarshal(body, &read))
		require.LessOrEqual(t, len(body), 20<<10)
		require.Equal(t, size > 20<<10, read.Truncated)
		require.Equal(t, read.Truncated, read.Data["id"] == "e1")
		require.EqualValues(t, 7, *read.Sequence)
		require.Nil(t, read.Previous)
	}
}

func longText(n int) string { return strings.Repeat("x", n) }
