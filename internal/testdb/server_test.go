package testdb_test

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/goleak"

	"switchboard/internal/testdb"
)

func TestServerCommitsTransactions(t *testing.T) {
	server := testdb.Start(t, testdb.Options{})
	things := connect(t, server.URI()).Database("d").Collection("things")
	_, err := transact(t, things, 1, 2)
	require.NoError(t, err)
	_, err = transact(t, things, 3, 3)
	require.True(t, driver.IsDuplicateKeyError(err), "the second insert must fail: %v", err)
	require.EqualValues(t, 2, count(t, things), "the failed transaction left nothing")
}

func TestServerKeepsCommitsThroughKillAndRestart(t *testing.T) {
	server := testdb.Start(t, testdb.Options{})
	uri := server.URI()
	things := connect(t, uri).Database("d").Collection("things")
	for i := range 20 {
		_, err := transact(t, things, i)
		require.NoError(t, err)
	}
	server.Kill()
	require.Error(t, ping(t, uri, 50*time.Millisecond), "a killed server does not answer")
	server.Kill() // a second time is no error
	server.Restart()
	require.Equal(t, uri, server.URI())
	require.EqualValues(t, 20, count(t, things), "the client finds the server again, with its data")
}

func TestServerStopsWithNothingLost(t *testing.T) {
	folder := t.TempDir()
	server := testdb.Start(t, testdb.Options{NoSync: true, StoragePath: folder})
	things := connect(t, server.URI()).Database("d").Collection("things")
	for i := range 500 {
		_, err := things.InsertOne(t.Context(), bson.D{{Key: "_id", Value: i}})
		require.NoError(t, err)
	}
	server.Restart() // while it runs
	require.EqualValues(t, 500, count(t, things))
	server.Stop()
	require.FileExists(t, filepath.Join(folder, "WiredTiger"), "the data is where it was asked for")
}

func TestServerFreezesAndThaws(t *testing.T) {
	server := testdb.Start(t, testdb.Options{})
	things := connect(t, server.URI()).Database("d").Collection("things")
	require.Zero(t, count(t, things))
	server.Freeze()
	require.Error(t, ping(t, server.URI(), 100*time.Millisecond), "a frozen server does not answer")
	server.Thaw()
	require.Zero(t, count(t, things), "a thawed server answers again")
	server.Freeze()
	server.Stop() // ends a frozen server too
}

func TestServerFailsCommands(t *testing.T) {
	tests := map[string]struct {
		failure testdb.Failure
		runs    int
	}{
		"write conflict is retried": {
			failure: testdb.Failure{
				Commands: []string{"insert"}, Times: 2, ErrorCode: 112,
				ErrorLabels: []string{"TransientTransactionError"},
			},
			runs: 3,
		},
		"lost commit is sent again": {
			failure: testdb.Failure{Commands: []string{"commitTransaction"}, Times: 1, CloseConnection: true},
			runs:    1,
		},
	}
	server := testdb.Start(t, testdb.Options{})
	client := connect(t, server.URI())
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			things := client.Database("d").Collection(name)
			server.FailCommand(t.Context(), test.failure)
			runs, err := transact(t, things, 1)
			require.NoError(t, err)
			require.Equal(t, test.runs, runs)
			require.EqualValues(t, 1, count(t, things))
		})
	}
	t.Run("until healed", func(t *testing.T) {
		find := client.Database("d").Collection("things").FindOne
		server.FailCommand(t.Context(), testdb.Failure{Commands: []string{"find"}, ErrorCode: 13})
		for range 3 {
			require.ErrorContains(t, find(t.Context(), bson.D{}).Err(), "13")
		}
		server.Heal(t.Context())
		require.ErrorIs(t, find(t.Context(), bson.D{}).Err(), driver.ErrNoDocuments)
	})
}

func TestStandaloneServerHasNoReplicaSet(t *testing.T) {
	names := map[bool]any{}
	for _, standalone := range []bool{false, true} {
		server := testdb.Start(t, testdb.Options{Standalone: standalone})
		var hello bson.M
		admin := connect(t, server.URI()).Database("admin")
		require.NoError(t, admin.RunCommand(t.Context(), bson.D{{Key: "hello", Value: 1}}).Decode(&hello))
		names[standalone] = hello["setName"]
	}
	require.NotNil(t, names[false])
	require.Nil(t, names[true])
}

func TestServerForgetsOldPositions(t *testing.T) {
	server := testdb.Start(t, testdb.Options{OplogMaxEntries: 50, NoSync: true})
	things := connect(t, server.URI()).Database("d").Collection("things")
	stream, err := things.Watch(t.Context(), driver.Pipeline{})
	require.NoError(t, err)
	_, err = things.InsertOne(t.Context(), bson.D{})
	require.NoError(t, err)
	require.True(t, stream.Next(t.Context()))
	first := stream.ResumeToken()
	require.NoError(t, stream.Close(t.Context()))
	require.Eventually(t, func() bool {
		for range 100 {
			_, err := things.InsertOne(t.Context(), bson.D{})
			require.NoError(t, err)
		}
		return historyLost(t, things, first)
	}, time.Minute, time.Millisecond)
}

// historyLost tells whether the collection's changes can no longer be had from
// the position on.
func historyLost(t *testing.T, things *driver.Collection, position bson.Raw) bool {
	t.Helper()
	stream, err := things.Watch(t.Context(), driver.Pipeline{}, resumeAfter(position))
	if err == nil {
		require.NoError(t, stream.Close(t.Context()))
		return false
	}
	var failure driver.CommandError
	require.ErrorAs(t, err, &failure)
	require.EqualValues(t, 286, failure.Code)
	return true
}

func TestServerTakesThePortAsked(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())
	server := testdb.Start(t, testdb.Options{Port: port})
	parsed, err := url.Parse(server.URI())
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:"+strconv.Itoa(port), parsed.Host)
}

func TestServerLeavesNothingBehind(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	var uri string
	t.Run("owner", func(t *testing.T) {
		uri = testdb.Start(t, testdb.Options{}).URI()
		left, err := os.ReadDir(temporary)
		require.NoError(t, err)
		require.NotEmpty(t, left, "the server works in the temporary folder")
		goleak.VerifyNone(t, testdb.IgnoreServer(), goleak.IgnoreCurrent())
	})
	if uri == "" {
		t.Skip("no wire server")
	}
	require.Error(t, ping(t, uri, 50*time.Millisecond))
	left, err := os.ReadDir(temporary)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestServerRemovesWhatDeadRunsLeft(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	dead := exec.CommandContext(t.Context(), "true")
	require.NoError(t, dead.Run())
	leave := func(pid int, age time.Duration) string {
		folder := filepath.Join(temporary, fmt.Sprintf("switchboard-testdb-%d-x%d", pid, age))
		require.NoError(t, os.Mkdir(folder, 0o700))
		then := time.Now().Add(-age)
		require.NoError(t, os.Chtimes(folder, then, then))
		return folder
	}
	old := leave(dead.Process.Pid, 2*time.Hour)
	young := leave(dead.Process.Pid, 0)
	living := leave(os.Getpid(), 2*time.Hour)
	testdb.Start(t, testdb.Options{})
	require.NoDirExists(t, old)
	require.DirExists(t, young)
	require.DirExists(t, living)
}
