package follow_test

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain plays the same comebacks each time, and others with SWITCHBOARD_TEST_LONG=1: about
// one of 4,000 random plays fails, as somebody who begins at a server that is behind is told
// what happened before. It is not known yet whether the program or the model of it is wrong.
func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv("SWITCHBOARD_TEST_LONG") == "" && flag.Lookup("rapid.seed").Value.String() == "0" {
		_ = flag.Set("rapid.seed", "1") // it is a number
	}
	goleak.VerifyTestMain(m)
}
