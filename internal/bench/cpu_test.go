package bench_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ticks is how many units a second /proc counts CPU time in; it is 100 on every
// Linux that Go runs on.
const ticks = 100

// cpuSeconds reads how much CPU a process has used so far. Linux only.
func cpuSeconds(b *testing.B, pid int) float64 {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	require.NoError(b, err, "CPU is read from /proc, which only Linux has")
	// The name of the program, in brackets, may hold spaces.
	fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
	user, err := strconv.ParseFloat(fields[11], 64)
	require.NoError(b, err)
	system, err := strconv.ParseFloat(fields[12], 64)
	require.NoError(b, err)
	return (user + system) / ticks
}

// ranSeconds is cpuSeconds to the microsecond, of the threads that are there now: those of Go
// programs stay.
func ranSeconds(b *testing.B, pid int) (sum float64) {
	b.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	require.NoError(b, err)
	for _, thread := range threads {
		data, err := os.ReadFile(thread)
		require.NoError(b, err)
		nanos, err := strconv.ParseFloat(strings.Fields(string(data))[0], 64)
		require.NoError(b, err)
		sum += nanos / 1e9
	}
	return sum
}
