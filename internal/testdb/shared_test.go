package testdb_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/internal/testdb"
)

func TestURIIsTheSameForEveryTest(t *testing.T) {
	first := testdb.URI(t)
	require.Equal(t, first, testdb.URI(t))
	require.NoError(t, connect(t, testdb.URI(t)).Ping(t.Context(), nil))
}

func TestDatabaseIsUniqueAndDropped(t *testing.T) {
	client := connect(t, testdb.URI(t))
	var names []string
	for range 2 {
		t.Run("Ünusual name / with $dots.and so on, and longer than a database's name may be", func(t *testing.T) {
			name := testdb.Database(t)
			names = append(names, name)
			_, err := client.Database(name).Collection("c").InsertOne(t.Context(), bson.D{})
			require.NoError(t, err)
			require.Contains(t, databases(t), name)
		})
	}
	require.NotEqual(t, names[0], names[1])
	for _, name := range names {
		require.NotContains(t, databases(t), name)
	}
}

func databases(t *testing.T) []string {
	t.Helper()
	names, err := connect(t, testdb.URI(t)).ListDatabaseNames(t.Context(), bson.D{})
	require.NoError(t, err)
	return names
}

func TestRecordAppendsTheOutcome(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report")
	t.Run("first", func(t *testing.T) {
		t.Setenv(testdb.EnvReport, path)
		testdb.Record(t, testdb.Embedded)
	})
	t.Run("second", func(t *testing.T) {
		t.Setenv(testdb.EnvReport, path)
		testdb.Record(t, testdb.ByURI)
		t.Skip("to see a skip recorded")
	})
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, []string{
		"internal/testdb\tembedded\tpass\tTestRecordAppendsTheOutcome/first",
		"internal/testdb\tmongodb uri\tskip\tTestRecordAppendsTheOutcome/second",
	}, strings.Split(strings.TrimSpace(string(text)), "\n"))
}
