package blackbox_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// capFigures are what a run cost, in all.
type capFigures struct {
	servers, database, test   time.Duration // CPU
	changes, choices, repeats int           // lost races
}

// figures are those up to now.
func (r *capRun) figures(t *testing.T) capFigures {
	t.Helper()
	f := capFigures{database: cpuOf(r.database), test: cpuOf(os.Getpid())}
	for _, s := range r.servers {
		f.servers += cpuOf(s.cmd.Process.Pid)
		status, text := s.console(t, "/metrics")
		require.Equal(t, http.StatusOK, status)
		f.changes += metric(t, text, "switchboard_lost_changes_total")
		f.choices += metric(t, text, "switchboard_lost_choices_total")
		f.repeats += metric(t, text, "switchboard_transactions_repeated_total")
	}
	return f
}

func metric(t *testing.T, text, name string) int {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(text)
	require.NotNil(t, found, name)
	value, err := strconv.ParseFloat(found[1], 64)
	require.NoError(t, err)
	return int(value)
}

// since tells what was spent on each of the chats since before.
func (f capFigures) since(before capFigures, chats int) string {
	cpu := func(after, before time.Duration) string {
		return fmt.Sprintf("%.1f ms", float64(after-before)/float64(time.Millisecond)/float64(chats))
	}
	times := func(after, before int) string { return fmt.Sprintf("%.2f", float64(after-before)/float64(chats)) }
	return fmt.Sprintf("CPU a chat: servers %s, database %s, this test %s; a chat lost %s races for a conversation and %s for a member, and repeated %s transactions",
		cpu(f.servers, before.servers), cpu(f.database, before.database), cpu(f.test, before.test),
		times(f.changes, before.changes), times(f.choices, before.choices), times(f.repeats, before.repeats))
}

// cpuOf is how much CPU a process has used; zero where /proc does not tell.
func cpuOf(pid int) time.Duration {
	const tick = 10 * time.Millisecond // on every Linux that Go runs on
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	// The name of the program, in brackets, may hold spaces.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if err != nil || len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}
