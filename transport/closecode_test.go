package transport_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// closeRow is a line of the table of close codes in the package comment.
type closeRow struct {
	code  int
	when  string
	again bool
}

func closeTable(t *testing.T) []closeRow {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	var out []closeRow
	for _, m := range regexp.MustCompile(`(?m)^//\t(\d{4})  (.+?)\s+(yes|no)(?:,.*)?$`).FindAllStringSubmatch(string(text), -1) {
		code, _ := strconv.Atoi(m[1])
		out = append(out, closeRow{code, m[2], m[3] == "yes"})
	}
	return out
}

// The package comment says of each close code whether graphql-ws comes back. Every code
// in closecode.go has a row there.
func TestClientsComeBackAsTheTableOfCloseCodesSays(t *testing.T) {
	rows := closeTable(t)
	var codes []string
	for _, row := range rows {
		if text := strconv.Itoa(row.code); !slices.Contains(codes, text) {
			codes = append(codes, text)
		}
	}
	source, err := os.ReadFile("closecode.go")
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`websocket\.StatusCode = (\d+)`).FindAllStringSubmatch(string(source), -1) {
		require.Contains(t, codes, m[1], "a close code without a row")
	}
	out, err := node(t, "closecodes.mjs", "-", strings.Join(codes, ",")).Output()
	require.NoError(t, err)
	var again map[string]bool
	require.NoError(t, json.Unmarshal(out, &again))
	for _, row := range rows {
		require.Equal(t, again[strconv.Itoa(row.code)], row.again, "%d: %s", row.code, row.when)
	}
}

// A client must not give up for a cause that passes by itself: only for what it, or this
// program, would do wrong again.
func TestOnlyMistakesAreFinal(t *testing.T) {
	mistakes := []string{
		"broken WebSocket framing", "a message over the read limit", "malformed message, unknown type, bad payload",
		"subscribe before connection_ack", "graphql-transport-ws was not offered", "an operation with that id is running",
		"connection_init twice", "a fault of this package",
	}
	for _, row := range closeTable(t) {
		require.Equal(t, slices.Contains(mistakes, row.when), !row.again, "%d: %s", row.code, row.when)
	}
}
