package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConfigShowsValuesAndOrigins(t *testing.T) {
	env := []string{"SWITCHBOARD_LOG_LEVEL=warn", "SWITCHBOARD_JWT_SECRET=correct-horse-battery-staple-32-bytes"}
	got := runTest(t, deps{}, env, "config", "--addr", "127.0.0.1:9", "--mongodb-uri",
		"mongodb://ann:hunter2@a:1,b:2/db?replicaSet=rs0&tlsCertificateKeyFilePassword=hunter3", "--allow-origin", "https://a.example")
	require.Equal(t, exitOK, got.code, got.stderr)
	want := `SETTING         VALUE                                                                          FROM
addr            127.0.0.1:9                                                                    flag
allow-origin    https://a.example                                                              flag
demo            false                                                                          default
shutdown-grace  10s                                                                            default
mongodb-uri     mongodb://ann:****@a:1,b:2/db?replicaSet=rs0&tlsCertificateKeyFilePassword=****  flag
data            -                                                                              default
memory          false                                                                          default
jwks-url        -                                                                              default
jwt-secret      ****                                                                           SWITCHBOARD_JWT_SECRET
issuer          switchboard                                                                    default
audience        switchboard                                                                    default
policy-dir      -                                                                              default
policy-preset   default                                                                        default
log-format      text                                                                           default
log-level       warn                                                                           SWITCHBOARD_LOG_LEVEL
`
	rows := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(got.stdout), "\n") {
		rows[strings.Fields(line)[0]] = strings.Fields(line)
	}
	for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
		require.Equal(t, strings.Fields(line), rows[strings.Fields(line)[0]])
	}
	column := strings.Index(strings.SplitN(got.stdout, "\n", 2)[0], "FROM")
	for _, line := range strings.Split(strings.TrimSpace(got.stdout), "\n") {
		require.Equal(t, "  ", line[column-2:column], "aligned: %q", line)
		require.NotEqual(t, byte(' '), line[column])
	}
}

func TestConfigAsJSON(t *testing.T) {
	got := runTest(t, deps{}, []string{"SWITCHBOARD_MEMORY=1"}, "config", "--json", "--jwt-secret", "correct-horse-battery-staple-32-bytes")
	require.Equal(t, exitOK, got.code, got.stderr)
	var rows []row
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &rows))
	byName := map[string]row{}
	for _, r := range rows {
		byName[r.Name] = r
	}
	require.Len(t, byName, len(rows), "each setting once")
	require.Equal(t, row{"memory", "true", fromVariable, "SWITCHBOARD_MEMORY"}, byName["memory"])
	require.Equal(t, row{"jwt-secret", "****", fromFlag, "SWITCHBOARD_JWT_SECRET"}, byName["jwt-secret"])
	require.Equal(t, row{"addr", "127.0.0.1:8080", fromDefault, "SWITCHBOARD_ADDR"}, byName["addr"])
}

func TestConfigShowsWhatIsWrongAsWell(t *testing.T) {
	got := runTest(t, deps{}, nil, "config", "--jwt-secret", "swordfish")
	require.Equal(t, exitUsage, got.code)
	require.Contains(t, got.stdout, "jwt-secret")
	require.NotContains(t, got.stdout+got.stderr, "swordfish")
}

func TestConfigNamesMisspelledVariables(t *testing.T) {
	got := runTest(t, deps{}, []string{"SWITCHBOARD_MONGO_URI=x", "SWITCHBOARD_WORKSPACE=demo", "SWITCHBOARD_SERVICE_HOST=10.0.0.1",
		"SWITCHBOARD_PORT_8080_TCP=tcp://10.0.0.1:8080", "SWITCHBOARD_TEST_MONGODB_URI=x", "OTHER=x"}, "config")
	require.Equal(t, exitOK, got.code)
	require.Equal(t, "switchboard: SWITCHBOARD_MONGO_URI is not a setting and is not looked at\n", got.stderr)
}

func TestSchema(t *testing.T) {
	got := runTest(t, deps{}, nil, "schema")
	require.Equal(t, ran{stdout: "schema { query: Query }\n"}, got)
}

func TestVersion(t *testing.T) {
	got := runTest(t, deps{}, nil, "version")
	require.Equal(t, exitOK, got.code)
	require.Regexp(t, `^switchboard \S+, commit .+, `+runtime.Version()+`\S*\n$`, got.stdout)

	info := &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.2.3"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}}}
	require.Equal(t, "switchboard "+release+", commit abc with changes, go1.26.8", describeBuild("", info))
	require.Equal(t, "switchboard v1.2.4, commit abc with changes, go1.26.8", describeBuild("v1.2.4", info))
	require.Equal(t, "switchboard "+release+", commit unknown, go1.26.8", describeBuild("", &debug.BuildInfo{GoVersion: "go1.26.8"}))
}
