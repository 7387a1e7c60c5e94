package blackbox_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// The lists of the TypeScript client are those of the server in every order, while conversations enter, move and leave,
// and after the server was killed.
func TestAListIsRightInEveryOrder(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	if !have(t, "SWITCHBOARD_TEST_REQUIRE_NODE", "npm ci in web and in transport/interop", "../../transport/interop/node_modules/ws", "../../web/node_modules/typescript") {
		t.SkipNow()
	}
	arguments := []string{"--data", t.TempDir(), "--cost-per-second", "0"}
	served := demo(t, arguments...)
	folder := t.TempDir()
	installClient(t, folder)
	script, err := os.ReadFile("../../transport/interop/orders.mjs")
	require.NoError(t, err)
	writeFile(t, folder, "orders.mjs", string(script))
	lists := &example{name: "orders.mjs"}
	command := inFolder(folder, "node", "orders.mjs")
	command.Stdout, command.Stderr = &lists.out, os.Stderr
	d := served.desk(t, "demo")
	command.Env = append(command.Environ(), "URL=http://"+served.addr+"/graphql", "TOKEN="+d.owner.token)
	require.NoError(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })

	w := &worker{desk: d}
	right := func(when string) {
		t.Helper()
		eventually(t, "every list is right "+when, func() bool {
			now := lists.byOrder(t)
			for _, field := range []string{"LAST_ACTIVITY", "CREATED", "WAITING", "AWAITING_REPLY"} {
				for _, direction := range []string{"ASC", "DESC"} {
					if now[field+" "+direction] != w.ordered(field, direction) {
						return false
					}
				}
			}
			return true
		})
	}
	right("at first")
	w.work(40)
	right("after changes")
	addr := served.addr
	served.terminate()
	served = demo(t, append(arguments, "--addr", addr)...)
	w.desk = served.desk(t, "demo")
	w.work(20)
	right("after a restart")
}

// byOrder is each list as it was last printed.
func (e *example) byOrder(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for line := range strings.Lines(e.out.String()) {
		var list struct {
			Order string
			Rows  []string
		}
		if strings.HasSuffix(line, "\n") {
			require.NoError(t, json.Unmarshal([]byte(line), &list))
			out[list.Order] = strings.Join(list.Rows, " ")
		}
	}
	return out
}

// ordered is a list as the server has it.
func (w *worker) ordered(field, direction string) string {
	query := fmt.Sprintf(`{ conversations(view: {list: ALL, statuses: [OPEN, UNSET]}, orderBy: {field: %s, direction: %s}, first: 7) { nodes { id revision } } }`, field, direction)
	rows := []string{}
	nodes, _ := w.desk.owner.do(query, nil).at("conversations.nodes").([]any)
	for _, node := range nodes {
		rows = append(rows, fmt.Sprint(str(w.desk.owner.t, node, "id"), ":", number(w.desk.owner.t, node, "revision")))
	}
	return strings.Join(rows, " ")
}
