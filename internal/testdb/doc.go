// Package testdb gives tests a server that speaks MongoDB's wire protocol.
//
// A test that needs a database asks for URI and Database. It gets the deployment
// named by SWITCHBOARD_TEST_MONGODB_URI, or else a server started once for the test
// binary. A test that breaks things asks Start for a server of its own, which it
// may kill, freeze, restart and make fail; one that needs no more than the commands of a
// deployment asks Breakable. A package that uses either ends with
//
//	func TestMain(m *testing.M) { testdb.Main(m) }
//
// which stops the server and then fails the run if goroutines were left behind.
//
// The server that is started, the "wire server", stands in for MongoDB in tests
// only. scripts/wire-server fetches it; SWITCHBOARD_TEST_SERVER names another.
// Without a server tests skip with the reason, or fail if
// SWITCHBOARD_TEST_REQUIRE_MONGODB=1. The file named by SWITCHBOARD_TEST_REPORT
// records which tests ran on which engine.
//
// Only tests and packages made for tests may import this package.
package testdb

// The variables that steer the package.
const (
	// EnvURI names a deployment to use instead of the wire server.
	EnvURI = "SWITCHBOARD_TEST_MONGODB_URI"
	// EnvRequire, set to 1, makes a missing server a failure, not a skip.
	EnvRequire = "SWITCHBOARD_TEST_REQUIRE_MONGODB"
	// EnvBreak, set to 1, lets tests break the deployment that EnvURI names, as far as
	// its own commands do that.
	EnvBreak = "SWITCHBOARD_TEST_BREAK"
	// EnvServer is the path of the wire server's binary.
	EnvServer = "SWITCHBOARD_TEST_SERVER"
	// EnvCache is the cache folder; it is .cache in the module unless set.
	EnvCache = "SWITCHBOARD_CACHE"
	// EnvReport is the file that Record appends to.
	EnvReport = "SWITCHBOARD_TEST_REPORT"
)
